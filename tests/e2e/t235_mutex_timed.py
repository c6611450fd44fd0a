# SPDX-License-Identifier: MIT
"""PyMutex_Lock mixed with _PyMutex_LockTimed, which waits in the interpreter's own way, on the same
mutexes: whoever unlocks one wakes both kinds of waiters, and nobody is forgotten."""

import e2e
import mutexes

FIRST = (3, 14)
ROUNDS, MUTEXES = 200, 60
# DETACH is what PyMutex_Lock waits with. A short timeout is over before the mutex is free, and is tried
# again. Until somebody comes in the interpreter's way, all others lock and wait in ours: on each mutex
# some wait for whoever holds it when that one comes. On the last, who holds it lets others run.
APP = f"""
import ctypes, threading, time
DETACH = 1
memory = (ctypes.c_uint8 * {MUTEXES})()
plain, unlock = ctypes.pythonapi.PyMutex_Lock, ctypes.pythonapi.PyMutex_Unlock
plain.restype = unlock.restype = None
plain.argtypes = unlock.argtypes = [ctypes.c_void_p]
timed = ctypes.pythonapi._PyMutex_LockTimed
timed.argtypes = [ctypes.c_void_p, ctypes.c_int64, ctypes.c_int]
count = 0

def endless(mutex):
    assert timed(mutex, -1, DETACH) == 1

def impatient(mutex):
    while not timed(mutex, 50_000, DETACH):
        pass

def all_of(target, functions, *arguments):
    threads = [threading.Thread(target=target, args=(function, *arguments)) for function in functions]
    for thread in threads: thread.start()
    return threads

def once(lock, mutex):
    global count
    lock(mutex)
    count += 1
    unlock(mutex)

def until(condition):
    while not condition(): time.sleep(0.0005)

PARKED = 3
for at in range({MUTEXES}):
    mutex = ctypes.addressof(memory) + at
    plain(mutex)
    waiting = all_of(once, (plain, plain), mutex)
    until(lambda: memory[at] == PARKED)
    waiting += all_of(once, (endless, impatient), mutex)
    time.sleep(0.002)
    unlock(mutex)
    for thread in waiting: thread.join()

def work(lock, mutex):
    global count
    for turn in range({ROUNDS}):
        lock(mutex)
        before = count
        time.sleep(0.0001 * (turn % 3))
        count = before + 1
        unlock(mutex)

for thread in all_of(work, (plain, endless, impatient) * 3, mutex): thread.join()
print(count, any(memory))
"""


def test(python):
    mutexes.needed(python)
    if python.version < FIRST:
        e2e.skip("_PyMutex_LockTimed is not exported")
    for mode in ("auto", "own", "forward"):
        run = python.script(APP, options={"mutex": mode}, timeout=60)
        mutexes.healthy(run, f"{4 * MUTEXES + 9 * ROUNDS} False\n")


e2e.main(test)
