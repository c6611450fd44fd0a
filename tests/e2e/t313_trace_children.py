# SPDX-License-Identifier: MIT
"""Children of every kind are in the trace by their own process numbers, with names and stacks."""

import e2e
import lttng
import tracing
from e2e import check, equal, one

FORK = """
import os, annotated, key_growth
annotated.run()
def work():
    key_growth.run()
def child():
    if os.fork() == 0:
        work()
        os._exit(0)
    os.wait()
first = os.fork()
if first == 0:
    work()
    child()
    os._exit(7)
print(os.waitstatus_to_exitcode(os.waitpid(first, 0)[1]))
child()
annotated.run()
"""

POOL = """
import multiprocessing, os
def work(number):
    import key_growth
    key_growth.run()
    return os.getpid()
if __name__ == "__main__":
    with multiprocessing.get_context("{method}").Pool(2) as pool:
        print(*set(pool.map(work, range(6), 1)))
        pool.close()
        pool.join()
"""

# Forks while other threads use keys and mutexes.
BUSY = """
import os, threading, time, calls_lazy
stop = False
def use():
    while not stop:
        calls_lazy.run()
        time.sleep(0.001)
threads = [threading.Thread(target=use) for _ in range(3)]
for thread in threads:
    thread.start()
for _ in range(10):
    if os.fork() == 0:
        for _ in range(3):
            calls_lazy.run()
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.wait()[1]) == 0
stop = True
for thread in threads:
    thread.join()
print("done")
"""

QUIET = "import warnings; warnings.simplefilter('ignore')\n"


def processes(trace):
    return {event.context["vpid"] for event in trace}


def whole(trace):
    """Each process says what it has, and names what it uses."""
    names, _ = tracing.sound(trace)
    for pid in processes(trace):
        told = tracing.of(trace, "process", vpid=pid)
        check(told, f"no statedump of {pid}")
    return names


def fork(python):
    run, trace = tracing.record(python, QUIET + FORK)
    equal((run.status, run.out), (0, "7\n"), "outcome")
    names = whole(trace)
    equal(len(processes(trace)), 4, "processes")
    parents = {event.context["vpid"]: event["ppid"] for event in tracing.of(trace, "process")}
    equal(sorted(pid for pid, parent in parents.items() if parent == run.pid).__len__(), 2,
          "children of the program")
    for pid in processes(trace):
        made = tracing.of(trace, "key_create", vpid=pid)
        if pid != run.pid:
            one([event for event in made if "key_growth" in event["module"]], f"keys made by {pid}")
        inherited = [event["name"] for event in tracing.of(trace, "key", vpid=pid)]
        check(pid == run.pid or {"the annotated cache", "old cache"} <= set(inherited),
              f"keys that {pid} has: {inherited}")
        tids = {event.context["vtid"] for event in made}
        check(tids <= {pid}, f"threads of {pid}: {tids}")
    again = [name for (pid, kind, _), name in names.items() if pid == run.pid and kind == "tss"]
    check("the annotated cache" in again, "no name of an annotated key")


def pool(python, method):
    run, trace = tracing.record(python, QUIET + POOL.format(method=method))
    equal(run.status, 0, f"status with {method}")
    whole(trace)
    for pid in map(int, run.out.split()):
        check(tracing.of(trace, "key_create", vpid=pid), f"no events of the worker {pid}")


def busy(python):
    run, trace = tracing.record(python, QUIET + BUSY)
    equal((run.status, run.out), (0, "done\n"), "outcome")
    whole(trace)
    equal(len(processes(trace)), 11, "processes")
    for pid in processes(trace) - {run.pid}:
        equal(len(tracing.of(trace, "tss_create", vpid=pid)) >= 3, True, f"keys made by {pid}")


def unfollowed(python):
    run, trace = tracing.record(python, QUIET + FORK, options={"follow_fork": "no"})
    equal(run.out, "7\n", "outcome")
    equal(processes(trace), {run.pid}, "processes that are followed")


def test(python):
    fork(python)
    for method in ("fork", "forkserver", "spawn"):
        pool(python, method)
    busy(python)
    unfollowed(python)


lttng.main(test, choose=e2e.one_of_each_build)
