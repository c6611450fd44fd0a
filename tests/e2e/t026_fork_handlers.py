# SPDX-License-Identifier: MIT
"""A program's own handlers of fork may use keys, also while the tool's are at work."""

import os

import e2e
from e2e import equal

HANDLERS = os.path.join(e2e.EXTENSIONS, "libforkhandlers.so")
APP = """
import os
for turn in range(3):
    child = os.fork()
    if not child:
        import calls_lazy
        os._exit(calls_lazy.run())
    print(os.waitpid(child, 0)[1])
"""


def test(python):
    run = python.same_as_native(APP, env={"LD_PRELOAD": HANDLERS}, timeout=30)
    equal((run.status, run.out), (0, "0\n" * 3), "outcome")
    run.clean()


e2e.main(test)
