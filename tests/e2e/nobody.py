# SPDX-License-Identifier: MIT
"""The user without rights, as whom root can run a program."""

import shutil
import subprocess

import e2e
import interpreters

NUMBER = 65534
COMMAND = ["setpriv", f"--reuid={NUMBER}", f"--regid={NUMBER}", "--clear-groups", "--"]


def needed():
    if not shutil.which("setpriv"):
        e2e.skip("setpriv is not installed (Debian package util-linux)")
    probe = subprocess.run([*COMMAND, "true"], capture_output=True, text=True, check=False)
    if probe.returncode:  # in a user namespace with one user, for example
        e2e.skip(f"nobody can be that user here: {probe.stderr.strip()}")


def may_run(found):
    """For e2e.main: the interpreters that every user may run. Others may be in root's home."""
    return [python for python in found
            if python["embedded"] or python["path"] == interpreters.SYSTEM]
