# SPDX-License-Identifier: MIT
"""Signals at every moment, with handlers in Python: a profiler's at 1 kHz, and alarms as fast as
they come, while threads use keys."""

import e2e
from e2e import check, equal

APP = """
import signal, sys, threading, time
import calls_lazy, tss_get_before_create as bug

count = 0
def handler(number, frame):
    global count
    count += 1
    calls_lazy.run()

def work():
    turns = 0
    while not ended.is_set():
        assert calls_lazy.run() == 0
        turns += 1
    assert turns

kind = sys.argv[1]
signal.signal(signal.SIGPROF, handler)
signal.signal(signal.SIGALRM, handler)
ended = threading.Event()
threads = [threading.Thread(target=work) for n in range(3)]
timer = signal.ITIMER_REAL if kind == "alarms" else signal.ITIMER_PROF
signal.setitimer(timer, 0.001, 0.0002 if kind == "alarms" else 0.001)
for thread in threads: thread.start()
end = time.monotonic() + 60
while count < 100 and time.monotonic() < end:
    assert calls_lazy.run() == 0
    bug.run()
ended.set()
for thread in threads: thread.join()
signal.setitimer(timer, 0)
print(count >= 100)
sys.exit(3)
"""


def test(python):
    for kind in ("profiler", "alarms"):
        native = python.script(APP, kind, tool=None)
        equal((native.status, native.out), (3, "True\n"), f"result without the tool, {kind}")
        run = python.script(APP, kind)
        equal((run.status, run.out, run.err), (3, "True\n", ""), f"result, {kind}")
        equal(run.report.kinds(), {"tss-get-before-create"}, f"findings, {kind}")
        check(run.report.calls() > 100, "calls were missed")
        equal(run.report.dropped, 0, "dropped")


e2e.main(test, choose=e2e.one_of_each_build)
