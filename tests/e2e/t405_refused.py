# SPDX-License-Identifier: MIT
"""The kernel, or whoever speaks for it, refuses what the tool asks for: pages to be made writable,
which redirection needs, memory to be read, threads. The program goes on; the report says what is
not seen."""

import os
import re

import e2e
import faults
from e2e import check, equal, matches

REFUSE = os.path.join(e2e.BUILD, "tests", "faults", "refuse")
APP = """
import tss_set_before_create as bug, tss_key_live
bug.run()
tss_key_live.run()
print("done")
"""
REASON = r"\(not hooked: (?:the symbol table cannot be changed: \w|another library stands before)"


def refused(python, what, app):
    run = python.run([REFUSE, what, python.path, app], tool=None)
    if run.status != 0:
        return None  # the program needs it itself
    return python.run([REFUSE, what, python.path, app], tool="preload", report=False,
                      options={"verbose": True})


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
    faults.needed()
    verify_redirection(python)
    app = os.path.join(python.directory, "app.py")
    with open(app, "w", encoding="utf-8") as file:
        file.write(APP)
    usual = python.run([python.path, app], tool="preload", report=False, options={"verbose": True})
    check(frames(usual.err), "no stacks where nothing is refused")
    for what in ("mprotect", "process_vm_readv", "threads"):
        run = refused(python, what, app)
        if not run:
            print(f"{python.name} does not start where {what} is refused")
            continue
        equal((run.status, run.out), (0, "done\n"), f"result where {what} is refused")
        hooked, every = matches(r"hooked (\d+) of (\d+)", run.err, "summary").groups()
        if hooked == every:
            matches("tss-set-before-create", run.err, f"finding where {what} is refused")
            equal(frames(run.err), frames(usual.err), f"stacks where {what} is refused")
        else:
            equal(what, "mprotect", "what keeps the tool from its hooks")
            matches(REASON, run.err, "why not all is hooked")


e2e.main(test, choose=e2e.one_of_each_build)
