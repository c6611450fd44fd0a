# SPDX-License-Identifier: MIT
"""In a set-user-id program the variable is ignored: it is another user's word."""

import e2e
import set_user_id
from e2e import equal


def test(python):
    program = set_user_id.program(python)
    env = {"LD_PRELOAD": e2e.LIBRARY, "PYTHREAD_TRACE_OPTIONS": "nonsense=1", "PYTHONPATH": None}
    run = python.start([program, "-S", "-c", "import os; print(os.geteuid())"], env)
    equal((run.status, run.out), (0, f"{set_user_id.NOBODY}\n"), "result")


e2e.main(test)
