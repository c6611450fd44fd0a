# SPDX-License-Identifier: MIT
"""Programs without Python run silently and write no files, under both forms of the tool."""

import os

import e2e
from e2e import equal

PROGRAMS = (["sh", "-c", "echo x; ls / > /dev/null; exit 3"], ["cat", "/proc/self/comm"],
            ["ls", "/usr"], ["sh", "-c", "exec sh -c 'kill -15 $$'"], ["false"])


def test(python):
    for argv in PROGRAMS:
        native = python.run(argv, tool=None)
        for tool in ("command", "preload"):
            for report in (True, False):
                run = python.run(argv, tool=tool, report=report)
                wanted = (native.status, native.out, native.err)
                equal((run.status, run.out, run.err), wanted, f"{tool}: result of {argv}")
                equal(os.listdir(run.directory), [], f"files of {argv}")


e2e.main(test, once=True)
