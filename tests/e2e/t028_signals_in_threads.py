# SPDX-License-Identifier: MIT
"""C signal handlers that read or create keys, fork, or end the process, work in threads that the tool has not
met, in the midst of its own work and of a fork, while other threads wait, and on small stacks; and they may
leave by a jump out of what looks at a key."""

import e2e
from e2e import equal

APP = "import signal_thread\nsignal_thread.{call}()\nprint('on')\n"
STATUS = 3
# What is wrong later is still seen.
JUMP = """
import signal_jump, tss_set_before_create
signal_jump.run()
tss_set_before_create.run()
print('on')
"""


def test(python):
    for call in ("read_in_new_threads", "fork_in_handler", "fork_in_fork", "fork_among_threads",
                 "create_among_threads"):
        run = python.script(APP.format(call=call), timeout=60)
        equal((run.status, run.out), (0, "on\n"), f"outcome of {call}")
        equal(run.report.kinds(), set(), f"findings of {call}")
    for call, times in (("exit_in_new_thread", 20), ("exit_on_small_stack", 1)):
        for _ in range(times):
            run = python.script(APP.format(call=call), timeout=30)
            equal((run.status, run.out), (STATUS, ""), f"outcome of {call}")
    run = python.script(JUMP, timeout=60)
    equal((run.status, run.out), (0, "on\n"), "outcome of jumps out of a handler")
    equal(run.report.kinds(), {"tss-set-before-create"}, "findings after jumps out of a handler")


e2e.main(test)
