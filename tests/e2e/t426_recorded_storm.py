# SPDX-License-Identifier: MIT
"""Signals at every moment, with a handler in Python, while all that threads do with keys and mutexes is
recorded: the program ends as it does without, and its trace can be read."""

import os

import e2e
import lttng
import recording
import storm
from e2e import check, equal


def test(python):
    program = recording.script(python, storm.APP)
    run = recording.run(python, [*program, *storm.PROFILER, storm.MANY], "--snapshot", "--trace", "it")
    equal((run.status, run.out), storm.RESULT, "result")
    said = recording.Said(run.err)
    snapshots = [folder for folder, _, files in os.walk(said.place) if "metadata" in files]
    equal((said.count, said.complete), (sum(map(lttng.count, snapshots)), True), said.line)
    check(said.count > 10000, said.line)
    recording.no_daemons()


def newest(found):
    return sorted(e2e.one_of_each_build(found), key=lambda one: one["version"])[-1:]


lttng.main(test, choose=newest)
