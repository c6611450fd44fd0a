# SPDX-License-Identifier: MIT
"""record: --events, --context and --overwrite, and the same in the environment."""

import os

import e2e
import lttng
import recording
from e2e import check, equal, matches

# As fast as it can, into the buffers of one processor, emptied by a daemon that is stopped meanwhile.
FLOOD = """import calls_lazy, os, signal
os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
for name in filter(str.isdigit, os.listdir("/proc")):
    with open("/proc/" + name + "/comm") as file:
        if file.read().startswith("lttng-consumerd"):
            os.kill(int(name), signal.SIGSTOP)
            stopped = int(name)
for turn in range(20000):
    calls_lazy.run()
import tss_get_before_create
tss_get_before_create.run()
for name in filter(str.isdigit, os.listdir("/proc")):
    with open("/proc/" + name + "/comm") as file:
        if file.read().startswith("lttng-consumerd"):
            os.kill(int(name), signal.SIGCONT)
"""
OURS = "pythread:"


def ours(trace):
    return {event.name for event in trace if event.name.startswith(OURS)}


def events(python):
    program = recording.script(python, recording.PLAIN + recording.ERROR)
    for how in ({"options": ["--events=pythread:tss_create,pythread:find*"]},
                {"env": {"PYTHREAD_TRACE_OPTIONS":
                         r"events=pythread\:tss_create,pythread\:find*:trace=it"}}):
        run = recording.run(python, program, *how.get("options", []), env=how.get("env"))
        equal(run.status, 0, f"exit status: {run.err}")
        equal(ours(recording.trace_of(run)) - {"pythread:finding_story"},
              {"pythread:tss_create", "pythread:finding"}, f"events with {how}")


def unknown_event(python):
    run = recording.run(python, ["/bin/true"], "--events=python:*,pythread:nosuch,pythread:finding")
    equal((run.status, run.out), (2, ""), f"result: {run.err}")
    matches("^pythread-trace: --events: there is no event 'pythread:nosuch'", run.err, "line about it")
    equal(os.listdir(run.directory), [], "left in the directory")
    run = recording.run(python, ["/bin/true"], "--events")
    equal((run.status, run.out), (2, ""), f"result: {run.err}")
    matches("^pythread-trace: --events: '--' is no event", run.err, "line about a list that was forgotten")


def contexts(python):
    run = recording.run(python, recording.script(python, recording.PLAIN),
                        "--context", "vuid,pthread_id,vpid")
    for event in recording.trace_of(run).named("tss_create"):
        equal(set(event.context), {"vpid", "vtid", "procname", "ip", "vuid", "pthread_id"},
              "contexts")
        equal(event.context["vuid"], os.getuid(), "user")


def losses(python):
    if not lttng.is_ours(python, "events that are lost"):
        return
    run = recording.run(python, recording.script(python, FLOOD))
    equal(run.status, 0, f"exit status: {run.err}")
    said = recording.Said(run.err)
    lost = int(matches(r"^(\d+) events lost$", said.lost, said.line).group(1))
    check(lost > 1000, said.line)
    trace = lttng.read(said.place)
    equal(said.count, len(trace), said.line)
    check(not trace.named("finding"), "the newest events are lost")
    check("racer discarded" in trace.warnings, f"babeltrace2 says so too: {trace.warnings}")


def overwrite(python):
    if not lttng.is_ours(python, "events that are overwritten"):
        return
    run = recording.run(python, recording.script(python, FLOOD), "--overwrite")
    equal(run.status, 0, f"exit status: {run.err}")
    said = recording.Said(run.err)
    matches(r"^\d+ packets? of older ones overwritten$", said.lost, said.line)
    check(lttng.read(said.place).named("finding"), "the newest events are there")


def test(python):
    events(python)
    unknown_event(python)
    contexts(python)
    losses(python)
    overwrite(python)


lttng.main(test, once=True)
