# SPDX-License-Identifier: MIT
"""The command, asked to run a set-user-id program: it says that nothing will be seen, and runs it."""

import e2e
import set_user_id
from e2e import equal, matches


def test(python):
    run = python.start([e2e.COMMAND, "run", "--", set_user_id.program(python), "-S", "-c",
                        "import os, sys; print(os.geteuid()); sys.exit(3)"], {"PYTHONPATH": None})
    equal((run.status, run.out), (3, f"{set_user_id.NOBODY}\n"), "result")
    matches(r"^pythread-trace: .*set-user-ID", run.err, "the line of the command")


e2e.main(test)
