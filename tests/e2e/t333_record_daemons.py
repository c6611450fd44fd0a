# SPDX-License-Identifier: MIT
"""record: session daemons that crash, have crashed, are not there, or belong to others."""

import contextlib
import os
import signal
import time

import e2e
import lttng
import recording
from e2e import check, equal

LONG = recording.PLAIN + """
import time
print("ready", flush=True)
time.sleep({seconds})
calls_lazy.run()
print("over", flush=True)
"""


def stale_socket(python):
    """What a daemon leaves that was killed."""
    daemon = lttng.Daemon(python.directory)
    os.makedirs(daemon.home, exist_ok=True)
    daemon.start()
    daemon.stop(signal.SIGKILL)
    run = recording.run(python, recording.script(python, recording.PLAIN))
    equal(run.status, 0, "exit status with a stale socket")
    check(recording.trace_of(run).named("tss_create"), "keys are in the trace")
    recording.no_daemons()


def killed(python):
    """The program goes on; what was before is there, and the end is told."""
    if not lttng.is_ours(python, "daemons that are killed"):
        return
    with recording.Started(python, recording.script(python, LONG.format(seconds=3))) as started:
        equal(started.hear(), "ready", "the program's first line")
        time.sleep(1.8)
        for pid in recording.processes("lttng-"):
            with contextlib.suppress(ProcessLookupError):  # the consumer daemon, with the other one
                os.kill(pid, signal.SIGKILL)
        equal(started.hear(), "over", "the program goes on")
        equal(started.end(), 0, f"exit status: {started.err}")
        check("ended before the program did: the trace is cut off there" in started.err,
              started.err)
        said = recording.Said(started.err)
        check("how many were lost is not known" in said.rest, said.line)
        equal(len(lttng.read(said.place).named("tss_create")), 1, "keys before the end")
    recording.no_daemons()


def others_join(python):
    """A daemon that record started, and somebody else uses: it stays until they have done."""
    daemon = lttng.Daemon(python.directory)
    with recording.Started(python, recording.script(python, LONG.format(seconds=1))) as started:
        equal(started.hear(), "ready", "the program's first line")
        session = daemon.session("other", output=os.path.join(started.directory, "other"))
        session.start()
        equal(started.end(), 0, f"exit status: {started.err}")
        check("is used by others, and runs until they have done" in started.err, started.err)
        check("other" in daemon.lttng("list"), "the other session is there")
        session.destroy()
    recording.no_daemons()


def not_installed(python):
    """A PATH with nothing in it but the tool's own needs."""
    program = recording.script(python, recording.PLAIN)
    run = recording.run(python, program, env={"PATH": python.directory})
    equal((run.status, len(run.err.splitlines())), (125, 1), f"result without LTTng: {run.err}")
    check("lttng-sessiond was not found" in run.err and "lttng-tools" in run.err, run.err)
    equal(os.listdir(run.directory), [], "left in the directory")


def cannot_start(python):
    path = os.path.join(python.directory, "bin")
    os.mkdir(path)
    false = os.path.join(path, "lttng-sessiond")
    with open(false, "w", encoding="utf-8") as file:
        file.write("#!/bin/sh\nexit 1\n")
    os.chmod(false, 0o755)
    run = recording.run(python, ["/bin/true"], env={"PATH": f"{path}:{os.environ['PATH']}"})
    equal((run.status, len(run.err.splitlines())), (125, 1), f"result: {run.err}")
    check("lttng-sessiond cannot be started" in run.err, run.err)
    equal(os.listdir(run.directory), [], "left in the directory")


def test(python):
    stale_socket(python)
    killed(python)
    others_join(python)
    not_installed(python)
    cannot_start(python)


lttng.main(test, once=True)
