# SPDX-License-Identifier: MIT
"""Bare surroundings while LTTng records: no /proc, no /dev/shm, another root directory, an empty
environment, a home that cannot be written to. The program's result is its own; it is recorded, or
record says in one line why nothing can be, and does not start it."""

import os

import e2e
import lttng
import nobody
import recording
import surroundings
from e2e import check, equal, matches
from surroundings import ERROR, NO_PROC, PROC, RESULT, apart, other_root

NO_SHARED_MEMORY = "mount -t tmpfs -o size={size},ro tmpfs /dev/shm"
TO_READ = "mount -t tmpfs -o ro tmpfs {place}"
# What LTTng needs below another root directory: its daemons' place, and its memory.
SOCKETS = "mkdir -p {root}/var/run && mount --bind /var/run {root}/var/run"
DEVICES = "mkdir {root}/dev && mount --rbind /dev {root}/dev"
NULL = "mkdir {root}/dev && touch {root}/dev/null && mount --bind /dev/null {root}/dev/null"


def errors(trace):
    """Those that were recorded, each of a process of its own."""
    found = [event for event in trace.named("finding") if event["kind"] == ERROR]
    return len({event.context["vpid"] for event in found})


def verify_with_daemon(python, daemon, what, before, is_recorded):
    """By the variables alone, with a session daemon whose surroundings are others."""
    session = daemon.session(contexts=["vpid"])
    session.start()
    run = python.start(before(["env", f"LD_PRELOAD={e2e.LIBRARY}", "PYTHREAD_TRACE_OPTIONS=tracer=on",
                               "LTTNG_UST_REGISTER_TIMEOUT=30000", *surroundings.program(python)]))
    equal((run.status, run.out), RESULT, f"result with {what}")
    check(ERROR in run.err, f"the finding is not reported with {what}")
    if is_recorded:
        equal(errors(session.stop()), 2, f"processes with a recorded finding, with {what}")
    else:
        equal([files for _, _, files in os.walk(session.output) if files], [], f"traces with {what}")
    session.destroy()


def with_daemon(python):
    with lttng.Daemon(python.directory) as daemon:
        for what, before, is_recorded in (
                ("no variables", surroundings.no_variables(python), True),
                ("no /proc", apart(NO_PROC), True),
                ("no /proc, another root", other_root(python, [SOCKETS, DEVICES]), True),
                ("no daemon's place", other_root(python, [PROC, DEVICES]), False),
                ("no shared memory", other_root(python, [PROC, SOCKETS]), False)):
            verify_with_daemon(python, daemon, what, before, is_recorded)


def record(python, before):
    """The run, and where its trace is to be, which is there for every root directory."""
    place = os.path.join(python.directory, f"trace-{len(python.runs)}")
    command = recording.command(surroundings.program(python), f"--trace={place}")
    return python.start(before(command), recording.environment(python)), place


def records(python, what, before):
    run, _ = record(python, before)
    equal((run.status, run.out), RESULT, f"result of record with {what}")
    equal(errors(recording.trace_of(run)), 2, f"processes with a recorded finding, with {what}")
    recording.no_daemons()


def refuses(python, what, before, reason):
    run, place = record(python, before)
    equal((run.status, run.out, len(run.err.splitlines())), (125, "", 1), f"result of record with {what}")
    matches(reason, run.err, f"the reason with {what}")
    check(not os.path.exists(place), f"a directory is left with {what}")
    recording.no_daemons()


def as_root(python):
    records(python, "no variables", surroundings.no_variables(python))
    records(python, "another root", other_root(python, [PROC, SOCKETS, DEVICES]))
    refuses(python, "no /proc", apart(NO_PROC), "/proc is not mounted$")
    for what, before, reason in (
            ("no /dev/shm", other_root(python, [PROC, SOCKETS, NULL]), "No such file or directory"),
            ("nothing at all", other_root(python, [PROC]), "No such file or directory"),
            ("/dev/shm to read", apart(NO_SHARED_MEMORY.format(size="64m")), "Read-only file system")):
        refuses(python, what, before, "^pythread-trace: nothing can be recorded: LTTng needs /dev/shm "
                f"for its buffers, a tmpfs that can be written to: {reason}$")


def home_to_read(python):
    """As a user, whose daemons have their place at home."""
    nobody.needed()
    if python.start([*nobody.COMMAND, "ls", e2e.BUILD, e2e.SOURCE]).status:
        e2e.skip(f"{e2e.BUILD} is not for every user's eyes")
    os.chmod(python.directory, 0o777)
    home = os.path.join(python.directory, "home")
    os.mkdir(home)
    mount = TO_READ.format(place=home)
    user = [*nobody.COMMAND, "env", "-u", "LTTNG_HOME", f"HOME={home}"]
    records(python, "a home to read", lambda argv: apart(mount)([*user, *argv]))
    refuses(python, "no place for sockets", lambda argv: apart(mount)([*user, f"TMPDIR={home}", *argv]),
            "^pythread-trace: there is no place for LTTng's sockets: HOME is not writable or too long, "
            f"and {home}/pythread-trace-.*: Read-only file system$")


def test(python):
    surroundings.needed()
    with_daemon(python)
    as_root(python)
    home_to_read(python)


# LTTng is the same for all.
lttng.main(test, choose=lambda found: nobody.may_run(found)[:1])
