# SPDX-License-Identifier: MIT
"""Many processes, forked children, other programs' events, sessions without contexts or begun late,
lost events: each is read for what it says."""

import os
import shutil
import time

import e2e
import lttng
import reading
from e2e import check, equal, one

FORK = """
import os
import tss_set_before_create as ext
pid = os.fork()
ext.run()
if pid:
    os.waitpid(pid, 0)
print(pid, flush=True)
os._exit(0)
"""
WAIT = """
thread a mutex_lock_req mutex=0x1000 caller=0x10
thread a mutex_lock_acq mutex=0x1000 sure=1 caller=0x10
thread b mutex_lock_req mutex=0x1000 caller=0x20
sleep 0.05
thread a mutex_unlock mutex=0x1000 waiters=1 caller=0x10
thread b mutex_lock_acq mutex=0x1000 contended=1 sure=1 caller=0x20 stack=0x20,0x30
thread b mutex_unlock mutex=0x1000 caller=0x20
"""
UNENDED = """
tss_create key=0x500000 slot=3
thread a mutex_lock_req mutex=0x1000 caller=0x10
thread a mutex_lock_acq mutex=0x1000 sure=1 caller=0x10
thread b mutex_lock_req mutex=0x1000 caller=0x20
sleep 0.05
"""
MANY = "repeat 40000 mutex_lock_req mutex=0x1000 caller=0x10\n"


def emitted(daemon, script, **how):
    session = daemon.session(**how)
    session.start()
    lttng.emit(daemon, script)
    daemon.lttng("stop", session.name)
    session.destroy()
    return session.output


def forked(python, daemon):
    run, output = reading.record(python, daemon, FORK)
    read = reading.Read(output)
    child = int(run.out.split()[-1])
    for pid in (run.pid, child):
        found = one(read.process(pid).find("tss-set-before-create"), f"findings of {pid}")
        equal(found["thread"]["tid"], pid, "its thread")
        check(found["stacks"][0]["native"][0]["function"], f"no symbols in {pid}")
        check(found["stacks"][0]["python"], f"no Python stack in {pid}")
    equal(read.process(child).process["ppid"], run.pid, "parent")
    return output


def one_wait(read):
    """The mutex of WAIT: what is known of it."""
    process = one(read.processes, "processes")
    mutex = one(process.mutexes, "mutexes")
    equal((mutex["address"], mutex["acquired"], mutex["contended"]), ("0x1000", 2, 1), "the mutex")
    return process, mutex


def contexts(daemon):
    output = emitted(daemon, WAIT, contexts=reading.CONTEXTS)
    read = reading.Read("--all", output)
    process, mutex = one_wait(read)
    check(mutex["wait_ns"]["total"] >= 50000000, f"waited {mutex['wait_ns']}")
    check(mutex["hold_ns"]["max"] >= 50000000, f"held {mutex['hold_ns']}")
    equal(mutex["owner_changes"], 1, "owner changes")
    wait = one(process.longest_waits, "waits")
    check(wait["holder"]["tid"] not in (0, wait["tid"]), "who held it")

    read = reading.Read("--all", emitted(daemon, WAIT))
    process, mutex = one_wait(read)
    equal(process.process["pid"], 0, "pid that nobody knows")
    equal(mutex["wait_ns"]["total"], 0, "wait that nobody can know")
    check(mutex["hold_ns"]["max"] >= 50000000, "hold that can be known without threads")
    for name in ("vpid", "vtid"):
        check(any(f"context {name} is missing" in line for line in read.warnings), read.warnings)
    return output


def lost(daemon):
    session = daemon.session(contexts=reading.CONTEXTS, events=())
    session.lttng("enable-channel", "--userspace", "--subbuf-size=4k", "--num-subbuf=2", "small")
    session.lttng("enable-event", "--userspace", "pythread:*", "--channel=small")
    for context in reading.CONTEXTS:
        session.lttng("add-context", "--userspace", f"--type={context}", "--channel=small")
    session.start()
    with lttng.Emit(daemon) as program:
        program.tell("wait mutex_lock_req on")
        with daemon.unread():
            program.tell(MANY)
        equal(program.end(), 0, "exit status of emit")
    daemon.lttng("stop", session.name)
    session.destroy()
    read = reading.Read(session.output)
    check(read.lost["events"] > 0, "nothing was lost")
    equal(read.lost["events"] + read.trace["events"], 40000, "lost and read")
    check(any("events were lost" in line for line in read.warnings), f"warnings: {read.warnings}")
    check("events were lost" in reading.report(session.output).stdout, "the text does not say so")


def tree(python, outputs):
    """All in one tree, as a relay daemon leaves it."""
    place = os.path.join(python.directory, "tree")
    for number, output in enumerate(outputs):
        shutil.copytree(output, os.path.join(place, f"host{number}", "at", "a", "depth"))
    alone = [reading.Read(output) for output in outputs]
    together = reading.Read(place)
    for read in alone:
        for process in read.processes:
            other = together.process(process.process["pid"])
            equal(other.summary, process.summary, "summary")
            equal(other.events, process.events, "events of one process")
    equal(len(together.processes), sum(len(read.processes) for read in alone), "processes")
    both = reading.Read(*outputs)
    equal(len(both.processes), len(together.processes), "processes of two arguments")


def of_other_times(daemon):
    """A trace that ended sooner than others: who waited in it did so until then."""
    early = emitted(daemon, UNENDED, contexts=reading.CONTEXTS)
    time.sleep(3)
    late = emitted(daemon, WAIT, contexts=reading.CONTEXTS)
    alone = one(reading.Read(early).processes, "processes")
    waited = one(alone.waits, "waits")["waiting_ns"]
    together = reading.Read(early, late).process(alone.process["pid"])
    equal(one(together.waits, "waits")["waiting_ns"], waited, "how long it had waited")
    equal(together.keys_over_time, alone.keys_over_time, "its keys over time")


def others(daemon):
    """A trace of nothing but other programs' events."""
    output = emitted(daemon, "sleep 0.1", events=["lttng_ust_statedump:*"])
    read = reading.Read(output)
    equal(read.processes, [], "processes")
    check(any("no event of pythread-trace" in line for line in read.warnings), f"{read.warnings}")


def counted(daemon):
    """Kinds of events that say nothing more are pythread-trace's all the same."""
    output = emitted(daemon, "repeat 1000 tss_get key=0x10\n", events=["pythread:tss_get"],
                     contexts=["vpid"])
    read = reading.Read(output)
    equal(read.warnings, [], "warnings")
    equal((read.trace["events"], read.trace["other_events"]), (1000, 0), "events")
    process = one(read.processes, "processes")
    equal(process.events, 1000, "events of the process")
    check(read.trace["begin_ns"] == process.begin_ns < process.end_ns, "time span")


def test(python):
    with lttng.Daemon(python.directory) as daemon:
        first = forked(python, daemon)
        second = contexts(daemon)
        lost(daemon)
        of_other_times(daemon)
        others(daemon)
        counted(daemon)
        tree(python, (first, second))


lttng.main(test, once=True)
