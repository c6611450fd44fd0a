# SPDX-License-Identifier: MIT
"""A process that ends with its last thread, not by a call of exit, ends when it is recorded too: LTTng's
threads, which never end, are none of its own."""

import os

import lttng
import recording
from e2e import equal

FORKED_IN_THREAD = """
import os, threading, warnings
import tss_key_live as ext
warnings.simplefilter("ignore")
def fork():
    child = os.fork()
    if child:
        print("parent", os.waitpid(child, 0)[1])
    else:
        ext.run()
        {child}
        os.write(1, b"child\\n")
thread = threading.Thread(target=fork)
thread.start()
thread.join()
"""
FIRST_IS_LAST = FORKED_IN_THREAD.format(child="")
FIRST_ENDS_EARLIER = FORKED_IN_THREAD.format(
    child="threading.Thread(target=lambda: (time.sleep(0.3), os.write(1, b'late\\n'))).start()").replace(
        "import os,", "import os, time,")


def ends(python, program, wanted):
    native = python.script(program, tool=None, timeout=30)
    equal((native.status, native.out), (0, wanted), "outcome without the tool")
    directory = python.new_directory()
    argv = recording.command(recording.script(python, program), "--format=json",
                             f"--output={os.path.join(directory, 'report.%p.json')}", quiet=False)
    run = python.start(argv, recording.environment(python), directory, timeout=30)
    equal((run.status, run.out), (0, wanted), "outcome")
    equal(len(run.reports), 2, "reports, of the program and its child")


def test(python):
    ends(python, FIRST_IS_LAST, "child\nparent 0\n")
    ends(python, FIRST_ENDS_EARLIER, "child\nlate\nparent 0\n")


lttng.main(test)
