# SPDX-License-Identifier: MIT
"""A C program that loads libpython, and unloads it, ends as it does without the tool; also where a
key of its own has number 0."""

import os

import e2e
from e2e import equal

RELOAD = os.path.join(e2e.EXTENSIONS, "reload")


def test(python):
    if not os.path.exists(python.library):
        e2e.skip(f"has no shared library {python.library}".rstrip())
    for rounds in ("1", "2"):
        argv = [RELOAD, python.library, rounds]
        native = python.run(argv, tool=None, env={"PYTHONHOME": python.home})
        run = python.run(argv, env={"PYTHONHOME": python.home})
        equal((native.status, native.out), (0, "0 failures\n"), "outcome without the tool")
        equal((run.status, run.out, run.err), (native.status, native.out, native.err), "outcome")
        equal(run.report.kinds(), {"tss-key-lost"}, "findings")


e2e.main(test)
