# SPDX-License-Identifier: MIT
"""The interpreter ends while daemon threads wait for a mutex, or are just getting it."""

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


def test(python):
    mutexes.needed(python)
    for module in ("mutex_bench", "mutex_bench_inline"):
        for held in ("ext.lock()", "pass"):
            for mode in ("auto", "forward"):
                for _ in range(3):
                    run = python.script(APP.format(module=module, held=held), timeout=30,
                                        options={"mutex": mode})
                    mutexes.healthy(run, "done\n")


e2e.main(test)
