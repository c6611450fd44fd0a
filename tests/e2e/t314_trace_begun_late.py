# SPDX-License-Identifier: MIT
"""A recording that begins in a deadlock shows who waits for what, and who has it; with names and
stacks of what was there before."""

import e2e
import lttng
import mutexes
import tracing
from e2e import check, equal, one

BEFORE = """
import annotated, key_growth, threading, time, warnings
warnings.simplefilter("ignore")
annotated.run()
for _ in range(3):
    key_growth.run()
"""
STUCK = """
import mutex_deadlock as ext, mutex_bench
mutex_bench.loop(0, 5)
def first(): ext.first()
def second(): ext.second()
threads = [threading.Thread(target=step, daemon=True, name=step.__name__)
           for step in (first, second)]
for thread in threads:
    thread.start()
while not ext.stuck():
    time.sleep(0.01)
time.sleep(0.2)
print(*(thread.native_id for thread in threads), flush=True)
"""
AFTER = """
for _ in range(2):
    key_growth.run()
annotated.run()
"""


def keys(python, trace, again):
    """All that live are told, and what happens to them later has names too."""
    names, stacks = tracing.sound(trace)
    told = tracing.of(trace, "key", type="key")
    grown = [event for event in told if "key_growth" in event["module"]]
    equal(len(grown), 3 if not again else 5, "keys from before")
    check(all(event["name"].startswith("key ") and "key_growth" in event["name"]
              for event in grown), f"names: {grown}")
    equal(len({event["name"] for event in grown}), len(grown), "different names")
    for event in grown:
        frames = stacks[event.context["vpid"], event["python_stack"]]
        check(frames.startswith("<module> ("), f"Python stack: {frames}")
        check(event["stack"][0] == event["caller"], "native stack")
    one([event for event in tracing.of(trace, "key", type="tss")
         if event["name"] == "the annotated cache"], "the annotated key")
    if not again:
        equal(len(tracing.of(trace, "key_create")), 3, "keys made later")
        check("old cache" in names.values(), f"names that are told: {names}")


def stuck(python, trace, first, second):
    told = {event["name"].split()[0]: event for event in tracing.of(trace, "mutex")}
    cache, index = told["cache_mutex"], told["index_mutex"]
    for mutex, owner in ((cache, first), (index, second)):
        equal((mutex["locked"], mutex["owner"], mutex["waiters"]), (1, owner, 1), f"{mutex}")
        check(mutex["caller"], "where it was locked")
    waits = {event["tid"]: event for event in tracing.of(trace, "thread")}
    for thread, mutex in ((first, index), (second, cache)):
        equal(waits[thread]["waiting_for"], mutex["mutex"], "what is waited for")
        check(waits[thread]["waiting_ns"] > 10**8, f"{waits[thread]}")
        check(waits[thread]["stack"] and waits[thread]["python_stack"], "where it waits")
    bench = told["bench_mutex"]
    equal((bench["locked"], bench["owner"], bench["waiters"], bench["acquired"]), (0, 0, 0, 5),
          "a mutex that is free")
    check(not any(event["name"].endswith("-ust") for event in waits.values()), "threads of LTTng")


def test(python):
    has_mutexes = python.version >= mutexes.FIRST
    with lttng.Daemon(python.directory) as daemon, lttng.Python(python, daemon.env) as program:
        program.tell(BEFORE)
        if has_mutexes:
            program.say(repr(STUCK) + "\n")
            first, second = map(int, program.hear().split())
            equal(program.hear(), "done\n", "answer")
        daemon.wait_for_program(program.pid)
        for again in (False, True):
            session = daemon.session(contexts=tracing.CONTEXTS)
            session.start()
            program.tell("pass" if again else AFTER)
            trace = session.stop()
            keys(python, trace, again)
            if has_mutexes:
                stuck(python, trace, first, second)
        equal(tracing.of(trace, "thread_exit"), [], "threads that seem to end")


lttng.main(test, choose=e2e.one_of_each_build)
