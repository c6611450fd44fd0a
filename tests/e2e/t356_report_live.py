# SPDX-License-Identifier: MIT
"""A session that is followed while it records, through a relay daemon: findings as they come, the
whole report when it ends or at Ctrl-C."""

import os
import re
import signal
import subprocess
import time

import lttng
import reading
from e2e import check, equal, matches

APP = """
import sys
import tss_set_before_create as ext
print("begun", flush=True)
sys.stdin.readline()
ext.run()
sys.stdin.readline()
"""
LATE = "1 process began before this report joined the session: "


def follow(url, log, env=None):
    with open(log, "wb") as file:
        return subprocess.Popen([reading.REPORT, "--live", url], stdout=file, stderr=subprocess.STDOUT,
                                env={**os.environ, "LC_ALL": "C.UTF-8", **(env or {})})


def said(log):
    with open(log, encoding="utf-8", errors="replace") as file:
        return file.read()


def told(log, found):
    """Waits for the reader to say so."""
    try:
        lttng.wait_until(lambda: found in said(log), f"{found!r}")
    except AssertionError as error:
        raise AssertionError(f"{error}; what the reader says: {said(log)!r}") from error


def joined(relay, name):
    """A relay daemon shows a reader nothing of what came before."""
    clients = re.compile(rf"/{name} \(.* 1 client\(s\) connected\b")

    def listed():
        listing = subprocess.run(["babeltrace2", "--input-format=lttng-live", relay.listing_url], check=False,
                                 capture_output=True, text=True, timeout=lttng.TIMEOUT)
        return clients.search(listing.stdout)

    lttng.wait_until(listed, "the reader at the relay daemon")


def dumps(relay):
    """How often a process has told what there is, of all that was sent."""
    read = subprocess.run(["babeltrace2", relay.output], check=False, capture_output=True, text=True,
                          timeout=lttng.TIMEOUT)
    return read.stdout.count(" pythread_statedump:end: ")


def another_dump(relay, before):
    lttng.wait_until(lambda: dumps(relay) > before, "what there is, at the relay daemon")


def watch(python, daemon, relay, name, end):
    session = daemon.session(name, events=reading.EVENTS, contexts=reading.CONTEXTS, output="",
                             create=["--live", f"--set-url={relay.url}"])
    session.start()
    before = dumps(relay)
    path = os.path.join(python.directory, "app.py")
    with open(path, "w", encoding="utf-8") as file:
        file.write(APP)
    program = subprocess.Popen([python.path, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                               stderr=subprocess.DEVNULL, text=True,
                               env={**os.environ, **daemon.env, "PYTHONPATH": python.extensions,
                                    "LD_PRELOAD": reading.PRELOADED})
    equal(program.stdout.readline(), "begun\n", "what the program says")
    another_dump(relay, before)
    log = os.path.join(python.directory, f"{name}.log")
    reader = follow(relay.live_url(name), log)
    try:
        joined(relay, name)
        program.stdin.write("\n")
        program.stdin.flush()
        told(log, "ERROR: pythread-trace: tss-set-before-create: ")
        check(program.poll() is None and reader.poll() is None, "somebody has ended")
        end(reader, session, program, relay)
        equal(reader.wait(60), 0, f"exit status of the reader: {said(log)}")
        matches(rf"^=={program.pid}==SUMMARY: pythread-trace: 1 error, ", said(log), "the summary")
        equal(LATE in said(log), end is not interrupt, f"that there was more is said: {said(log)}")
    finally:
        reader.kill()
        program.kill()
        program.wait()
    return log


def end_session(_reader, session, program, _relay):
    program.communicate("\n")
    session.daemon.lttng("stop", session.name)
    session.destroy()


def interrupt(reader, session, _program, relay):
    """Before that, what there is is told again."""
    before = dumps(relay)
    session.daemon.lttng("regenerate", "statedump", f"--session={session.name}")
    another_dump(relay, before)
    time.sleep(2)  # the reader asks ten times a second
    reader.send_signal(signal.SIGINT)


def children(pid):
    with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:
        return [int(number) for number in file.read().split()]


def broken(reader, session, program, relay):
    """babeltrace2 breaks down, and the session is followed on."""
    for _ in range(2):
        first = children(reader.pid)
        equal(len(first), 1, "processes that read")
        os.kill(first[0], signal.SIGABRT)
        lttng.wait_until(lambda: children(reader.pid) not in ([], first), "another reader")
    time.sleep(1)
    lttng.emit(session.daemon, "tss_create key=0x10 slot=5 result=0\n")
    end_session(reader, session, program, relay)


def growing(python, daemon, relay):
    """The trace's metadata grows while it is read, which babeltrace2 does not always survive."""
    session = daemon.session("growing", events=reading.EVENTS, contexts=reading.CONTEXTS, output="",
                             create=["--live", f"--set-url={relay.url}"])
    session.start()
    env = {**daemon.env, "LD_PRELOAD": "liblttng-ust-dl.so", "LTTNG_UST_REGISTER_TIMEOUT": "-1"}
    subprocess.run(["sleep", "0.1"], env={**os.environ, **env}, check=True)
    log = os.path.join(python.directory, "growing.log")
    reader = follow(relay.live_url("growing"), log, {"MALLOC_PERTURB_": "165"})
    joined(relay, "growing")
    for _ in range(2):
        run = reading.run(python, daemon, "import tss_set_before_create as ext; ext.run()")
        told(log, f"=={run.pid}==ERROR: pythread-trace: tss-set")
    session.daemon.lttng("stop", session.name)
    session.destroy()
    equal(reader.wait(60), 0, f"exit status of the reader: {said(log)}")
    matches(rf"^=={run.pid}==SUMMARY: pythread-trace: 1 error, ", said(log), "the summary")
    check("began before" not in said(log), f"no process had begun: {said(log)}")


def broken_for_good(python, daemon, relay):
    """It says so, once."""
    session = daemon.session("fourth", events=reading.EVENTS, output="",
                             create=["--live", f"--set-url={relay.url}"])
    session.start()
    log = os.path.join(python.directory, "fourth.log")
    reader = follow(relay.live_url("fourth"), log)
    deadline = time.monotonic() + 60
    while reader.poll() is None and time.monotonic() < deadline:
        for child in children(reader.pid):
            os.kill(child, signal.SIGSEGV)
        time.sleep(0.05)
    equal(reader.wait(1), 125, "exit status")
    matches(r"^pythread-trace: .* broke down .*$", said(log), "why")
    equal(said(log).count("\n"), 1, "lines")
    session.daemon.lttng("stop", session.name)
    session.destroy()


def test(python):
    with lttng.Daemon(python.directory) as daemon, lttng.Relay(python.directory) as relay:
        watch(python, daemon, relay, "first", end_session)
        watch(python, daemon, relay, "second", interrupt)
        log = watch(python, daemon, relay, "third", broken)
        check("babeltrace2 broke down (Aborted)" in said(log), f"no warning: {said(log)}")
        growing(python, daemon, relay)
        broken_for_good(python, daemon, relay)
        check("session" in reading.refused("--live", relay.live_url("nothing")), "no such session")
    reading.refused("--live", "net://127.0.0.1:1/host/nobody/nothing")
    reading.refused("--live", "nonsense")


lttng.main(test, once=True)
