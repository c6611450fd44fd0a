# SPDX-License-Identifier: MIT
"""The tests of a program that is run, recorded and read, as a user without rights: LTTng's daemons
are that user's own then. Only root can do this; whoever is none runs all tests like that."""

import os
import shutil
import subprocess
import sys

import e2e
import lttng
from e2e import check

TESTS = ("t001_run.py", "t030_output.py", "t302_recording.py", "t330_record.py",
         "t333_record_daemons.py", "t350_report_findings.py")
NOBODY = 65534
PYTHON = "/usr/bin/python3"  # others may be in root's home
TIMEOUT = 300


def as_nobody(*command):
    """Its status and what it printed."""
    done = subprocess.run(
        ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", *command],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, text=True,
        check=False, timeout=TIMEOUT,
        env={"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": "/nonexistent", "PT_BUILD": e2e.BUILD})
    return done.returncode, done.stdout


def skip(reason):
    print(f"SKIP: {reason}")
    sys.exit(e2e.EXIT_SKIPPED)


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    if os.getuid() != 0:
        skip("not root: the other tests are run by a user already")
    if not shutil.which("setpriv"):
        skip("setpriv is not installed (Debian package util-linux)")
    if not os.access(PYTHON, os.X_OK):
        skip(f"no {PYTHON}, which every user may run")
    for path in (here, e2e.BUILD):
        if as_nobody("ls", path)[0] != 0:
            skip(f"{path} is not for every user's eyes")
    for name in TESTS:
        status, text = as_nobody(PYTHON, "-B", os.path.join(here, name))
        partly = status == e2e.EXIT_SKIPPED and lttng.NOT_OURS in text
        check(status == 0 or partly, f"{name} as a user: status {status}\n{text}")
        print(f"PASS: {name} as user {NOBODY}")


lttng.enter()
main()
