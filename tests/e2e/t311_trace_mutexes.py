# SPDX-License-Identifier: MIT
"""Every event of mutexes: request, acquisition and unlock in their order, and what it cost."""

import e2e
import lttng
import mutexes
import tracing
from e2e import check, equal, one

THREADS, ROUNDS = 4, 50
HOLD_NS = 200000

APP = f"""
import mutex_bench
print(mutex_bench.contend({THREADS}, {HOLD_NS}, {ROUNDS})[0])
mutex_bench.heap(3)
"""

# The waiter waits for so long that the holder knows of it.
WAIT = """
import ctypes, threading, time
mutex = ctypes.c_uint8()
lock, unlock = ctypes.pythonapi.PyMutex_Lock, ctypes.pythonapi.PyMutex_Unlock
lock.restype = unlock.restype = None
place = ctypes.byref(mutex)
lock(place)
def work():
    lock(place)
    unlock(place)
threads = [threading.Thread(target=work) for _ in range(3)]
for thread in threads:
    thread.start()
while not mutex.value & 2:
    time.sleep(0.01)
time.sleep(0.3)
unlock(place)
for thread in threads:
    thread.join()
"""


def counts(python, trace, names):
    mutex = one([number for (_, kind, number), name in names.items() if kind == "mutex"
                 and name == f"bench_mutex in {python.extension('mutex_bench')}"], "bench_mutex")
    for name in ("mutex_lock_req", "mutex_lock_acq", "mutex_unlock"):
        equal(len(tracing.of(trace, name, mutex=mutex)), THREADS * ROUNDS, name)
    acquired = tracing.of(trace, "mutex_lock_acq", mutex=mutex)
    contended = [event for event in acquired if event["contended"]]
    check(contended, "nobody ever waited")
    for event in acquired:
        equal(event["sure"], 1, f"sure: {event}")
        equal(bool(event["stack"]), bool(event["contended"]), f"stack where contended: {event}")
        if event["stack"]:
            equal(event["stack"][0], event["caller"], "newest frame")
    return mutex


def durations(trace, mutex):
    """A hold lasts as long as the program held, and who waits is not served before its end."""
    since = {}
    for event in tracing.of(trace, "mutex_lock_acq", "mutex_unlock", mutex=mutex):
        if event.name.endswith("acq"):
            since[event.context["vtid"]] = event.ns
        else:
            held = event.ns - since[event.context["vtid"]]
            check(held >= HOLD_NS, f"held for {held} ns")


def heap(trace, names):
    """Those that are made and freed share addresses, and have ordinals for names."""
    given = [name for (_, kind, _), name in names.items() if kind == "mutex"
             and name.startswith("mutex ") and " of mutex_bench" in name]
    check(given, f"no mutex in the heap: {names}")


def waiters(python):
    run, trace = tracing.record(python, WAIT)
    equal(run.status, 0, "status")
    _, stacks = tracing.sound(trace)
    equal(tracing.locked_in_order(trace), {}, "mutexes held in the end")
    waiting = one([event for event in tracing.of(trace, "mutex_unlock") if event["waiters"] == 3],
                  "unlocks while three wait")
    mine = tracing.of(trace, "mutex_lock_acq", mutex=waiting["mutex"])
    equal([event["contended"] for event in mine], [0, 1, 1, 1], "contended")
    for event in mine[1:]:
        frames = stacks[event.context["vpid"], event["python_stack"]]
        check(frames.startswith("work ("), f"Python stack of who waited: {frames}")
    last = tracing.of(trace, "mutex_unlock", mutex=waiting["mutex"])[-1]
    equal(last["waiters"], 0, "waiters in the end")


def test(python):
    mutexes.needed(python)
    run, trace = tracing.record(python, APP)
    equal((run.status, run.out), (0, f"{THREADS * ROUNDS}\n"), "outcome")
    names, _ = tracing.sound(trace)
    equal(tracing.locked_in_order(trace), {}, "mutexes held in the end")
    durations(trace, counts(python, trace, names))
    heap(trace, names)
    waiters(python)


lttng.main(test, choose=lambda found: [python for python in found
                                       if tuple(python["version"]) >= mutexes.FIRST])
