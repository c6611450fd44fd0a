# SPDX-License-Identifier: MIT
"""Plain lttng and the preload: all events in order, contexts, filters, log levels; many sessions."""

import os

import e2e
import lttng
import mutexes
from e2e import check, equal, one

RUNS = 5
APP = f"""
import calls_lazy
for turn in range({RUNS}):
    assert calls_lazy.run() == 0
"""
THREADS = 3
# Nanoseconds that it is held, how often. Long holds are waited for, on a busy machine too; short ones
# are over before a waiter has gone to sleep.
CONTESTS = (2000000, 30), (300, 300)
MUTEX_APP = f"""
import mutex_bench
for hold, rounds in {CONTESTS}:
    print(mutex_bench.contend({THREADS}, hold, rounds)[0])
"""
BUG = """
import tss_get_before_create
tss_get_before_create.run()
"""

KEY_EVENTS = ("tss_alloc", "tss_create", "tss_is_created", "tss_set", "tss_get", "tss_delete",
              "tss_free", "key_create", "key_set", "key_get", "key_delete_value", "key_delete")
CONTEXTS = ["vpid", "vtid", "procname", "ip"]


def run(python, daemon, app):
    run = python.script(app, tool="preload", env=daemon.env)
    equal(run.status, 0, "exit status")
    return run


def of_extension(trace, pid, start):
    """What that extension did. start: which of all events can tell by its module."""
    equal({event.context["vpid"] for event in trace}, {pid}, "processes in the trace")
    keys = {event["key"] for event in trace.named("tss_alloc") if start in event["module"]}
    slots = {event["slot"] for event in trace.named("key_create") if start in event["module"]}
    return [event for event in trace if event.fields.get("key") in keys
            or event.name.startswith("pythread:key_") and event["slot"] in slots]


def keys(python, trace, pid):
    ours = of_extension(trace, pid, "calls_lazy")
    names = [event.name.removeprefix("pythread:") for event in ours]
    # Each round is the same, but for keys' numbers that are other libraries' between.
    for name in KEY_EVENTS:
        equal(names.count(name), RUNS, f"events {name}")
    equal(names[:len(KEY_EVENTS)], list(KEY_EVENTS), "events of one round")
    for event in ours:
        equal(event.context["vtid"], pid, "thread")
        check(event.context["procname"], "no procname")
        equal(event.context["ip"], event["caller"], "ip")
    first = dict(zip(names, ours))
    slot = first["tss_create"]["slot"]
    check(slot >= 0 and first["tss_alloc"]["slot"] == -1, "slots of tss_alloc and tss_create")
    for name in ("tss_set", "tss_get", "tss_delete"):
        equal(first[name]["slot"], slot, f"slot of {name}")
    equal(first["tss_set"]["value"], first["tss_get"]["value"], "value")
    equal(first["tss_is_created"]["result"], 1, "result of tss_is_created")
    for name in ("tss_create", "tss_delete", "tss_alloc", "tss_free", "key_create", "key_delete"):
        check(first[name]["stack"], f"no stack of {name}")
        check(first[name]["python_stack"], f"no Python stack of {name}")
    stacks = {event["id"]: event["frames"] for event in trace.named("python_stack")}
    check("app.py" in stacks[first["tss_create"]["python_stack"]], "app.py is not in the stack")


def names_come_first(trace):
    named = set()
    for event in trace:
        if event.name == "pythread:object_name":
            check(event["name"], "an empty name")
            named.add(event["object"])
        elif "key" in event.fields or "mutex" in event.fields:
            thing = event.fields.get("key", event.fields.get("mutex"))
            check(thing in named, f"there is no name before {event}")


def levels(trace):
    equal(trace.names() & {"pythread:tss_get", "pythread:tss_set", "pythread:key_get",
                           "pythread:tss_is_created"}, set(), "events above the log level")
    check("pythread:tss_create" in trace.names(), "no tss_create")


def test_keys(python, daemon):
    everything = daemon.session("everything", events=["pythread:*"], contexts=CONTEXTS)
    some = daemon.session("levels", events=[])
    some.enable("pythread:*", "--loglevel=INFO")
    only = daemon.session("only", events=[])
    only.enable("pythread:*", "--loglevel-only=DEBUG_LINE")
    values = daemon.session("values", events=[])
    values.enable("pythread:tss_set", '--filter=slot >= 0 && value != 0 && $ctx.procname == "*"')
    sessions = [everything, some, only, values]
    for session in sessions:
        session.start()
    pid = run(python, daemon, APP).pid
    everything, some, only, values = [session.stop() for session in sessions]
    keys(python, everything, pid)
    names_come_first(everything)
    levels(some)
    equal(only.names(), {"pythread:tss_get", "pythread:tss_is_created", "pythread:key_get"},
          "events of one level")
    equal(values.names(), {"pythread:tss_set"}, "events that are filtered")
    equal(len(values), len(everything.named("tss_set")), "events that pass the filter")


def holds(trace):
    """Waits and holds of each mutex and thread, checked for their order."""
    open_requests, owners, found = {}, {}, []
    for event in trace.named("mutex_lock_req", "mutex_lock_acq", "mutex_unlock"):
        mutex, thread = event["mutex"], event.context["vtid"]
        if event.name == "pythread:mutex_lock_req":
            check((mutex, thread) not in open_requests, "asked twice")
            open_requests[mutex, thread] = event
        elif event.name == "pythread:mutex_lock_acq":
            check(mutex not in owners, f"{event}: held by {owners.get(mutex)}")
            owners[mutex] = thread, event
            found.append((open_requests.pop((mutex, thread)), event))
        else:
            equal(owners.pop(mutex, (None,))[0], thread, f"owner at {event}")
    equal(open_requests, {}, "waits without an end")
    equal(owners, {}, "holds without an end")
    return found


def test_mutexes(python, daemon):
    if python.version < mutexes.FIRST:
        return
    session = daemon.session("mutexes", events=["pythread:mutex_*", "pythread:object_name"],
                             contexts=CONTEXTS)
    contended = daemon.session("contended", events=[])
    contended.enable("pythread:mutex_lock_acq", "--filter=contended == 1")
    session.start()
    contended.start()
    sums = [THREADS * rounds for _, rounds in CONTESTS]
    equal(run(python, daemon, MUTEX_APP).out.split(), list(map(str, sums)), "output")
    trace, waits = session.stop(), contended.stop()
    named = one([event for event in trace.named("object_name")
                 if event["name"].startswith("bench_mutex")], "names of bench_mutex")
    check(named["type"] == "mutex" and "mutex_bench" in named["module"], f"{named}")
    trace[:] = [event for event in trace
                if event.fields.get("mutex") in (None, named["object"])]
    pairs = holds(trace)
    equal(len(pairs), sum(sums), "holds")
    equal(len({taken.context["vtid"] for _, taken in pairs}), THREADS * len(CONTESTS), "threads")
    equal(sum(taken["contended"] for _, taken in pairs), len(waits), "contended ones")
    check(len(waits) > 0, "no contention")
    for event in waits:
        check(event["stack"], "no stack of a wait")
    names_come_first(trace)


def test_findings(python, daemon):
    errors = daemon.session("errors", events=[], contexts=["vtid"])
    errors.enable("pythread:finding", '--filter=severity == "error"')
    notes = daemon.session("notes", events=[])
    notes.enable("pythread:finding", '--filter=severity == "note"')
    errors.start()
    notes.start()
    run(python, daemon, BUG)
    found = errors.stop()
    equal({event["kind"] for event in found}, {"tss-get-before-create"}, "kinds")
    equal({event.loglevel for event in found}, {"TRACE_ERR"}, "log level")
    check(found[0]["message"] and found[0]["stack"], "an empty finding")
    equal({event["severity"] for event in notes.stop()} - {"note"}, set(), "other severities")


def test(python):
    with lttng.Daemon(python.directory) as daemon:
        test_keys(python, daemon)
        test_mutexes(python, daemon)
        test_findings(python, daemon)


lttng.main(test, choose=e2e.one_of_each_build)
