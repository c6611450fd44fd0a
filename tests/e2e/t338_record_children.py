# SPDX-License-Identifier: MIT
"""record: children are in the trace, by fork, exec and multiprocessing; one that stays is told."""

import os
import signal
import time

import e2e
import lttng
import recording
from e2e import check, equal, matches

CHILDREN = """import calls_lazy, multiprocessing, os, subprocess, sys

def work(number):
    calls_lazy.run()
    return os.getpid()

if __name__ == "__main__":
    calls_lazy.run()
    pids = {os.getpid()}
    pids.add(int(subprocess.run([sys.executable, "-c",
             "import calls_lazy, os; calls_lazy.run(); print(os.getpid())"],
             stdout=subprocess.PIPE, check=True).stdout))
    for method in ("fork", "spawn", "forkserver"):
        with multiprocessing.get_context(method).Pool(1) as pool:
            pids.update(pool.map(work, range(2)))
            pool.close()
            pool.join()
    print(*sorted(pids))
"""
DAEMON = recording.PLAIN + """
import os, time
if os.fork() == 0:
    os.setsid()
    pid = os.fork()
    if pid == 0:
        null = os.open("/dev/null", os.O_RDWR)
        for fd in range(3):
            os.dup2(null, fd)
        time.sleep(30)
        os._exit(0)
    print(pid, flush=True)
    os._exit(0)
os.wait()
"""


def children(python):
    run = recording.run(python, recording.script(python, CHILDREN))
    equal(run.status, 0, f"exit status: {run.err}")
    wanted = set(map(int, run.out.split()))
    equal(len(wanted), 5, "processes")
    check("still run" not in run.err, f"multiprocessing's helpers end by themselves: {run.err}")
    made = recording.trace_of(run).named("tss_create")
    equal({event.context["vpid"] for event in made if "calls_lazy" in event["module"]}, wanted,
          "processes in the trace")


def left_behind(python):
    began = time.monotonic()
    run = recording.run(python, recording.script(python, DAEMON))
    check(time.monotonic() - began < 20, "it was waited for")
    pid = int(run.out)
    os.kill(pid, signal.SIGKILL)
    equal(run.status, 0, f"exit status: {run.err}")
    matches(rf"^pythread-trace: 1 process that the program started still runs \({pid}\)", run.err,
            "line about the daemon")
    check(recording.trace_of(run).named("tss_create"), "keys are in the trace")
    recording.no_daemons()


def test(python):
    children(python)
    left_behind(python)


lttng.main(test, choose=e2e.one_of_each_build)
