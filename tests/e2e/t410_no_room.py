# SPDX-License-Identifier: MIT
"""No room for the report: a full disk, and a limit on the size of files. It costs a line; a report
that was whole stays whole, and the program goes on."""

import os
import subprocess

import e2e
from e2e import check, equal, matches

APP = """
import resource, signal, sys
import tss_set_before_create as first, tss_get_before_create as second
signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
{early}
first.run()
{late}
second.run()
print("done")
sys.exit(3)
"""
FILL = """
try:
    with open("{directory}/filler", "wb") as file:
        while True: file.write(bytes(4096)); file.flush()
except OSError: pass
"""
LIMIT = "resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))"
COMPLAINT = r"^pythread-trace: cannot write the report to \S+: (No space left on device|File too large)$"


def one_line(run, what):
    equal((run.status, run.out), (3, "done\n"), f"result with {what}")
    matches(COMPLAINT, run.err, f"the line with {what}")
    equal(len(run.err.splitlines()), 1, f"lines with {what}")


def verify(python, directory, limit, what):
    text = APP.format(early="", late=limit)
    report = os.path.join(directory, "report")
    for form in ("text", "json", "sarif"):
        program = APP.format(early=limit, late="") if form == "text" else text
        run = python.script(program, options={"format": form, "output": report})
        one_line(run, f"{what}, {form}")
        left = [name for name in os.listdir(directory) if name not in ("report", "filler")]
        equal(left, [], f"other files with {what}, {form}")
        if form == "json":
            equal(e2e.Report(report).kinds(), {"tss-set-before-create"}, f"report before {what}")
        for name in os.listdir(directory):
            os.unlink(os.path.join(directory, name))
    run = python.script(text, report=False)
    equal((run.status, run.out), (3, "done\n"), f"result with {what}, to standard error")
    check("tss-get-before-create" in run.err, f"no report on standard error with {what}")


def test(python):
    directory = os.path.join(python.directory, "room")
    os.mkdir(directory)
    verify(python, directory, LIMIT, "a limit")
    if os.geteuid() != 0:
        e2e.skip("only root can make a small disk")
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", directory], text=True,
                          stderr=subprocess.PIPE, check=False)
    if made.returncode:
        e2e.skip(f"no small disk: {made.stderr.strip()}")
    try:
        verify(python, directory, FILL.format(directory=directory), "a full disk")
    finally:
        subprocess.run(["umount", directory], check=True)


e2e.main(test, choose=e2e.one_of_each_kind)
