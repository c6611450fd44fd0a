#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Who waited for what, who held it, and how long keys lived: a table from babeltrace2's text.

    intervals.py TRACE >TRACE.expected

It does not read the XML of our analyses and shares nothing with Trace Compass, so that its tables can be
held against either. Rules, by process (context vpid):

* A thread waits for a mutex from mutex_lock_req on, until its next event about a mutex or its exit:
  mutex_lock_acq of that mutex, or another that shows that it waits no more.
* It holds the mutex from mutex_lock_acq on, until its own mutex_unlock or anybody's mutex_lock_acq.
  Where the acquisition is not "sure", it "took it, release not seen".
* A mutex is free after mutex_unlock by its owner, or by anybody where no owner is known. While it is held
  and some thread waits, it is "held, others wait".
* A thread runs from its first event about a mutex on, when it does not wait.
* A key lives from its creation until it is deleted, freed, or allocated anew.
* A state dump tells what was so when it began; what was heard of a thread, mutex or key since its
  pythread_statedump:start is newer.
* A wait is a segment when a contended acquisition ended it; a hold when it was sure, and the owner's
  unlock ended it.
"""

import os
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "e2e"))
import bt2text  # noqa: E402

FREE, HELD, CONTENDED = "free", "held", "held, others wait"
TAKEN, LOCKED = "taken, release not seen", "held, by whom is not known"
RUNNING, WAITS, HOLDS, TOOK = "running", "waits", "holds", "took it, release not seen"
UNKNOWN_LIBRARY = "an unknown library"


def read(path):
    run = subprocess.run(["babeltrace2", *bt2text.OPTIONS, path], capture_output=True, text=True,
                         check=True, env={**os.environ, "LC_ALL": "C.UTF-8"})
    return bt2text.Trace(run)


class Row:
    """What is drawn in one row, as (from, to, state)."""

    def __init__(self):
        self.done = []
        self.state, self.since = None, 0

    def set(self, now, state):
        if state == self.state:
            return
        if self.state is not None and self.since < now:
            self.done.append((self.since, now, self.state))
        self.state, self.since = state, now


class Thread:
    def __init__(self, tid):
        self.tid, self.name = tid, str(tid)
        self.awaited = None
        self.row, self.text = Row(), Row()
        self.seen = 0


class Mutex:
    def __init__(self, address):
        self.name = str(address)
        self.owner, self.how = None, None
        self.waiting = set()
        self.row, self.text = Row(), Row()
        self.threads = {}
        self.seen = 0

    def with_thread(self, thread):
        return self.threads.setdefault(thread, Row())

    def show(self, now, free):
        """free: whether it is known to be free when it has no owner."""
        if self.owner is None:
            self.row.set(now, FREE if free else self.row.state)
        elif self.how == TOOK:
            self.row.set(now, TAKEN)
        else:
            self.row.set(now, CONTENDED if self.waiting else HELD)


class Key:
    def __init__(self, name):
        self.name, self.library, self.row, self.seen = name, None, Row(), 0


class Process:
    def __init__(self, pid):
        self.pid, self.name = pid, str(pid)
        self.dumps = 0
        self.threads, self.mutexes, self.keys, self.libraries, self.findings = {}, {}, {}, {}, {}
        self.live, self.row = 0, Row()

    def thread(self, tid):
        return self.threads.setdefault(tid, Thread(tid))

    def mutex(self, address):
        return self.mutexes.setdefault(address, Mutex(address))

    def key(self, kind, number):
        name = str(number) if kind == "tss" else f"key {number}"
        return self.keys.setdefault((kind, number), Key(name))


class Table:
    def __init__(self, events):
        self.events = events
        self.processes = {}
        self.segments = []
        self.waits, self.holds = {}, {}
        for event in events:
            provider, name = event.name.split(":")
            step = getattr(self, f"{provider}_{name}", None)
            if step:
                pid = event.context["vpid"]
                step(event, self.processes.setdefault(pid, Process(pid)))

    # Mutexes and threads.

    def speaks(self, event, process):
        """A thread did something with a mutex, so it does not wait any more."""
        thread = process.thread(event.context["vtid"])
        thread.name = f"{event.context['procname']} {thread.tid}"
        thread.seen = process.dumps
        self.stop_waiting(event.ns, process, thread)
        thread.row.set(event.ns, RUNNING)
        return thread

    @staticmethod
    def stop_waiting(now, process, thread):
        if thread.awaited is not None:
            mutex = process.mutex(thread.awaited)
            mutex.waiting.discard(thread)
            mutex.with_thread(thread).set(now, None)
            mutex.show(now, False)
            thread.awaited = None
            thread.text.set(now, None)

    @staticmethod
    def start_waiting(now, process, thread, address):
        mutex = process.mutex(address)
        mutex.waiting.add(thread)
        mutex.with_thread(thread).set(now, WAITS)
        mutex.show(now, False)
        thread.awaited = address
        thread.text.set(now, mutex)
        thread.row.set(now, WAITS)

    @staticmethod
    def stop_holding(now, mutex):
        if mutex.owner:
            mutex.with_thread(mutex.owner).set(now, None)
            mutex.owner = None
            mutex.text.set(now, None)

    @staticmethod
    def start_holding(now, mutex, thread, how):
        mutex.owner, mutex.how = thread, how
        mutex.with_thread(thread).set(now, how)
        mutex.text.set(now, thread)
        mutex.show(now, False)

    def pythread_mutex_lock_req(self, event, process):
        thread = self.speaks(event, process)
        process.mutex(event["mutex"]).seen = process.dumps
        self.start_waiting(event.ns, process, thread, event["mutex"])
        self.waits[process.pid, thread.tid] = event["mutex"], event.ns

    def pythread_mutex_lock_acq(self, event, process):
        thread = self.speaks(event, process)
        mutex = process.mutex(event["mutex"])
        mutex.seen = process.dumps
        if mutex.owner is thread:
            mutex.with_thread(thread).set(event.ns, None)
        else:
            self.stop_holding(event.ns, mutex)
        self.start_holding(event.ns, mutex, thread, HOLDS if event["sure"] else TOOK)
        address, since = self.waits.pop((process.pid, thread.tid), (None, 0))
        if address == event["mutex"] and event["contended"]:
            self.segment("wait", since, event, process, mutex)
        self.holds[process.pid, event["mutex"]] = (thread, event.ns) if event["sure"] else None

    def pythread_mutex_unlock(self, event, process):
        thread = self.speaks(event, process)
        mutex = process.mutex(event["mutex"])
        mutex.seen = process.dumps
        mutex.with_thread(thread).set(event.ns, None)
        if mutex.owner in (thread, None):
            self.stop_holding(event.ns, mutex)
            mutex.show(event.ns, True)
        self.waits.pop((process.pid, thread.tid), None)
        hold = self.holds.get((process.pid, event["mutex"]))
        if hold and hold[0] is thread:
            self.segment("hold", hold[1], event, process, mutex)
            del self.holds[process.pid, event["mutex"]]

    def pythread_thread_exit(self, event, process):
        thread = self.speaks(event, process)
        thread.row.set(event.ns, None)
        self.waits.pop((process.pid, thread.tid), None)

    def segment(self, kind, since, event, process, mutex):
        self.segments.append((since, event.ns, kind, process,
                              event.context["procname"], event.context["vtid"], mutex))

    # Keys.

    def life(self, event, process, kind, number, state):
        key = process.key(kind, number)
        key.seen = process.dumps
        self.set_key(event, process, key, state)

    def set_key(self, event, process, key, state):
        if key.row.state == "live" and state != "live":
            self.count(event.ns, process, key.library, -1)
        if state == "live" and key.row.state != "live":
            key.library = event["module"] or UNKNOWN_LIBRARY
            self.count(event.ns, process, key.library, 1)
        key.row.set(event.ns, state)

    @staticmethod
    def count(now, process, library, change):
        row = process.libraries.setdefault(library, Row())
        row.set(now, (row.state or 0) + change)
        process.live += change
        process.row.set(now, process.live)

    def pythread_tss_alloc(self, event, process):
        self.life(event, process, "tss", event["key"], "allocated")

    def pythread_tss_create(self, event, process):
        key = process.key("tss", event["key"])
        if event["result"] == 0:
            self.life(event, process, "tss", event["key"], "live")
        key.seen = process.dumps

    def pythread_tss_delete(self, event, process):
        self.life(event, process, "tss", event["key"], "deleted")

    def pythread_tss_free(self, event, process):
        self.life(event, process, "tss", event["key"], None)

    def pythread_key_create(self, event, process):
        if event["slot"] >= 0:
            self.life(event, process, "key", event["slot"], "live")

    def pythread_key_delete(self, event, process):
        self.life(event, process, "key", event["slot"], "deleted")

    def pythread_pthread_key_create(self, event, process):
        if event["result"] == 0:
            self.life(event, process, "pthread", event["slot"], "live")

    def pythread_pthread_key_delete(self, event, process):
        self.life(event, process, "pthread", event["slot"], "deleted")

    def pythread_finding(self, event, process):
        row, message = process.findings.setdefault((event["id"], event["kind"]), (Row(), Row()))
        row.set(event.ns, event["severity"])
        message.set(event.ns, event["message"])
        self.segments.append((event.ns, event.ns, event["kind"], process,
                              event.context["procname"], event.context["vtid"], None))

    # Names, and what was there when recording began.

    def pythread_object_name(self, event, process):
        if event["type"] == "mutex":
            process.mutex(event["object"]).name = event["name"]
        elif event["type"] in ("tss", "key", "pthread"):
            process.key(event["type"], event["object"]).name = event["name"]

    def pythread_statedump_start(self, _, process):
        process.dumps += 1

    def pythread_statedump_process(self, event, process):
        process.name = f"{event['program'].split('/')[-1]} {process.pid}"

    def pythread_statedump_mutex(self, event, process):
        mutex = process.mutex(event["mutex"])
        mutex.name = event["name"] or mutex.name
        if mutex.row.state is not None and mutex.seen == process.dumps:
            return
        self.stop_holding(event.ns, mutex)
        mutex.row.set(event.ns, LOCKED if event["locked"] else FREE)
        if event["locked"] and event["owner"] > 0:
            self.start_holding(event.ns, mutex, process.thread(event["owner"]), HOLDS)

    def pythread_statedump_thread(self, event, process):
        thread = process.thread(event["tid"])
        if event["name"]:
            thread.name = f"{event['name']} {thread.tid}"
        if thread.row.state is not None and thread.seen == process.dumps:
            return
        self.stop_waiting(event.ns, process, thread)
        thread.row.set(event.ns, RUNNING)
        if event["waiting_for"]:
            self.start_waiting(event.ns, process, thread, event["waiting_for"])

    def pythread_statedump_key(self, event, process):
        key = process.key(event["type"], event["key"])
        key.name = event["name"] or key.name
        if key.row.state is None or key.seen != process.dumps:
            self.set_key(event, process, key, "live")

    # The table.

    def rows(self):
        """Yields (view, row, row below it or "", Row)."""
        for process in self.processes.values():
            for mutex in process.mutexes.values():
                yield "mutexes", process, mutex.name, "", mutex.row
                yield "mutexes", process, mutex.name, "held by", mutex.text
                for thread, row in mutex.threads.items():
                    yield "mutexes", process, mutex.name, thread.name, row
                    yield "threads", process, thread.name, mutex.name, row
            for thread in process.threads.values():
                yield "threads", process, thread.name, "", thread.row
                yield "threads", process, thread.name, "waits for", thread.text
            for (kind, _), key in process.keys.items():
                yield "keys", process, kind, key.name, key.row
            for library, row in process.libraries.items():
                yield "live keys", process, f"{library.split('/')[-1]} in {process.pid}", "", row
            yield "live keys", process, process.name, "", process.row
            for (_, kind), (row, message) in process.findings.items():
                yield "findings", process, kind, "", row
                yield "findings", process, kind, "message", message

    def lines(self):
        end = self.events[-1].ns
        found = []
        for view, process, row, below, drawn in self.rows():
            drawn.set(end, None)
            for since, until, state in drawn.done:
                state = getattr(state, "name", state)
                found.append((view, process.name, row, below, since, until, str(state)))
        for since, until, kind, process, name, tid, mutex in self.segments:
            found.append(("segments", process.name, mutex.name if mutex else "", f"{name} {tid}",
                          since, until, kind))
        return table(found)


def clock(ns):
    seconds, fraction = divmod(ns, 10**9)
    return time.strftime("%H:%M:%S", time.gmtime(seconds)) + f".{fraction:09d}"


def table(rows):
    """Sorted lines of (view, process, row, row below it, from, to, state)."""
    return [" | ".join((view, process, row, below or "-", clock(since), clock(until), state))
            for view, process, row, below, since, until, state in sorted(rows)]


HEADING = """\
# What the views show of this trace: times of day in UTC, each state from its begin to the next.
# Made by intervals.py from babeltrace2's text.
# view | process | row | row below it | from | to | state
"""


def main():
    if len(sys.argv) != 2 or sys.argv[1].startswith("-"):
        sys.exit("usage: intervals.py TRACE")
    print(HEADING + "\n".join(Table(read(sys.argv[1])).lines()))


if __name__ == "__main__":
    main()
