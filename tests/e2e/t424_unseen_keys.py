# SPDX-License-Identifier: MIT
"""Keys that signal handlers and handlers of fork make or delete in the midst of the tool's own work are not
seen there: nothing is said of them that is not so."""

import os

import e2e
from e2e import equal

HANDLERS = os.path.join(e2e.EXTENSIONS, "libforkhandlers.so")
SIGNALS = "import signal_keys\nprint(signal_keys.run(), 'failures')\n"
FORK = """
import ctypes, os
lib = ctypes.CDLL(None)
os.waitpid(os.fork() or os._exit(0), 0)
good = lib.use_and_delete_kept()
child = os.fork()
good += lib.use_and_delete_kept()
if not child:
    os._exit(good)
print(good, os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


def test(python):
    run = python.same_as_native(SIGNALS, timeout=60)
    equal((run.status, run.out), (0, "0 failures\n"), "outcome with signal handlers")
    run.clean()
    if not python.can("import ctypes"):
        return
    run = python.same_as_native(FORK, env={"LD_PRELOAD": HANDLERS}, timeout=60)
    equal((run.status, run.out), (0, "2 2\n"), "outcome with handlers of fork")
    run.clean()


e2e.main(test)
