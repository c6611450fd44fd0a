# SPDX-License-Identifier: MIT
"""Events as the library could have emitted them, of which any may be lost."""

import random


class Event:
    def __init__(self, ns, name, pid, tid, fields):
        self.ns, self.name, self.fields = ns, name, fields
        self.context = {"vpid": pid, "vtid": tid, "procname": f"thread-{tid % 10}", "ip": 0}

    def __getitem__(self, name):
        return self.fields[name]

    def __repr__(self):
        return f"{self.ns} {self.name} {self.context} {self.fields}"


class _Process:
    """Correct threads, mutexes and keys."""

    def __init__(self, pid, chance):
        self.pid, self.chance = pid, chance
        self.threads = {pid + number: None for number in range(1, 4)}  # the mutex it waits for
        self.owner = {0x1000: None, 0x2000: None}
        self.keys = set()

    def names(self):
        """Texts of the past do not change when a name comes late, so names come first."""
        for mutex in self.owner:
            yield "object_name", self.pid + 1, {"object": mutex, "type": "mutex", "name": f"lock {mutex:x}",
                                                "module": "a.so"}

    def steps(self):
        pick = self.chance.choice((self.mutexes,) * 6 + (self.key, self.dump, self.find, self.leave))
        yield from pick()

    def mutexes(self):
        tid = self.chance.choice(list(self.threads))
        mutex = self.threads[tid]
        if mutex is None:
            held = [one for one, owner in self.owner.items() if owner == tid]
            if held and self.chance.random() < 0.6:
                self.owner[held[0]] = None
                yield "mutex_unlock", tid, {"mutex": held[0], "waiters": 0}
                return
            mutex = self.chance.choice(list(self.owner))
            if mutex in held:
                return
            self.threads[tid] = mutex
            yield "mutex_lock_req", tid, {"mutex": mutex}
        elif self.owner[mutex] is None:
            self.owner[mutex], self.threads[tid] = tid, None
            yield "mutex_lock_acq", tid, {"mutex": mutex, "contended": self.chance.randint(0, 1),
                                          "sure": self.chance.choice((1, 1, 1, 0))}
        elif self.chance.random() < 0.1:  # a timed lock that gives up
            self.threads[tid] = None

    def key(self):
        tid = self.chance.choice(list(self.threads))
        kind, number = self.chance.choice((("tss", 0x7000), ("tss", 0x8000), ("key", 3), ("pthread", 4)))
        field = {"key": number, "slot": 9} if kind == "tss" else {"slot": number}
        prefix = "pthread_key" if kind == "pthread" else kind
        module = self.chance.choice(("/lib/a.so", "b.so", ""))
        if (kind, number) in self.keys:
            self.keys.discard((kind, number))
            end = self.chance.choice(("delete", "free") if kind == "tss" else ("delete",))
            yield f"{prefix}_{end}", tid, {**field, "module": module}
            return
        result = self.chance.choice((0, 0, 0, -1))
        if kind == "key" and result:
            field = {"slot": -1}
        if kind == "tss" and self.chance.random() < 0.5:
            yield "tss_alloc", tid, {**field, "module": module}
        if not result:
            self.keys.add((kind, number))
        yield f"{prefix}_create", tid, {**field, "module": module, "result": result}

    def dump(self):
        if self.chance.random() < 0.7:
            return
        tracer = self.pid + 9
        yield "statedump:start", tracer, {}
        yield "statedump:process", tracer, {"program": "/usr/bin/python3"}
        # Owners of mutexes are named by the threads' events, which therefore come first.
        told = [("thread", {"tid": tid, "name": f"thread-{tid % 10}", "waiting_for": mutex or 0})
                for tid, mutex in self.threads.items()]
        others = [("mutex", {"mutex": mutex, "name": f"lock {mutex:x}", "locked": int(owner is not None),
                             "owner": self.chance.choice((owner, 0)) if owner else 0, "waiters": 0})
                  for mutex, owner in self.owner.items()]
        others += [("key", {"type": kind, "key": number, "slot": 5, "module": "a.so",
                            "name": self.chance.choice(("", "a key"))}) for kind, number in self.keys]
        self.chance.shuffle(told)
        self.chance.shuffle(others)
        for what, fields in told + others:
            if self.chance.random() < 0.2:  # the threads do not stand still
                yield from self.mutexes()
            yield f"statedump:{what}", tracer, fields
        yield "statedump:end", tracer, {}

    def find(self):
        severity = self.chance.choice(("error", "warning", "leak", "note"))
        yield "finding", self.pid + 1, {"id": self.chance.randint(1, 5), "kind": "tss-copied", "type": "tss",
                                        "severity": severity, "message": f"a {severity}", "object": 1}

    def leave(self):
        tid = self.chance.choice(list(self.threads))
        if self.threads[tid] is None and tid not in self.owner.values() and self.chance.random() < 0.3:
            yield "thread_exit", tid, {"values_left": 0}


def sequence(seed, steps=120):
    """Events of two processes."""
    chance = random.Random(seed)
    lost = chance.choice((0, 0, 0.05, 0.3))
    processes = [_Process(pid, chance) for pid in (100, 200)]
    events = []

    def emit(name, tid, fields):
        now = events[-1].ns + chance.randint(1, 1000) if events else 10**18
        full = f"pythread_{name}" if name.startswith("statedump:") else f"pythread:{name}"
        events.append(Event(now, full, tid // 100 * 100, tid, fields))

    for process in processes:
        for named in process.names():
            emit(*named)
    for _ in range(steps):
        for step in chance.choice(processes).steps():
            if chance.random() >= lost or step[0] == "statedump:thread":
                emit(*step)
    return events
