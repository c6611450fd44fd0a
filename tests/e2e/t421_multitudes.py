# SPDX-License-Identifier: MIT
"""Many at once, or one after the other: 1,000 threads with keys of their own values, 500 forks,
programs started by posix_spawn and vfork."""

import e2e
from e2e import check, equal

THREADS = """
import threading, calls_lazy, tss_value_left_clean
threading.stack_size(128 * 1024)
local = threading.local()
everybody = threading.Barrier(1001)
results = []
def work(n):
    local.value = n
    result = calls_lazy.run()
    everybody.wait()
    results.append(result == 0 and local.value == n)
threads = [threading.Thread(target=work, args=(n,)) for n in range(1000)]
for thread in threads: thread.start()
everybody.wait()
for thread in threads: thread.join()
print(len(results), all(results))
"""

FORKS = """
import os, calls_lazy
calls_lazy.run()
good = 0
for turn in range(500):
    child = os.fork()
    if not child:
        os._exit(turn % 100 if calls_lazy.run() == 0 else 111)
    good += os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == turn % 100
print(good)
"""

CHAIN = """
import os, calls_lazy
depth = 0
while depth < 60:
    calls_lazy.run()
    child = os.fork()
    if child:
        os._exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
    depth += 1
os._exit(depth) # without a report: it has done nothing of its own
"""

SPAWN = """
import os, subprocess, sys, calls_lazy
calls_lazy.run()
code = "import calls_lazy; calls_lazy.run(); raise SystemExit(4)"
results = []
for turn in range(3):
    child = os.posix_spawn(sys.executable, [sys.executable, "-c", code], os.environ)
    results.append(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
for turn in range(40):
    child = os.posix_spawn("/bin/sh", ["sh", "-c", "exit 5"], os.environ)
    results.append(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
    results.append(subprocess.run(["sh", "-c", "exit 6"], close_fds=False).returncode)
print(results, calls_lazy.run())
"""


def verify(python, text, name, reports, **how):
    try:
        run = python.same_as_native(text, **how)
        run.clean()
        equal(len(run.reports), reports, "reports")
        for report in run.reports.values():
            equal(report.dropped, 0, "dropped")
    except AssertionError as error:
        raise AssertionError(f"{name}: {error}") from error
    return run


def test(python):
    run = verify(python, THREADS, "threads", 1)
    check(run.out == "1000 True\n", f"threads: {run.out}")
    run = verify(python, FORKS, "forks", 501)
    check(run.out == "500\n", f"forks: {run.out}")
    equal(verify(python, CHAIN, "a chain of forks", 60).status, 60, "status through a chain of forks")
    verify(python, SPAWN, "spawned programs", 4)


e2e.main(test, choose=e2e.one_of_each_kind)
