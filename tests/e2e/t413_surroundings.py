# SPDX-License-Identifier: MIT
"""Bare surroundings: no /proc, another root directory, an empty environment. The program does what
it does there without the tool, and is watched."""

import os

import e2e
import last_thread
import surroundings
from e2e import check, equal, matches, one
from surroundings import ERROR, NO_PROC, PROC, RESULT, apart, other_root


def programs(python):
    """Natively, preloaded, by the command; LTTng's daemons of the machine have no part in it."""
    program = surroundings.program(python)
    return {
        "native": program,
        "preload": ["env", f"LD_PRELOAD={e2e.LIBRARY}", "PYTHREAD_TRACE_OPTIONS=tracer=off", *program],
        "command": [e2e.COMMAND, "run", "--tracer=off", "--", *program],
    }


def verify(python, what, before, without=()):
    """before(argv): how the program is started there; not in these ways."""
    for tool, argv in programs(python).items():
        if tool in without:
            continue
        run = python.start(before(argv))
        equal((run.status, run.out), RESULT, f"result with {what}, {tool}")
        equal(ERROR in run.err, tool != "native", f"finding with {what}, {tool}")
        if tool != "native":
            matches(r"SUMMARY: pythread-trace: 1 error, .* hooked (\d+) of \1$", run.err, what)


def ends_with_last_thread(python):
    """With nothing that tells how many threads there are."""
    program = [python.path, "-c", last_thread.KEY]
    options = {"tracer": "off", "format": "json", "output": "report.%p.json"}
    for tool in ([], ["env", f"LD_PRELOAD={e2e.LIBRARY}",
                      f"PYTHREAD_TRACE_OPTIONS={e2e.as_variable(options)}"]):
        run = python.start(apart(NO_PROC)(tool + program), timeout=30)
        equal((run.status, run.out), (0, last_thread.SAYS), f"result of {tool}")
    one(run.children, "reports of children")


def test(python):
    verify(python, "no variables", surroundings.no_variables(python))
    surroundings.needed()
    verify(python, "no /proc", apart(NO_PROC), without=["command"])
    run = python.start(apart(NO_PROC)([e2e.COMMAND, "run", "true"]))
    equal((run.status, run.err),
          (125, "pythread-trace: cannot tell where this command is: /proc is not mounted\n"),
          "the command without /proc")
    ends_with_last_thread(python)
    verify(python, "no /proc, another root", other_root(python), without=["command"])
    verify(python, "another root", other_root(python, [PROC]))
    check(os.path.exists("/proc/self"), "this test has changed its own surroundings")


e2e.main(test, choose=e2e.one_of_each_kind)
