# SPDX-License-Identifier: MIT
"""PyMutex_Lock mixed with CPython's critical sections on the same mutexes, which lock them without a
call: on a free-threaded interpreter nothing may be lost."""

import e2e
import mutexes

APP = """
import threading
import mutex_sections as ext
shared = []
threads = [threading.Thread(target=ext.mix, args=(shared, 30000)) for n in range(6)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(ext.sum())
"""


def test(python):
    mutexes.needed(python)
    for mode in ("auto", "forward"):
        run = python.script(APP, options={"mutex": mode}, timeout=60)
        mutexes.healthy(run, f"{6 * 30000 * 2}\n")


e2e.main(test)
