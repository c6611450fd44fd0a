# SPDX-License-Identifier: MIT
"""Snapshots of a running program's last events, and rotation of a trace into archives."""

import os

import e2e
import lttng
from e2e import check, equal

RUN = "import calls_lazy\ncalls_lazy.run()\n"


def creations(trace):
    return len([event for event in trace.named("tss_create") if "calls_lazy" in event["module"]])


def snapshots(program, daemon):
    session = daemon.session("flight", create=["--snapshot"])
    session.start()
    for turn in range(1, 4):
        program.tell(RUN)
        session.lttng("snapshot", "record")
        taken = sorted((os.path.join(session.output, name) for name in os.listdir(session.output)),
                       key=os.path.getmtime)
        equal(len(taken), turn, "snapshots")
        equal(creations(lttng.read(taken[-1])), turn, f"events in snapshot {turn}")
    session.destroy()


def rotation(program, daemon):
    session = daemon.session("rotated")
    session.start()
    for _ in range(3):
        program.tell(RUN)
        daemon.lttng("rotate", "rotated")
    program.tell(RUN)
    program.tell(RUN)
    trace = session.stop()
    archives = os.path.join(session.output, "archives")
    chunks = [os.path.join(archives, name) for name in sorted(os.listdir(archives))]
    parts = [creations(lttng.read(chunk)) for chunk in chunks]
    check(parts[:3] == [1, 1, 1], f"events in each archive: {parts}")
    equal(creations(trace), 5, "events in all of it")
    equal([event.name for event in trace][:2], ["pythread_statedump:start",
                                                "pythread_statedump:process"], "beginning")


def test(python):
    with lttng.Daemon(python.directory) as daemon:
        with lttng.Python(python, daemon.env) as program:
            daemon.wait_for_program(program.pid)
            snapshots(program, daemon)
            rotation(program, daemon)
            equal(program.end(), 0, "exit status")


lttng.main(test, choose=e2e.one_of_each_build)
