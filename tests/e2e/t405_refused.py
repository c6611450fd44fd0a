# SPDX-License-Identifier: MIT
"""The kernel, or whoever speaks for it, refuses what the tool asks for: pages to be made writable,
which redirection needs, or memory to be read. The program goes on; the report says what is not seen."""

import os
import re
import sys

import e2e
import faults
from e2e import check, equal, matches

REFUSED = ("mprotect", "process_vm_readv")
CANNOT_REFUSE = 125
REFUSE = os.path.join(e2e.BUILD, "tests", "faults", "refuse")
APP = """
import tss_set_before_create as bug, tss_key_live
bug.run()
tss_key_live.run()
print("done")
"""
REASON = r"\(not hooked: (?:the symbol table cannot be changed: \w|another library stands before)"


# The call itself, where refuse has been before.
CALL = """
import ctypes, errno, mmap, os, sys
libc = ctypes.CDLL(None, use_errno=True)
page = mmap.mmap(-1, mmap.PAGESIZE)
calls = {{
    "mprotect": lambda: libc.mprotect(ctypes.c_void_p(ctypes.addressof(ctypes.c_char.from_buffer(page))),
                                      mmap.PAGESIZE, mmap.PROT_READ | mmap.PROT_WRITE),
    "process_vm_readv": lambda: libc.process_vm_readv(os.getpid(), None, 0, None, 0, 0),
}}
assert calls["{what}"]() == -1 and ctypes.get_errno() == errno.EACCES
"""


def needed(python):
    faults.needed()
    for what in REFUSED:
        run = python.run([REFUSE, what, sys.executable, "-c", CALL.format(what=what)], tool=None)
        if run.status == CANNOT_REFUSE:
            e2e.skip(f"no system call can be refused here: {run.err.strip()}")
        equal(run.status, 0, f"{what} is refused: {run.err}")


def verify_refused(python, what, app, usual):
    command = [REFUSE, what, python.path, app]
    equal(python.run(command, tool=None).status, 0, f"status without the tool where {what} is refused")
    run = python.run(command, tool="preload", report=False, options={"verbose": True})
    equal((run.status, run.out), (0, "done\n"), f"result where {what} is refused")
    hooked, every = map(int, matches(r"hooked (\d+) of (\d+)", run.err, "summary").groups())
    if what == "mprotect" and not python.shared:
        check(hooked < every, "redirection without mprotect")
        matches(REASON, run.err, "why not all is hooked")
        return
    equal(hooked, every, f"hooked where {what} is refused")
    matches("tss-set-before-create", run.err, f"finding where {what} is refused")
    equal(frames(run.err), frames(usual.err), f"stacks where {what} is refused")


def frames(text):
    """Of all stacks, but for addresses: those in libraries differ from run to run."""
    return re.findall(r"^    (?:#\d+ 0x[0-9a-f]+ (?:in \S+)?|File .*)", re.sub(r"0x[0-9a-f]+ ", "0x0 ", text),
                      re.MULTILINE)


def verify_redirection(python):
    """By the place from which the tool makes the symbol table writable."""
    program = faults.TextProgram(python, APP, {"verbose": True})
    places = [place for place in program.places if place.function == "mprotect"
              and place.frames[0].startswith("libpythread-trace.so")]
    check(places or python.shared, "nothing is redirected")
    for place in places:
        fault = f"places={place.number}"
        run = program.run(fault)
        program.judge(run, fault)
        report = program.report(run)
        if "hooked 0 of" in report:
            matches(REASON, report, "why nothing is hooked")


def test(python):
    needed(python)
    verify_redirection(python)
    app = os.path.join(python.directory, "app.py")
    with open(app, "w", encoding="utf-8") as file:
        file.write(APP)
    usual = python.run([python.path, app], tool="preload", report=False, options={"verbose": True})
    check(frames(usual.err), "no stacks where nothing is refused")
    for what in REFUSED:
        verify_refused(python, what, app, usual)


e2e.main(test, choose=e2e.one_of_each_build)
