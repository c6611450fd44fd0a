# SPDX-License-Identifier: MIT
"""Finalize and initialise again, 20 times, in a program that is linked with libpython."""

import os

import e2e
from e2e import equal

CODE = "import calls_lazy, threading\nt = threading.Thread(target=calls_lazy.run); t.start(); t.join()"


def test(python):
    argv = [os.path.join(e2e.EXTENSIONS, "reinit"), "20", CODE]
    native, run = python.run(argv, tool=None), python.run(argv)
    equal(native.out, "0 failures\n", "output without the tool")
    equal((run.status, run.out, run.err), (native.status, native.out, native.err), "result")
    run.clean()
    e2e.check(run.report.calls("PyThread_create_key") >= 20, "calls were missed")


# The program is linked with that library.
e2e.main(test, choose=lambda found: [python for python in found if python["embedded"]])
