# SPDX-License-Identifier: MIT
"""A C program that loads libpython late is watched from then on."""

import os

import e2e
from e2e import check, equal

HOST = os.path.join(e2e.EXTENSIONS, "host")
USE = "import calls_lazy\nfor turn in range(6): assert calls_lazy.run() == 0"


def host(python, scope, rounds, code):
    argv = [HOST, scope, python.library, str(rounds), code]
    env = {"PYTHONHOME": python.home}
    native = python.run(argv, tool=None, env=env)
    run = python.run(argv, env=env)
    equal(native.out, "0 failures\n", "output without the tool")
    equal((run.status, run.out), (native.status, native.out), "result as without the tool")
    run.clean()
    equal(run.report.python["version"], ".".join(map(str, python.version)), "version")
    equal(run.report.python["build"], "shared", "build")
    return run.report


def test(python):
    if not os.path.exists(python.library):
        e2e.skip(f"has no shared library {python.library}".rstrip())
    few, many = (host(python, "global", rounds, USE) for rounds in (1, 3))
    for function, calls in few.calls_by_function().items():
        check(many.calls_by_function()[function] - calls >= 12, f"calls of {function}")
    # What only the host can see: no extension finds the interpreter's names.
    host(python, "local", 1, "x = 1")


e2e.main(test)
