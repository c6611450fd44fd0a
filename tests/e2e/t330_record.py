# SPDX-License-Identifier: MIT
"""record: the program's exit status, a trace that is complete, daemons that are gone afterwards."""

import os
import signal

import e2e
import lttng
import recording
from e2e import check, equal

STATUSES = (("", 0), ("import sys; sys.exit(3)", 3),
            ("import os, signal; os.kill(os.getpid(), signal.SIGTERM)", -signal.SIGTERM),
            ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", -signal.SIGKILL),
            ("import os; os._exit(77)", 77))
CHILD = recording.PLAIN + """
import os, sys
pid = os.fork()
if pid == 0:
    calls_lazy.run()
    os._exit(0)
os.waitpid(pid, 0)
print(os.getpid(), pid, os.getppid(), os.getpgrp())
"""


CLOSED = """
import os
def is_open(fd):
    try:
        os.fstat(fd)
    except OSError:
        return False
    return True
state = [is_open(fd) for fd in range(3)]
with open("opened", "w") as file:
    file.write(str(state))
"""


def statuses(python):
    for end, status in STATUSES:
        run = recording.run(python, recording.script(python, recording.PLAIN + end))
        equal(run.status, status, f"exit status with {end!r}")
        trace = recording.trace_of(run)
        check(trace.named("tss_create"), "keys are in the trace")
        said = recording.Said(run.err)
        name = os.path.basename(said.place)
        pids = {event.context["vpid"] for event in trace.named("tss_create")}
        program = os.path.basename(python.path)
        equal(name, f"pythread-trace-{program}-{e2e.one(pids, 'processes')}", "name of the trace")
        equal(os.path.dirname(said.place), run.directory, "where the trace is")
        recording.no_daemons()


def contents(python):
    run = recording.run(python, recording.script(python, CHILD))
    equal(run.status, 0, "exit status")
    trace = recording.trace_of(run)
    pid, child, parent, group = map(int, run.out.split())
    equal((parent, group), (run.pid, run.pid), "the program is a child in the command's group")
    equal({event.context["vpid"] for event in trace.named("tss_create")}, {pid, child}, "processes")
    for event in trace.named("tss_create"):
        equal(set(event.context), {"vpid", "vtid", "procname", "ip"}, "contexts")
        check(event.context["ip"], "address of the caller")
    for name in ("lttng_ust_statedump:bin_info", "lttng_ust_lib:load"):
        check(name in trace.names(), f"no event {name}: {trace.names()}")
    with open(os.path.join(recording.Said(run.err).place, "metadata"), "rb") as file:
        check(b"{" != file.read(1), "format CTF 1.8")


def options(python):
    run = python.start([e2e.COMMAND, "record", "--error-exitcode", "99", "--format=json",
                        f"--output={python.directory}/report.json", "--trace", "it", "--",
                        *recording.script(python, recording.ERROR)], recording.environment(python))
    equal(run.status, 99, "status of --error-exitcode")
    equal(e2e.Report(os.path.join(python.directory, "report.json")).kinds(),
          {"tss-get-before-create"}, "findings in the report")
    equal([event["kind"] for event in recording.trace_of(run).named("finding")],
          ["tss-get-before-create"], "findings in the trace")


def daemon_of_others(python):
    with lttng.Daemon(python.directory) as daemon:
        other = daemon.session("other")
        run = recording.run(python, recording.script(python, recording.PLAIN), env=daemon.env)
        equal(run.status, 0, "exit status with somebody's daemon")
        check(recording.trace_of(run).named("tss_create"), "keys are in the trace")
        check(daemon.program.process.poll() is None, "somebody's daemon was ended")
        listed = daemon.lttng("list")
        check("other" in listed and "pythread-trace-python" not in listed, f"sessions: {listed}")
        other.destroy()
    recording.no_daemons()


def together(python):
    program = recording.script(python, recording.PLAIN)
    started = [recording.Started(python, program) for _ in range(3)]
    for one in started:
        with one:
            equal(one.end(), 0, f"exit status of several at once: {one.err}")
            check(recording.Said(one.err).complete, one.err)
    recording.no_daemons()


def closed_streams(python):
    """The program finds them as without the tool."""
    program = recording.script(python, recording.PLAIN + CLOSED)
    for closing in ("<&-", ">&-", "<&- >&-", "<&- >&- 2>&-"):
        before = ["/bin/sh", "-c", f'exec "$@" {closing}', "sh"]
        native = python.start([*before, *program])
        run = recording.run(python, program, "--trace", "it", before=before)
        equal((run.status, opened(run)), (native.status, opened(native)), f"with {closing}: {run.err}")
        check(lttng.read(os.path.join(run.directory, "it")).named("tss_create"), "keys are in the trace")
        recording.no_daemons()


def children_ignored(python):
    """Whoever started the command ignores SIGCHLD: the program does too, and its status is told."""
    told = "import signal, sys\nprint(int(signal.getsignal(signal.SIGCHLD)))\nsys.exit(3)\n"
    program = recording.script(python, told)
    run = recording.run(python, program, before=e2e.CHILDREN_IGNORED)
    equal((run.status, run.out), (3, f"{int(signal.SIG_IGN)}\n"), f"where SIGCHLD is ignored: {run.err}")
    check(recording.Said(run.err).complete, run.err)
    recording.no_daemons()


def long_home(python):
    """The names of LTTng's sockets do not fit there, for a user who has them at home."""
    if os.getuid() == 0:
        return
    home = os.path.join(python.directory, "h" * 100)
    os.mkdir(home)
    run = recording.run(python, recording.script(python, recording.PLAIN), env={"HOME": home, "TMPDIR": home},
                        before=["env", "-u", "LTTNG_HOME"])
    equal((run.status, os.listdir(home)), (0, []), f"with a long HOME: {run.err}")
    check(recording.trace_of(run).named("tss_create"), "keys are in the trace")


def opened(run):
    with open(os.path.join(run.directory, "opened"), encoding="utf-8") as file:
        return file.read()


def test(python):
    statuses(python)
    contents(python)
    options(python)
    daemon_of_others(python)
    together(python)
    closed_streams(python)
    children_ignored(python)
    long_home(python)


lttng.main(test, choose=e2e.one_of_each_build)
