# SPDX-License-Identifier: MIT
"""doctor says what this interpreter is, and that every function is hooked; and when calls of its own can
be seen. Of one that is a single file none can."""

import e2e
from e2e import check, equal, matches


def test(python):
    run = python.start([e2e.COMMAND, "doctor", python.path])
    equal((run.status, run.err), (0, ""), "result")
    matches(r"\b" + r"\.".join(map(str, python.version)) + r"\b", run.out, "version")
    for function in ("PyThread_tss_create", "PyThread_ReInitTLS"):
        matches(rf"{function}\s+hooked", run.out, function)
    matches(r"(\d+) of \1 hooked", run.out, "sum")
    if python.version < (3, 13):
        matches(r"^PyMutex\n +none: it came with CPython 3\.13$", run.out, "PyMutex")
    else:
        matches(r"PyMutex_Unlock\s+hooked", run.out, "PyMutex_Unlock")
        own = "forwarded to the interpreter" if python.free_threaded else "own parking lot"
        matches(rf"^ +waiting +.*{own}", run.out, "who does the work")
        matches(r"^ +headers +(/.*lock\.h inlines it|not installed)", run.out, "headers")
        matches(rf"^ +arming +{'no' if python.free_threaded else 'yes'}:", run.out, "arming")
    for way in ("native", "Python"):
        matches(rf"{way}\s+yes", run.out, f"{way} stacks")
    matches("(?i)not seen|invisible|cannot be seen|can not be seen", run.out, "what stays unseen")
    own = python.script("pass").report.calls()
    check(own == 0 or "others go through the dynamic linker" in run.out,
          f"doctor says nothing of the interpreter's own calls, of which {own} are seen")
    if not python.shared:
        equal(own, 0, "own calls of an interpreter in one file that are seen")
    for argument, status in (("no-such-python", 127), (python.directory, 126)):
        run = python.start([e2e.COMMAND, "doctor", argument])
        equal((run.status, len(run.err.splitlines())), (status, 1), f"result for {argument}")
    run = python.start([*e2e.CHILDREN_IGNORED, e2e.COMMAND, "doctor", python.path])
    equal((run.status, run.err), (0, ""), "result where SIGCHLD is ignored")
    run = python.start([e2e.COMMAND, "doctor", "/bin/true"])
    check(run.status not in (0,), "doctor finds an interpreter in /bin/true")
    run = python.start([e2e.COMMAND, "doctor", "/bin/ls"])
    equal((run.status, run.out), (126, ""), "result for /bin/ls")
    matches(r"^pythread-trace: '/bin/ls' is not a working CPython \(exit status \d+\)$", run.err,
            "message for /bin/ls")
    equal(len(run.err.splitlines()), 1, "lines for /bin/ls")


e2e.main(test)
