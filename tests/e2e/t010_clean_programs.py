# SPDX-License-Identifier: MIT
"""Correct programs: nothing is found, and nothing is different."""

import e2e
from e2e import check

THREADS = """
import threading, calls_lazy
local = threading.local()
def work(n):
    local.value = n
    for turn in range(50):
        assert calls_lazy.run() == 0 and local.value == n
threads = [threading.Thread(target=work, args=(n,)) for n in range(8)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print("threads done")
"""

SUBINTERPRETERS = """
import calls_lazy
try:
    import _interpreters as interpreters
    shared_gil = {"config": "legacy"}
except ImportError:
    import _xxsubinterpreters as interpreters
    shared_gil = {"isolated": False}
for turn in range(4):
    one = interpreters.create(**shared_gil)
    interpreters.run_string(one, "import calls_lazy\\nassert calls_lazy.run() == 0")
    interpreters.destroy(one)
print(calls_lazy.run())
"""

FORK = """
import os, calls_lazy
calls_lazy.run()
for turn in range(3):
    child = os.fork()
    if not child:
        calls_lazy.run()
        os._exit(turn)
    print(os.waitpid(child, 0)[1])
"""

MULTIPROCESSING = """
import multiprocessing, sys, calls_lazy
def work(n):
    return calls_lazy.run() + n * n
if __name__ == "__main__":
    context = multiprocessing.get_context(sys.argv[1])
    with context.Pool(2) as pool:
        print(pool.map(work, range(6)))
        pool.close()
        pool.join()
"""

SUBPROCESS = """
import subprocess, sys
print(subprocess.run(["sh", "-c", "echo shell; exit 4"], capture_output=True))
code = "import calls_lazy; print(calls_lazy.run())"
print(subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE))
"""

THREAD_EXITS = """
import _thread, threading, calls_lazy
ended = threading.Semaphore(0)
def work():
    try:
        calls_lazy.run()
        _thread.exit()
    finally:
        ended.release()
for turn in range(20): _thread.start_new_thread(work, ())
for turn in range(20): ended.acquire()
threading.Thread(target=threading.Event().wait, daemon=True).start()
print("a daemon thread is left")
"""

DAEMON_THREADS = """
import threading, calls_lazy
running = threading.Barrier(5)
def work():
    running.wait()
    while True:
        calls_lazy.run()
for turn in range(4): threading.Thread(target=work, daemon=True).start()
running.wait()
for turn in range(50): calls_lazy.run()
print("daemon threads go on")
"""

PROGRAMS = {
    "threads": (THREADS, ()),
    "subinterpreters": (SUBINTERPRETERS, ()),
    "fork": (FORK, ()),
    "multiprocessing by fork": (MULTIPROCESSING, ("fork",)),
    "multiprocessing by spawn": (MULTIPROCESSING, ("spawn",)),
    "subprocess": (SUBPROCESS, ()),
    "thread exits": (THREAD_EXITS, ()),
    "daemon threads at the end": (DAEMON_THREADS, ()),
}
ALLOCATORS = {
    "development mode": (("-X", "dev"), {}),
    "tracemalloc": (("-X", "tracemalloc=5"), {}),
    "PYTHONMALLOC=malloc": ((), {"PYTHONMALLOC": "malloc"}),
    "PYTHONMALLOC=debug": ((), {"PYTHONMALLOC": "debug"}),
    "development mode with tracemalloc": (("-X", "dev", "-X", "tracemalloc"), {}),
}


def verify(python, what, *program, **how):
    try:
        run = python.same_as_native(*program, **how)
        check(run.status == 0, f"status {run.status}")
        run.clean()
        check(sum(report.calls() for report in run.reports.values()), "no call was seen")
    except AssertionError as error:
        raise AssertionError(f"{what}: {error}") from error


def test(python):
    for what, (text, arguments) in PROGRAMS.items():
        verify(python, what, text, *arguments)
    for what, (flags, env) in ALLOCATORS.items():
        if python.free_threaded and env.get("PYTHONMALLOC") == "malloc":
            continue  # refused there: objects need mimalloc
        verify(python, what, THREADS, flags=flags, env=env)


e2e.main(test)
