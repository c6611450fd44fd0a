# SPDX-License-Identifier: MIT
"""record --snapshot: written at an error, even when the program crashes right after, and at exit."""

import os
import signal

import e2e
import lttng
import recording
from e2e import check, equal

MANY = """import calls_lazy
for turn in range(20000):
    calls_lazy.run()
"""
CRASH = "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)\n"


def folders(run):
    place = recording.Said(run.err).place
    return [folder for folder, _, files in os.walk(place) if "metadata" in files]


def findings(folder):
    return [event["kind"] for event in lttng.read(folder).named("finding")]


def without_error(python):
    run = recording.run(python, recording.script(python, MANY), "--snapshot", "--trace", "it")
    equal(run.status, 0, "exit status")
    folder = e2e.one(folders(run), "snapshots")
    equal(folder, os.path.join(run.directory, "it"), "a snapshot alone is the trace")
    trace = lttng.read(folder)
    check(trace.named("tss_delete"), "the newest events are in it")
    check(len(trace.named("tss_create")) < 20000, "it has no more than the buffers hold")
    said = recording.Said(run.err)
    equal(said.count, len(trace), said.line)
    recording.no_daemons()


def with_error(python):
    program = recording.script(python, MANY + recording.ERROR + "import time\ntime.sleep(1)\n" + MANY)
    run = recording.run(python, program, "--snapshot", "--trace", "it")
    equal(run.status, 0, "exit status")
    found = [findings(folder) for folder in folders(run)]
    equal(len(found), 2, f"one snapshot at the error and one at exit: {run.err}")
    check(["tss-get-before-create"] in found, f"the error is in a snapshot: {found}")


def with_crash(python):
    for turn in range(3):
        run = recording.run(python, recording.script(python, MANY + recording.ERROR + CRASH),
                            "--snapshot", "--trace", "it")
        equal(run.status, -signal.SIGKILL, "exit status")
        found = [findings(folder) for folder in folders(run)]
        check(["tss-get-before-create"] in found, f"turn {turn}: {found} in {run.err}")
    recording.no_daemons()


def test(python):
    without_error(python)
    with_error(python)
    with_crash(python)


lttng.main(test, choose=e2e.one_of_each_build)
