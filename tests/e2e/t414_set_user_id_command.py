# SPDX-License-Identifier: MIT
"""The command, asked to run a set-user-id program: it says that nothing will be seen, and runs it."""

import e2e
import nobody
import set_user_id
from e2e import equal, matches

APP = """
import os, sys
with open("/proc/self/maps") as maps:
    print(os.geteuid(), "libpythread-trace.so" in maps.read())
sys.exit(3)
"""


def test(python):
    program = set_user_id.program(python, nobody.NUMBER)
    run = python.start([e2e.COMMAND, "run", "--", program, "-S", "-c", APP],
                       {**set_user_id.environment(python), "PYTHONPATH": None})
    equal((run.status, run.out), (3, f"{nobody.NUMBER} False\n"), "result")
    matches(r"^pythread-trace: .*set-user-ID", run.err, "the line of the command")


e2e.main(test, choose=nobody.may_run)
