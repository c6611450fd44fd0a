# SPDX-License-Identifier: MIT
"""A set-user-id interpreter, for tests of what is not done in one."""

import errno
import os
import shutil
import subprocess

import e2e

NOBODY = 65534


def program(python):
    """The path of one that becomes NOBODY. Skips where there cannot be one."""
    if os.geteuid() != 0:
        e2e.skip("only root can make a set-user-id program")
    if not python.embedded:
        e2e.skip("is not the small program that can be copied")
    if "nosuid" in subprocess.run(["findmnt", "-no", "OPTIONS", "-T", python.directory],
                                  capture_output=True, text=True, check=False).stdout:
        e2e.skip("the file system ignores set-user-id")
    os.chmod(python.directory, 0o755)
    path = os.path.join(python.directory, "launcher")
    shutil.copy(python.path, path)
    try:
        os.chown(path, NOBODY, NOBODY)
    except OSError as error:
        if error.errno != errno.EINVAL:
            raise
        e2e.skip("this user namespace has no second user")
    os.chmod(path, 0o4755)
    return path
