# SPDX-License-Identifier: MIT
"""A fork while threads wait for a mutex: the parent's go on, and in the child, where nobody waits,
the mutex can be used as the program arranges it."""

import e2e
import mutexes
from e2e import check, equal

APP = """
import os, threading, warnings
import {module} as ext
warnings.simplefilter("ignore")
for turn in range(5):
    ext.lock()
    threads = [threading.Thread(target=lambda: (ext.lock(), ext.unlock())) for n in range(4)]
    for thread in threads: thread.start()
    child = os.fork()
    if not child:
        ext.unlock()
        count, ns = ext.contend(3, 100, 200)
        os._exit(0 if count == 600 else 1)
    print(os.waitpid(child, 0)[1])
    ext.unlock()
    for thread in threads: thread.join()
"""


def test(python):
    mutexes.needed(python)
    for module in ("mutex_bench", "mutex_bench_inline"):
        for mode in ("auto", "forward"):
            native = python.script(APP.format(module=module), tool=None, timeout=60)
            run = python.script(APP.format(module=module), options={"mutex": mode}, timeout=60)
            equal(native.out, "0\n" * 5, "outcome without the tool")
            mutexes.healthy(run, native.out)
            equal(len(run.children), 5, "reports of children")
            for child in run.children:
                equal(child.kinds(), set(), "findings of a child")
                check(not child.rescues, "waiters of a child that nobody woke")


e2e.main(test)
