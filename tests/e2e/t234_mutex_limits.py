# SPDX-License-Identifier: MIT
"""What cannot be known of mutexes, and how that shows: attempts that are made by hand, a mutex that one
caller locks by calls and another one unlocks inlined, memory that is used again, semaphores, and the
watchdog's thread, which Python counts."""

import os
import re
from collections import Counter

import e2e
import mutexes
from e2e import equal

APP = """
import ctypes, os, threading, time, warnings
lib, api = ctypes.CDLL({library!r}), ctypes.CDLL(None)
lock, unlock = api.PyMutex_Lock, api.PyMutex_Unlock
lock.restype = unlock.restype = lib.release.restype = None
memory = (ctypes.c_uint8 * 128)()
one, other = (ctypes.c_void_p(ctypes.addressof(memory) + at) for at in (0, 64))

def run(*steps):
    def work():
        for function, mutex in steps:
            function(mutex)
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()

def contend(unlock=unlock):
    lock(one)
    thread = threading.Thread(target=lambda: (lock(one), unlock(one)))
    thread.start()
    while not memory[0] & 2:
        time.sleep(0.005)
    unlock(one)
    thread.join()

{body}
"""

# Whether it can be had when nobody has it: at first, and after it was contended more than once.
ATTEMPTS = """
print(lib.attempt(one))
lib.release(one)
for turn in range(3): contend()
print(lib.attempt(one))
"""

# Two threads that end, having unlocked; and an order of theirs that is none. Then such an unlocking is seen.
MIXED = """
run((lock, one), (lib.release, one), (lock, other), (unlock, other))
run((lock, other), (lock, one), (lib.release, one), (unlock, other))
{seen}
for turn in range(5): run((lock, one), (lib.release, one))
"""

# Each time another thread unlocks it, when this one waits. The second time that is known of it.
SEMAPHORE = """
def give():
    while not memory[0] & 2:
        time.sleep(0.005)
    unlock(one)
lock(one)
for turn in range(3):
    threading.Thread(target=give).start()
    lock(one)
"""

# The first mutex is gone, and another one in its place, to be taken last.
REUSED = """
run((lock, one), (lock, other), (unlock, other), (unlock, one))
ctypes.memset(one, 0, 64)
run((lock, other), (lock, one), (unlock, one), (unlock, other))
"""

FORK = """
warnings.simplefilter("always")
for turn in range(2): contend()
if not os.fork(): os._exit(0)
os.wait()
"""
COUNTING = (3, 12)


def run(python, body, **options):
    library = os.path.join(python.extensions, "libbyhand.so")
    run = python.script(APP.format(library=library, body=body), options=options)
    equal(run.status, 0, f"exit status: {run.err}")
    return run


def found(python, body):
    """How often each kind of error or warning."""
    count = Counter()
    for finding in run(python, body).report.findings:
        if finding["severity"] in ("error", "warning"):
            count[finding["kind"]] += finding["count"]
    return count


def attempts(python):
    equal(run(python, ATTEMPTS).out, "1\n1\n" if python.free_threaded else "1\n0\n", "attempts by hand")
    equal(run(python, ATTEMPTS, mutex="forward").out, "1\n1\n", "attempts by hand, forwarded")


def fork(python):
    """A program whose own threads have all ended."""
    warned = [bool(re.search("DeprecationWarning: .*multi-threaded", run(python, FORK, **options).err))
              for options in ({}, {"watchdog": "60"})]
    equal(warned, [False, python.version >= COUNTING], "warned of at fork, without a watchdog and with one")


def test(python):
    mutexes.needed(python)
    if not python.can("import ctypes"):
        e2e.skip("has no ctypes")
    attempts(python)
    unseen = found(python, MIXED.format(seen=""))
    equal(unseen, {"mutex-held-at-thread-exit": 7, "mutex-lock-order": 1}, "mixed callers")
    seen = found(python, MIXED.format(seen="contend(lib.release)"))
    equal(seen, {"mutex-held-at-thread-exit": 2, "mutex-lock-order": 1}, "mixed callers, one of them seen")
    equal(found(python, SEMAPHORE), {"mutex-self-deadlock": 1}, "semaphore")
    equal(found(python, REUSED), {"mutex-lock-order": 1}, "memory that is used again")
    fork(python)


e2e.main(test)
