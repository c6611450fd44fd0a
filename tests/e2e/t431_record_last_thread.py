# SPDX-License-Identifier: MIT
"""A process that ends with its last thread, not by a call of exit, ends when it is recorded too: LTTng's
threads, which never end, are none of its own."""

import os

import last_thread
import lttng
import recording
from e2e import equal

FIRST_ENDS_EARLIER = last_thread.app("tss_key_live", """ext.run()
threading.Thread(target=lambda: (time.sleep(0.3), os.write(1, b'late\\n'))).start()""")

# Nothing that is watched is called, by whatever calls the interpreter can be seen to make itself.
NOTHING_CALLED = last_thread.app("threading", """thread = ext.Thread(target=os.getpid)
thread.start()
thread.join()""")
FIRST_ENDS = """
import ctypes, os, threading, time
threading.Thread(target=lambda: (time.sleep(0.3), os.write(1, b"late\\n"))).start()
ctypes.CDLL(None).pthread_exit(None)
"""

# Threads have the name of the one that starts them, this one LTTng's for its own, but for the end.
NAMED_AS_LTTNGS = """
import ctypes, os, threading, time
import tss_key_live as ext
ext.run()
ctypes.CDLL(None).prctl(15, b"calc-ust", 0, 0, 0)
def work():
    time.sleep(1.5)
    os.write(1, b"worked\\n")
    os._exit(7)
threading.Thread(target=work).start()
ctypes.CDLL(None).pthread_exit(None)
"""


def goes_on(python):
    """The first thread has ended; a thread that only has a name like one of LTTng's works on."""
    native = python.script(NAMED_AS_LTTNGS, tool=None, timeout=30)
    equal((native.status, native.out), (7, "worked\n"), "outcome without the tool")
    run = recording.run(python, recording.script(python, NAMED_AS_LTTNGS), timeout=30)
    equal((run.status, run.out), (7, "worked\n"), "outcome with threads named as LTTng's")


def ends(python, program, wanted, reports=2):
    native = python.script(program, tool=None, timeout=30)
    equal((native.status, native.out), (0, wanted), "outcome without the tool")
    directory = python.new_directory()
    argv = recording.command(recording.script(python, program), "--format=json",
                             f"--output={os.path.join(directory, 'report.%p.json')}", quiet=False)
    run = python.start(argv, recording.environment(python), directory, timeout=30)
    equal((run.status, run.out), (0, wanted), "outcome")
    equal(len(run.reports), reports, "reports, of the program and its child")


def test(python):
    ends(python, last_thread.KEY, last_thread.SAYS)
    goes_on(python)
    ends(python, FIRST_ENDS_EARLIER, "child\nlate\nparent 0\n")
    ends(python, NOTHING_CALLED, last_thread.SAYS, reports=1)
    ends(python, FIRST_ENDS, "late\n", reports=1)


lttng.main(test)
