# SPDX-License-Identifier: MIT
"""Nothing is allocated in a C signal handler, which may have interrupted malloc: findings made there
wait for the next report, and a program that ends there gets a line instead of a report."""

import e2e
from e2e import equal, matches

STATUS = 3


def test(python):
    run = python.script("import signal_handler\nsignal_handler.misuse_in_handler()\nprint('on')\n")
    equal((run.status, run.out), (0, "on\n"), "outcome")
    equal(run.report.kinds(), {"tss-get-before-create"}, "findings")
    for _ in range(5):
        run = python.script("import signal_handler\nsignal_handler.exit_in_handler()\n")
        equal(run.status, STATUS, "exit status")
        matches("ends in a signal handler", run.err, "standard error")


e2e.main(test)
