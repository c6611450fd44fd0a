# SPDX-License-Identifier: MIT
"""record --live: others can watch while the program runs, and the trace is a normal one after."""

import contextlib
import os
import re
import signal
import subprocess

import e2e
import lttng
import recording
from e2e import check, equal

APP = recording.ERROR + recording.PLAIN + """
import time
print("ready", flush=True)
for turn in range(40):
    calls_lazy.run()
    time.sleep(0.1)
print("over", flush=True)
"""
FIRST = """
import os
import subprocess
import sys
for pid in filter(str.isdigit, os.listdir("/proc")):
    try:
        command = open(f"/proc/{pid}/cmdline").read().split("\\0")
    except OSError:
        continue
    if command[:2] == ["report", "--live"]:
        relay = command[2].partition("/host/")[0]
env = {name: value for name, value in os.environ.items() if name != "LD_PRELOAD"}
print(subprocess.run(["babeltrace2", "--input-format=lttng-live", relay], env=env, check=False,
                     capture_output=True, text=True).stdout.strip(), flush=True)
"""
URL = re.compile(r"to watch from elsewhere: pythread-trace report --live (net://127\.0\.0\.1:\d+/\S+)")


def after(started):
    """The program's end, and the trace."""
    equal(started.hear(), "over", "the program's last line")
    equal(started.end(), 0, f"exit status: {started.err}")
    said = recording.Said(started.err)
    equal(said.place, os.path.join(started.directory, "it"), "place of the trace")
    trace = lttng.read(said.place)
    equal((said.count, said.lost), (len(trace), "none lost"), said.line)
    equal(len(trace.named("tss_create")), 41, "keys")
    recording.no_daemons()


def elsewhere(python, program):
    with recording.Started(python, program, "--live", "--trace", "it") as started:
        equal(started.hear(), "ready", "the program's first line")
        url = URL.search(started.err)
        check(url, f"no URL: {started.err}")
        watch = subprocess.run(["babeltrace2", "--input-format=lttng-live", url[1]], check=False,
                               capture_output=True, text=True, timeout=lttng.TIMEOUT)
        check("pythread:tss_create" in watch.stdout, f"nothing is seen: {watch.stderr[-1000:]}")
        after(started)


def here(python, program):
    with recording.Started(python, program, "--live", "--trace", "it", quiet=False) as started:
        equal(started.hear(), "ready", "the program's first line")
        # The library says it when it happens, and the live report does.
        lttng.wait_until(lambda: started.err.count("ERROR: pythread-trace: tss-get-before-create") > 1,
                         "the finding in the live report", 10)
        after(started)


def waits(python):
    """A reader that came later would be shown nothing of the program's first second."""
    with recording.Started(python, recording.script(python, FIRST, "first.py"), "--live", "--trace", "it",
                           quiet=False) as started:
        said = started.hear()
        check("1 client(s) connected" in said, f"nobody watches when the program starts: {said}")
        equal(started.end(), 0, f"exit status: {started.err}")
        check("began before" not in started.err, f"the report was late: {started.err}")


def late(python, program):
    """A reader that cannot begin keeps nobody from recording, and record says so."""
    if not lttng.is_ours(python, "a reader that is late"):
        return
    with recording.Started(python, program, "--live", "--trace", "it", quiet=False) as started:
        lttng.wait_until(lambda: recording.processes("report)"), "the reader")
        stopped = set()
        while more := set(recording.processes("report)")) - stopped:
            for pid in more:
                os.kill(pid, signal.SIGSTOP)
            stopped |= more
        equal(started.hear(), "ready", "the program's first line")
        check("the live view is late: what comes before it is in the trace alone" in started.err,
              f"stopped {stopped}: {started.err}")
        for pid in stopped:
            os.kill(pid, signal.SIGCONT)
        after(started)


def crash(python, program):
    """Of the viewer: it is told, and the whole trace is shown in the end."""
    if not lttng.is_ours(python, "a viewer that crashes"):
        return
    with recording.Started(python, program, "--live", "--trace", "it", quiet=False) as started:
        equal(started.hear(), "ready", "the program's first line")
        viewers = recording.processes("report)")
        check(viewers, "nobody watches")
        for pid in viewers:
            # One of them ends by itself when the other one does.
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGSEGV)
        after(started)
        _, told, shown = started.err.partition("the live view crashed (")
        check(told and "the trace is whole" in shown, started.err)
        check("TRACE: pythread-trace: process" in shown, f"no report in its stead: {shown}")


def test(python):
    program = recording.script(python, APP)
    elsewhere(python, program)
    here(python, program)
    waits(python)
    late(python, program)
    crash(python, program)


lttng.main(test, once=True)
