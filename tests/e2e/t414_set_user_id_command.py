# SPDX-License-Identifier: MIT
"""The command, asked to run a set-user-id program: it says that nothing will be seen, and runs it."""

import os
import shutil
import subprocess

import e2e
from e2e import equal, matches

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
    run = python.start([e2e.COMMAND, "run", "--", program, "-S", "-c",
                        "import os, sys; print(os.geteuid()); sys.exit(3)"], {"PYTHONPATH": None})
    equal((run.status, run.out), (3, f"{NOBODY}\n"), "result")
    matches(r"^pythread-trace: .*set-user-ID", run.err, "the line of the command")


e2e.main(test)
