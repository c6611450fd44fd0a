# SPDX-License-Identifier: MIT
"""What a trace says is what the report of the same run says: findings, their objects and stacks."""

import os

import e2e
import lttng
import mutexes
import reading
from e2e import check, equal, one

KEYS = """
import warnings
warnings.simplefilter("ignore")
import {module} as ext
for turn in range(10):
    for step in {steps}:
        getattr(ext, step)()
"""
ORDER = """
import threading
import mutex_lock_order as ext
def work(step):
    for turn in range(2):
        step()
for step in (ext.first, ext.second):
    thread = threading.Thread(target=work, args=(step,))
    thread.start()
    thread.join()
"""
TWO_LINES = """
exec(compile("import tss_set_before_create as ext\\next.run()\\n", "two\\nlines.py", "exec"))
"""
MODULES = {
    "tss_set_before_create": ("run",),
    "tss_get_after_delete": ("create", "drop", "run"),
    "tss_double_free": ("create", "drop", "run"),
    "tss_key_growth": ("run",),
    "key_double_delete": ("create", "drop", "run"),
    "tss_copied": ("create", "run"),
}
TOLD = ("error", "warning", "leak")


def told(finding):
    thing = finding["object"]
    return (finding["kind"], finding["severity"], finding["message"], finding["count"],
            finding["thread"]["tid"],
            thing and tuple(thing[name] for name in ("type", "address", "slot", "module", "symbol")))


def owners(report):
    """Live keys by library. The tracer's own libraries delete theirs after the last event."""
    return {owner["module"]: owner["live"] for owner in report.keys["owners"]
            if owner["live"] and "lttng" not in owner["module"]}


def same_stacks(live, read):
    equal([stack["role"] for stack in read["stacks"]], [stack["role"] for stack in live["stacks"]],
          "roles")
    for ours, theirs in zip(read["stacks"], live["stacks"]):
        for name in ("caption", "tid") if ours["role"] != "here" else ("tid",):
            equal(ours[name], theirs[name], f"{name} of {live['kind']}")
        for ends in zip(reading.frames(ours), reading.frames(theirs)):
            equal(*ends, f"frames of {live['kind']}")
        # The tracer writes down where links lead.
        equal(*([os.path.realpath(frame["module"]) for frame in stack["native"]]
                for stack in (ours, theirs)), f"libraries of {live['kind']}")


def compare(run, output):
    live = run.report
    read = reading.Read(output)
    read.whole()
    process = read.process(run.pid)
    at_once = [finding for finding in live.findings if finding["severity"] in TOLD]
    check(at_once, f"the run found nothing: {run.show()}")
    found = [finding for finding in process.findings if finding["severity"] in TOLD]
    equal([told(finding) for finding in found], [told(finding) for finding in at_once], "findings")
    for ours, theirs in zip(found, at_once):
        same_stacks(theirs, ours)
    equal(process.python["version"], live.python["version"], "version of Python")
    equal(owners(process), owners(live), "live keys")
    text = reading.report(output)
    for finding in at_once:
        check(f"pythread-trace: {finding['kind']}: {finding['message']}" in text.stdout,
              f"{finding['kind']} is not in the text")


def line_each(python, daemon):
    """A frame of the Python stack is a line of the event, in a file whose name has two as well."""
    run, output = reading.record(python, daemon, TWO_LINES)
    found = one(reading.Read(output).process(run.pid).find("tss-set-before-create"), "findings")
    frames = reading.frames(found["stacks"][0])[1]
    equal((len(frames), frames[0]), (2, ("<module>", "two?lines.py", 2)), f"Python stack: {frames}")


def test(python):
    with lttng.Daemon(python.directory) as daemon:
        for module, steps in MODULES.items():
            compare(*reading.record(python, daemon, KEYS.format(module=module, steps=steps)))
        if python.version >= mutexes.FIRST:
            compare(*reading.record(python, daemon, ORDER))
        line_each(python, daemon)


lttng.main(test, choose=e2e.one_of_each_build)
