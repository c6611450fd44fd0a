# SPDX-License-Identifier: MIT
"""A finding in a thread with a small stack is told, with fewer words, and the thread goes on."""

import e2e
from e2e import equal

APP = """
import threading
import tss_get_before_create as bug
threading.stack_size({size} * 1024)
thread = threading.Thread(target=bug.run)
thread.start()
thread.join()
print('on')
"""


def test(python):
    for size in (128, 96, 64):
        run = python.script(APP.format(size=size))
        equal((run.status, run.out), (0, "on\n"), f"outcome with {size} KiB")
        equal(run.report.kinds(), {"tss-get-before-create"}, f"findings with {size} KiB")


e2e.main(test)
