# SPDX-License-Identifier: MIT
"""A session that begins late is told what exists: keys, mutexes, who holds and who waits."""

import os

import e2e
import lttng
import mutexes
from e2e import check, equal, one

KEYS = """
import annotated
annotated.run()
"""

# By ctypes, of which every operation is seen.
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
thread = threading.Thread(target=work)
thread.start()
while not mutex.value & 2:
    time.sleep(0.01)
time.sleep(0.1)
print(ctypes.addressof(mutex), thread.native_id, flush=True)
"""
RELEASE = """
unlock(place)
thread.join()
"""


def process(python, program, dump):
    told = one(dump["process"], "statedump of the process")
    equal(os.path.realpath(told["program"]), os.path.realpath(python.path), "program")
    equal(told["python_version"], ".".join(map(str, python.version)), "Python's version")
    equal(told["python_build"], "shared" if python.shared else "executable", "build")
    equal(told["free_threaded"], int(python.free_threaded), "free_threaded")
    equal(told["ppid"], os.getpid(), "parent")
    equal(told["keys_limit"], 1024, "limit")
    check(told["version"], "no version")
    equal([event["id"] for event in dump["interpreter"]], [0], "interpreters")
    check(program.pid in {event["tid"] for event in dump["thread"]}, "the main thread is not told of")


def keys(program, dump):
    program.tell("annotated.report()\n")
    equal(len(dump["key"]), e2e.Report(program.report).keys["live"], "live keys")
    for name, kind in (("the annotated cache", "tss"), ("old cache", "key")):
        key = one([event for event in dump["key"] if event["name"] == name], name)
        equal(key["type"], kind, f"type of {name}")
        check(key["slot"] >= 0 and "annotated" in key["module"] and key["stack"], f"{key}")


def waiting(program, dump, mutex, waiter):
    held = one([event for event in dump["mutex"] if event["mutex"] == mutex], "the mutex")
    equal((held["locked"], held["owner"], held["waiters"]), (1, program.pid, 1), "state")
    check(held["held_ns"] > 10**8, f"held for {held['held_ns']} ns")
    equal((held["acquired"], held["contended"]), (1, 0), "acquisitions")
    thread = one([event for event in dump["thread"] if event["tid"] == waiter], "the waiter")
    equal(thread["waiting_for"], mutex, "what it waits for")
    check(10**8 < thread["waiting_ns"] < held["held_ns"] + 10**9, f"{thread['waiting_ns']} ns")
    check(thread["stack"], "no stack of the waiter")
    for tid in {event["tid"] for event in dump["thread"]} - {waiter}:
        others = [event for event in dump["thread"] if event["tid"] == tid]
        equal({event["waiting_for"] for event in others}, {0}, f"what thread {tid} waits for")


def goes_on(trace, mutex, waiter):
    """What is seen fits what was told: the owner releases, the waiter gets it."""
    seen = [event for event in trace if event.name.startswith("pythread:mutex")
            and event["mutex"] == mutex]
    equal([event.name for event in seen], ["pythread:mutex_unlock", "pythread:mutex_lock_acq",
                                           "pythread:mutex_unlock"], "events")
    equal([event.context["vtid"] == waiter for event in seen], [False, True, True], "threads")
    equal((seen[0]["waiters"], seen[1]["contended"], seen[1]["sure"]), (1, 1, 1), "fields")


def test(python):
    with lttng.Daemon(python.directory) as daemon, lttng.Python(python, daemon.env) as program:
        program.tell(KEYS)
        has_mutexes = python.version >= mutexes.FIRST
        if has_mutexes:
            program.say(repr(WAIT) + "\n")
            mutex, waiter = map(int, program.hear().split())
            equal(program.hear(), "done\n", "answer")
        daemon.wait_for_program(program.pid)
        session = daemon.session(contexts=["vpid", "vtid"])
        session.start()
        if has_mutexes:
            program.tell(RELEASE)
        trace = session.stop()
        told = [event for event in trace if event.name.startswith("pythread_statedump:")]
        equal([told[0].name, told[-1].name], ["pythread_statedump:start", "pythread_statedump:end"],
              "first and last")
        dump = {kind: [event for event in told if event.name == f"pythread_statedump:{kind}"]
                for kind in ("process", "key", "mutex", "thread", "interpreter", "start")}
        equal(len(dump["start"]), 1, "times that it was told")
        process(python, program, dump)
        keys(program, dump)
        if has_mutexes:
            waiting(program, dump, mutex, waiter)
            goes_on(trace, mutex, waiter)
        equal(program.end(), 0, "exit status")


lttng.main(test, choose=e2e.one_of_each_build)
