# SPDX-License-Identifier: MIT
"""How fast `report` reads a trace of five million events, and in how much memory: beside babeltrace2
itself, which reads the same trace and throws it away. Events per second of computing time: both use
one processor. Prints figures and whether they are ok; fails nothing."""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "e2e"))

EVENTS = 5000000
WANTED = 500000  # events a second
MEMORY_MB = 100
ROUNDS = 3
MUTEXES = 50

# Rounds of requests, acquisitions and unlocks, and of uses of a key.
BLOCK = """
repeat {count} mutex_lock_req mutex={mutex:#x} caller=0x400100
repeat {count} mutex_lock_acq mutex={mutex:#x} sure=1 caller=0x400100
repeat {count} mutex_unlock mutex={mutex:#x} caller=0x400200
repeat {count} tss_get key=0x500000 slot=3 value=0x1 caller=0x400300
"""


def record(lttng, directory):
    """Where the trace is, and how many events are in it."""
    script = "".join(BLOCK.format(count=EVENTS // 4 // MUTEXES, mutex=0x600000 + 64 * number)
                     for number in range(MUTEXES))
    with lttng.Daemon(directory) as daemon:
        session = daemon.session("read", events=())
        session.lttng("enable-channel", "--userspace", "--subbuf-size=16M", "--num-subbuf=8",
                      "--blocking-timeout=inf", "big")
        session.lttng("enable-event", "--userspace", "pythread:*", "--channel=big")
        for context in ("vpid", "vtid", "procname", "ip"):
            session.lttng("add-context", "--userspace", f"--type={context}", "--channel=big")
        session.start()
        daemon.env["LTTNG_UST_ALLOW_BLOCKING"] = "1"
        lttng.emit(daemon, script)
        daemon.lttng("stop", session.name)
        session.destroy()
    return session.output, lttng.count(session.output)


def measure(*argv):
    """The best computing time of some rounds, and the memory of the largest, in MB."""
    best, memory = None, 0
    for _ in range(ROUNDS):
        child = subprocess.Popen(argv, stdout=subprocess.DEVNULL)
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode:
            sys.exit(f"bench: {argv}: status {child.returncode}")
        took = used.ru_utime + used.ru_stime
        best = took if best is None else min(best, took)
        memory = max(memory, used.ru_maxrss / 1024)
    return best, memory


def show(name, count, seconds, memory, wanted):
    speed = count / seconds
    verdict = "" if wanted is None else "  ok" if speed >= wanted and memory <= MEMORY_MB else "  over"
    print(f"  {name:32} {speed / 1e6:8.2f} M/s {memory:8.0f} MB{verdict}", flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", required=True)
    arguments = parser.parse_args()
    os.environ["PT_BUILD"] = arguments.build
    import lttng  # which looks for the build when it is imported
    lttng.enter()
    report = os.path.join(arguments.build, "src", "babeltrace", "report")
    directory = tempfile.mkdtemp(prefix="pythread-trace-")
    try:
        trace, count = record(lttng, directory)
        print(f"\nReading a trace of {count} events (ok: {WANTED / 1e6} M/s, {MEMORY_MB} MB)")
        seconds, memory = measure(report, trace)
        show("report", count, seconds, memory, WANTED)
        seconds, memory = measure("babeltrace2", "--output-format=dummy", trace)
        show("babeltrace2, to nowhere", count, seconds, memory, None)
    finally:
        shutil.rmtree(directory, ignore_errors=True)


main()
