# SPDX-License-Identifier: MIT
"""Orders of locking that look wrong and are not: by one thread alone, under a lock in common, by an
attempt that does not wait; and mutexes that are handed from thread to thread."""

import e2e
import mutexes
from e2e import equal

TOGETHER = "for function in ({}): in_thread(function).join()"
RIGHT = {
    "one thread alone": ("mutex_lock_order", "first()\nsecond()\nfirst()"),
    "one thread at a time, but the same": (
        "mutex_lock_order", "thread = in_thread(lambda: (first(), second()))\nthread.join()"),
    "a lock in common": ("mutex_lock_order", TOGETHER.format("first_inside, second_inside")),
    "an attempt": ("mutex_lock_order_inline", "ext.arm()\n"
                   + TOGETHER.format("first, ext.second_trying")),
}
STEPS = ("first", "second", "first_inside", "second_inside")
HANDED = """
import threading
import mutex_bench as ext
for turn in range(10):
    ext.lock()
    thread = threading.Thread(target=ext.unlock)
    thread.start()
    thread.join()
ext.lock()
thread = threading.Thread(target=lambda: (ext.lock(), ext.unlock()))
thread.start()
other = threading.Thread(target=ext.unlock)
other.start()
thread.join()
other.join()
print("done")
"""


def test(python):
    mutexes.needed(python)
    for what, (module, body) in RIGHT.items():
        run = python.script(mutexes.app(module, STEPS, body))
        equal(run.report.kinds(), set(), f"{what}: findings")
        mutexes.healthy(run, "done\n")
    wrong = python.script(mutexes.app("mutex_lock_order", STEPS,
                                      TOGETHER.format("first_inside, second")))
    equal(wrong.report.kinds(), {"mutex-lock-order"}, "one of the two under the lock")
    mutexes.healthy(python.script(HANDED), "done\n")


e2e.main(test)
