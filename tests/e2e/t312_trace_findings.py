# SPDX-License-Identifier: MIT
"""A trace has the findings that the report has, with the same stories, however the program ends."""

from collections import Counter

import e2e
import lttng
import mutexes
import tracing
from e2e import check, equal, one

MODULES = ("tss_set_after_delete", "tss_get_before_create", "tss_double_free", "tss_use_after_free",
           "tss_uninitialized", "key_double_delete", "key_set_before_create", "tss_key_live",
           "tss_copied", "tss_key_lost")
STEPS = ("create", "drop", "run")

APP = """
import os, sys, {modules}
def main():
    for module in ({modules}):
        for step in {steps}:
            if hasattr(module, step):
                getattr(module, step)()
    for _ in range(9):
        key_growth.run()
main()
{end}
"""
ENDS = {
    "exit": "",
    "exit handler": "import atexit; atexit.register(lambda: key_growth.run())",
    "_exit": "os._exit(0)",
    "exec": "os.execv(sys.executable, [sys.executable, '-c', 'print(1)'])",
    "exception": "raise SystemExit(3)",
}

DEADLOCK = """
import mutex_deadlock as ext, os, threading, time
def first(): ext.first()
def second(): ext.second()
for step in first, second:
    threading.Thread(target=step, daemon=True).start()
while not ext.stuck():
    time.sleep(0.01)
time.sleep(0.1)
os._exit(0)
"""

HANG = """
import mutex_long_wait, ctypes, os, threading, time
mutex = ctypes.c_uint8()
lock = ctypes.pythonapi.PyMutex_Lock
lock.restype = None
lock(ctypes.byref(mutex))
threading.Thread(target=lock, args=(ctypes.byref(mutex),), daemon=True).start()
time.sleep(1)
os._exit(0)
"""


def modules():
    return ", ".join((*MODULES, "key_growth"))


def told(trace):
    """The findings of a trace, each with its stories as roles and stacks."""
    found = []
    for event in tracing.of(trace, "finding", "finding_story"):
        if event.name.endswith("finding"):
            found.append((event, []))
            if event["stack"]:
                found[-1][1].append(("here", event["stack"]))
        else:
            equal(event["finding"], found[-1][0]["id"], "the finding that a story belongs to")
            if event["role"] != "here":
                found[-1][1].append((event["role"], event["stack"] or [event["caller"]]))
    equal(len({event["id"] for event, _ in found}), len(found), "different ids")
    return found


def stories(finding):
    """A report has the address of the call, a trace that to which it returns."""
    return sorted((stack["role"], [int(frame["ip"], 16) + 1 for frame in stack["native"] or ()])
                  for stack in finding["stacks"])


def same(trace, report):
    """As in the report."""
    found = told(trace)
    counts = Counter()
    for event, _ in found:
        counts[event["kind"]] += event["count"]
    reported = Counter()
    for finding in report.findings:
        reported[finding["kind"]] += finding["count"]
    equal(counts, reported, "how often each was found")
    for finding in report.findings:
        alike = [(event, places) for event, places in found
                 if event["kind"] == finding["kind"] and event["message"] == finding["message"]
                 and sorted(places) == stories(finding)]
        check(alike, f"not in the trace: {finding['kind']}: {stories(finding)} of "
                     f"{[(e['message'], sorted(p)) for e, p in found if e['kind'] == finding['kind']]}")
        for event, _ in alike:
            equal(event["severity"], finding["severity"], "severity")
            equal(event["type"], finding["object"]["type"] or "", "type")
            equal(event.loglevel.split()[0], "TRACE_ERR", "log level")


def every_end(python):
    for name, end in ENDS.items():
        run, trace = tracing.record(python, APP.format(modules=modules(), steps=STEPS, end=end))
        equal(run.status, 3 if name == "exception" else 0, f"status of {name}")
        _, stacks = tracing.sound(trace)
        if name == "exec":  # the report is the new program's
            check(tracing.of(trace, "finding", kind="key-growth"), "no leak before exec")
            continue
        same(trace, run.report)
        for event, _ in told(trace):
            if event["severity"] == "error":
                frames = stacks[event.context["vpid"], event["python_stack"]]
                check(frames.startswith("main ("), f"Python stack of {event}: {frames}")


def deadlock(python):
    run, trace = tracing.record(python, DEADLOCK)
    names, _ = tracing.sound(trace)
    same(trace, run.report)
    event = one(tracing.of(trace, "finding", kind="mutex-deadlock"), "deadlocks")
    name = names[event.context["vpid"], "mutex", event["object"]]
    equal(name, f"cache_mutex in {python.extension('mutex_deadlock')}", "name")
    for story in tracing.of(trace, "finding_story", finding=event["id"]):
        check(story["tid"] and story["caption"], f"{story}")
    threads = {story["tid"] for story in tracing.of(trace, "finding_story", finding=event["id"])}
    equal(len(threads), 2, "threads")
    check(event.context["vtid"] in threads, "the thread that closes the ring")
    held = tracing.locked_in_order(trace)
    equal({thread[-1] for thread in held.values()}, threads, "who holds mutexes in the end")


def hang(python):
    """The watchdog tells it, of another thread."""
    _, trace = tracing.record(python, HANG, options={"watchdog": "0.2"})
    tracing.sound(trace)
    event = one(tracing.of(trace, "finding", kind="hang"), "hangs")
    asked = one(tracing.of(trace, "mutex_lock_req", mutex=event["object"])[1:], "who waits")
    story = one(tracing.of(trace, "finding_story", finding=event["id"], role="here"), "where")
    equal(story["tid"], asked.context["vtid"], "who waits")
    equal(story["stack"], event["stack"], "stack")


def test(python):
    every_end(python)
    if python.version >= mutexes.FIRST:
        deadlock(python)
        hang(python)


lttng.main(test, choose=e2e.one_of_each_build)
