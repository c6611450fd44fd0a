# SPDX-License-Identifier: MIT
"""The interpreter ends while daemon threads wait for a mutex, or are just getting it."""

import signal

import e2e
import mutexes

APP = """
import threading, time
import {module} as ext
def work():
    while True:
        ext.lock()
        ext.unlock()
{held}
for n in range(6):
    threading.Thread(target=work, daemon=True).start()
time.sleep(0.1)
print("done")
"""


# Python 3.13's _PyThreadState_Attach() looks whether the interpreter ends, and then takes up the thread's
# state: without a GIL that may have been freed in between (Py_FinalizeEx). A debug build notices.
FREED = "tstate_activate: Assertion `tstate_is_bound(tstate)' failed"


# In so many runs, of 24: it is rare.
EXCUSED = 1


def freed_by_python(python, run):
    return (python.free_threaded and run.status == -signal.SIGABRT and run.out == "done\n"
            and FREED in run.err)


def test(python):
    mutexes.needed(python)
    freed = 0
    for module in ("mutex_bench", "mutex_bench_inline"):
        for held in ("ext.lock()", "pass"):
            for mode in ("auto", "forward"):
                for _ in range(3):
                    run = python.script(APP.format(module=module, held=held), timeout=30,
                                        options={"mutex": mode})
                    if freed_by_python(python, run) and freed < EXCUSED:
                        print("Python freed the state of a thread that was about to take it up", flush=True)
                        freed += 1
                    else:
                        mutexes.healthy(run, "done\n")


e2e.main(test)
