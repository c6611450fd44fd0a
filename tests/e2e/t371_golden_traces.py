# SPDX-License-Identifier: MIT
"""What the views show of the recorded traces is what is written down beside them, and what a script
that does not know the views derives; of random events with losses, both say the same."""

import difflib
import glob
import os
import shutil
import sys

import e2e
from e2e import check, equal

TRACES = os.path.join(e2e.SOURCE, "tests", "trace")
sys.path.insert(0, TRACES)
import intervals  # noqa: E402
import random_events  # noqa: E402
import views  # noqa: E402

FILES = sorted(glob.glob(os.path.join(e2e.SOURCE, "scripts", "trace-compass", "*.xml")))
NAMES = ("contention", "late", "keys")
SEQUENCES = 150


def same(actual, wanted, what):
    difference = list(difflib.unified_diff(wanted, actual, "wanted", "got", lineterm="", n=0))
    check(not difference, f"{what}:\n" + "\n".join(difference[:40]))


def written(name):
    with open(os.path.join(TRACES, f"{name}.expected"), encoding="utf-8") as file:
        return [line for line in file.read().splitlines() if not line.startswith("#")]


def states(lines, *columns):
    """The states of rows that begin so."""
    return [line.split(" | ")[-1] for line in lines if line.split(" | ")[:len(columns)] == list(columns)]


def told(name, lines, events):
    """That the traces have in them what they are kept for."""
    kinds = {line.split(" | ")[0] for line in lines}
    processes = {line.split(" | ")[1] for line in lines}
    if name == "contention":
        equal(len(processes), 2, "processes")
        check({"mutexes", "threads", "segments"} <= kinds, f"kinds: {kinds}")
        waits = {line.split(" | ")[1] for line in lines if line.startswith("segments")
                 and line.endswith(" wait")}
        equal(waits, processes, "processes with waits")
    elif name == "late":
        check("discarded" in events.warnings, "no events were lost")
        first = next(event.ns for event in events if event.name == "pythread_statedump:end")
        earlier = [event.name for event in events if event.ns < first]
        check("pythread_statedump:mutex" in earlier, "nothing was there when recording began")
        check("pythread:mutex_lock_acq" not in earlier, "recording began before the first lock")
    else:
        equal(set(states(lines, "findings", *processes, "key-growth", "-")), {"leak"}, "key-growth")
        equal(states(lines, "findings", *processes, "tss-set-before-create", "-") or
              states(lines, "findings", *processes, "tss-set-after-delete", "-"), ["error"], "error")


def test(_):
    if not shutil.which("babeltrace2"):
        e2e.skip("babeltrace2 is not installed")
    for name in NAMES:
        events = intervals.read(os.path.join(TRACES, name))
        lines = written(name)
        same(intervals.Table(events).lines(), lines, f"{name}, derived")
        same(views.lines(FILES, events), lines, f"{name}, by the views")
        told(name, lines, events)
    for seed in range(SEQUENCES):
        events = random_events.sequence(seed)
        same(views.lines(FILES, events), intervals.Table(events).lines(), f"random events {seed}")


e2e.main(test, once=True)
