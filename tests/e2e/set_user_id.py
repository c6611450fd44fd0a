# SPDX-License-Identifier: MIT
"""A set-user-id interpreter, for tests of what is not done in one."""

import os
import shutil

import e2e
import nobody

ROOT = 0


def environment(python):
    """What a copy needs, which would look for its modules beside itself."""
    return {"PYTHONHOME": python.home}


def program(python, owner, before=()):
    """The path of one that becomes the owner, when before, a command that runs others, or we start
    it. Skips where there cannot be one."""
    if os.geteuid() != ROOT:
        e2e.skip("only root can make a set-user-id program")
    nobody.needed()
    os.chmod(python.directory, 0o755)
    path = os.path.join(python.directory, "python3-of-another")
    shutil.copy(python.path, path)
    os.chown(path, owner, owner)
    os.chmod(path, 0o4755)
    ids = "import os; print(os.getuid(), os.geteuid())"
    run = python.start([*before, path, "-S", "-c", ids], environment(python))
    # Some file systems ignore it, containers may, and so does an emulator.
    if run.status == 0 and len(set(run.out.split())) != 2:
        e2e.skip("set-user-id is ignored here")
    return path
