# SPDX-License-Identifier: MIT
"""The session daemon is killed: the program goes on, its status is its own, another daemon records."""

import os
import signal

import e2e
import lttng
from e2e import check, equal

RUN = "import calls_lazy\nassert calls_lazy.run() == 0\n"
STATUS = 7


def killed(python, daemon):
    """What was recorded before is there; the program notices nothing."""
    session = daemon.session("before")
    session.start()
    with lttng.Python(python, daemon.env) as program:
        program.tell(RUN)
        daemon.lttng("rotate", "before")
        daemon.stop(signal.SIGKILL)
        for _ in range(200):
            program.tell(RUN)
        program.tell("import os\nif not os.fork():\n    import calls_lazy\n    os._exit(calls_lazy.run())\n"
                     "assert os.wait()[1] == 0\n")
        program.say(repr(f"sys.exit({STATUS})") + "\n")
        equal(program.end(), STATUS, "exit status")
        report = e2e.Report(program.report)
    equal(report.kinds(), set(), "findings")
    check(report.calls("PyThread_tss_create") >= 201, "the program's calls are not in its report")
    trace = lttng.read(os.path.join(session.output, "archives"))
    check("pythread:tss_create" in trace.names(), "what was written before is lost")


def stale(python, daemon):
    """A socket is there, but nobody listens."""
    run = python.script(RUN + "import sys\nwith open('/proc/self/maps') as file:\n    maps = file.read()\n"
                        f"sys.exit({STATUS} if 'lttng-ust' not in maps else 1)\n",
                        tool="preload", env=daemon.env)
    equal((run.status, run.out, run.err), (STATUS, "", ""), "with a stale socket")
    run.clean()


def another(python, daemon):
    """A program that outlives one daemon is recorded by the next."""
    with lttng.Python(python, daemon.env) as program:
        daemon.wait_for_program(program.pid)
        daemon.stop(signal.SIGKILL)
        program.tell(RUN)
        daemon.start()
        daemon.wait_for_program(program.pid)
        session = daemon.session("after")
        session.start()
        program.tell(RUN)
        equal(program.end(), 0, "exit status")
    trace = session.stop()
    made = [event for event in trace.named("tss_create") if "calls_lazy" in event["module"]]
    equal(len(made), 1, "creations after the daemon came back")
    check("pythread_statedump:process" in trace.names(), "no statedump")


def test(python):
    with lttng.Daemon(python.directory) as daemon:
        killed(python, daemon)
        stale(python, daemon)
        daemon.start()
        another(python, daemon)


lttng.main(test, choose=e2e.one_of_each_build)
