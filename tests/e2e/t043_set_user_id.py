# SPDX-License-Identifier: MIT
"""In a set-user-id program the variable is ignored: it is another user's word."""

import os
import shutil
import subprocess

import e2e
from e2e import equal

NOBODY = 65534


def test(python):
    if os.geteuid() != 0:
        e2e.skip("only root can make a set-user-id program")
    if not python.embedded:
        e2e.skip("is not the small program that can be copied")
    if "nosuid" in subprocess.run(["findmnt", "-no", "OPTIONS", "-T", python.directory],
                                  capture_output=True, text=True, check=False).stdout:
        e2e.skip("the file system ignores set-user-id")
    os.chmod(python.directory, 0o755)
    program = os.path.join(python.directory, "launcher")
    shutil.copy(python.path, program)
    os.chown(program, NOBODY, NOBODY)
    os.chmod(program, 0o4755)
    env = {"LD_PRELOAD": e2e.LIBRARY, "PYTHREAD_TRACE_OPTIONS": "nonsense=1", "PYTHONPATH": None}
    run = python.start([program, "-S", "-c", "import os; print(os.geteuid())"], env)
    equal((run.status, run.out), (0, f"{NOBODY}\n"), "result")


e2e.main(test)
