# SPDX-License-Identifier: MIT
"""Orders of locking that look wrong and are not: by one thread alone, under a lock in common, by an
attempt that does not wait; and mutexes that are handed from thread to thread. A lock in common that is
no PyMutex is not seen."""

import os

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
UNSEEN = """
lock = threading.Lock()
def inside(function):
    with lock:
        function()
for function in (first, second):
    in_thread(inside, args=[function]).join()
"""
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
# The function by which an extension can wait in the interpreter's own way.
TIMED = """
import ctypes, threading
lock = ctypes.pythonapi._PyMutex_LockTimed
lock.argtypes = [ctypes.c_void_p, ctypes.c_int64, ctypes.c_int]
unlock = ctypes.pythonapi.PyMutex_Unlock
unlock.restype, unlock.argtypes = None, [ctypes.c_void_p]
memory = (ctypes.c_uint8 * 128)()
one, other = ctypes.addressof(memory), ctypes.addressof(memory) + 64

def take(first, second):
    assert lock(first, {timeout}, 0) == lock(second, {timeout}, 0) == 1
    unlock(second)
    unlock(first)

for order in (one, other), (other, one):
    thread = threading.Thread(target=take, args=order)
    thread.start()
    thread.join()
print("done")
"""
FIRST_TIMED = (3, 14)


def timed(python):
    if python.version < FIRST_TIMED:
        return
    mutexes.healthy(python.script(TIMED.format(timeout=0)), "done\n")
    endless = python.script(TIMED.format(timeout=-1))
    equal(endless.report.kinds(), {"mutex-lock-order"}, "waits without a timeout")


def suppressed(python):
    path = os.path.join(python.directory, "suppressions")
    with open(path, "w", encoding="utf-8") as file:
        file.write("mutex-lock-order:*/mutex_lock_order.c\n")
    run = python.script(mutexes.app("mutex_lock_order", STEPS, UNSEEN), options={"suppressions": path})
    mutexes.healthy(run, "done\n")
    equal(run.report.summary["suppressed"], 1, "suppressed findings")


def test(python):
    mutexes.needed(python)
    for what, (module, body) in RIGHT.items():
        run = python.script(mutexes.app(module, STEPS, body))
        equal(run.report.kinds(), set(), f"{what}: findings")
        mutexes.healthy(run, "done\n")
    wrong = python.script(mutexes.app("mutex_lock_order", STEPS,
                                      TOGETHER.format("first_inside, second")))
    equal(wrong.report.kinds(), {"mutex-lock-order"}, "one of the two under the lock")
    unseen = python.script(mutexes.app("mutex_lock_order", STEPS, UNSEEN))
    equal(unseen.report.kinds(), {"mutex-lock-order"}, "under a lock that is not seen")
    suppressed(python)
    mutexes.healthy(python.script(HANDED), "done\n")
    timed(python)


e2e.main(test)
