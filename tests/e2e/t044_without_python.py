# SPDX-License-Identifier: MIT
"""Programs without Python run silently and write no files, under both forms of the tool. Of one that
is statically linked, where nothing can be seen, the command says so."""

import os

import e2e
from e2e import equal, matches

PROGRAMS = (["sh", "-c", "echo x; ls / > /dev/null; exit 3"], ["cat", "/proc/self/comm"],
            ["ls", "/usr"], ["sh", "-c", "exec sh -c 'kill -15 $$'"], ["false"])

STATIC = "/sbin/ldconfig"  # the C library's own


def static(python):
    native = python.run([STATIC, "--version"], tool=None)
    run = python.run([STATIC, "--version"])
    equal((run.status, run.out), (native.status, native.out), "result of a static program")
    matches(rf"^pythread-trace: warning: '{STATIC}' is statically linked", run.err, "the warning")
    equal((len(run.err.splitlines()), os.listdir(run.directory)), (1, []), "lines, and files")
    run = python.run([STATIC, "--version"], tool="preload")
    equal((run.status, run.out, run.err), (native.status, native.out, native.err), "preloaded")


def test(python):
    static(python)
    for argv in PROGRAMS:
        native = python.run(argv, tool=None)
        for tool in ("command", "preload"):
            for report in (True, False):
                run = python.run(argv, tool=tool, report=report)
                wanted = (native.status, native.out, native.err)
                equal((run.status, run.out, run.err), wanted, f"{tool}: result of {argv}")
                equal(os.listdir(run.directory), [], f"files of {argv}")


e2e.main(test, once=True)
