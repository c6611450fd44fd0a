# SPDX-License-Identifier: MIT
"""The provider alone: every event has the fields it was given, in any thread and after a fork."""

import os
import re

import e2e
import lttng
from e2e import equal

SITE = "caller=0x{0}c python_stack={0} stack=0x{0}c,0xfffffffffffff{0}e"

# Events with all their fields. A "*" is one site: caller, stacks.
EVENTS = """
tss_alloc key=0x11 slot=-1 module=/lib/a.so *
tss_free key=0x12 slot=12 module="/lib/with blank.so" *
tss_create key=0x13 slot=13 result=-1 module="" *
tss_delete key=0xffffffffffffffff slot=1023 module=/lib/c.so *
tss_set key=0x15 slot=15 value=0x7fffffffffff result=22 caller=0x15
tss_get key=0x16 slot=16 value=0xffffffff00000000 caller=0x16
tss_is_created key=0x17 result=1 caller=0x17
key_create slot=-1 module=/lib/d.so *
key_delete slot=19 module=/lib/e.so *
key_set slot=20 value=0x20 result=-1 caller=0x20
key_get slot=21 value=0x21 caller=0x21
key_delete_value slot=22 caller=0x22
pthread_key_create slot=23 result=11 module=/lib/f.so caller=0x23
pthread_key_delete slot=24 module=/lib/g.so caller=0x24
mutex_lock_req mutex=0x25 caller=0x25
mutex_lock_acq mutex=0x26 contended=1 sure=0 *
mutex_unlock mutex=0x27 waiters=4294967295 caller=0x27
object_name object=0x28 type=mutex name="größer als" module=/lib/h.so
thread_exit values_left=29
finding object=0x30 kind=tss-copied severity=warning message="what it is" id=30 type=tss slot=-1 count=3 *
finding_story finding=31 role=created caption="" tid=4194304 *
python_stack id=32 frames="f (a.py:1)"
statedump_start
statedump_process version=1.2 program=/bin/x python_version=3.11.2 python_build=shared free_threaded=1 ppid=34 keys_limit=1024
statedump_key key=0x35 slot=35 type=pthread name=a module=/lib/i.so *
statedump_mutex mutex=0x36 name=b module="" owner=36 locked=1 waiters=2 held_ns=18446744073709551615 acquired=9223372036854775808 contended=7 runtime=1 *
statedump_thread tid=37 name=worker waiting_for=0x37 waiting_ns=5000000000 *
statedump_interpreter interpreter=0x38 id=-1
statedump_end
"""

SEPARATE = "thread worker "
CHILD = "fork "


def script():
    lines = EVENTS.strip().splitlines()
    return [line.replace("*", SITE.format(number)) for number, line in enumerate(lines, 10)]


def value(text, name):
    if name == "stack":
        return [int(part, 0) for part in text.split(",")]
    text = text.strip('"')
    try:
        return text if name in ("version", "python_version") else int(text, 0)
    except ValueError:
        return text


def parse(line):
    """An event's full name, and its fields."""
    name, *rest = re.findall(r'(?:"[^"]*"|[^\s"])+', line)
    fields = {part.split("=", 1)[0]: value(part.split("=", 1)[1], part.split("=", 1)[0])
              for part in rest}
    if "stack" in fields:
        fields["_stack_length"] = len(fields["stack"])
    state = name.startswith("statedump_")
    return (f"pythread_statedump:{name[len('statedump_'):]}" if state else f"pythread:{name}"), fields


def same(events, wanted, what):
    for event, (name, fields) in zip(events, wanted):
        equal(event.name, name, f"{what}: event")
        equal(event.fields, fields, f"{what}: fields of {name}")
    equal(len(events), len(wanted), f"{what}: how many")


def test(python):
    lines = script()
    wanted = [parse(line) for line in lines]
    with lttng.Daemon(python.directory) as daemon:
        session = daemon.session(contexts=["vpid", "vtid", "ip", "procname"])
        session.start()
        with lttng.Emit(daemon) as program:
            program.tell("\n".join(lines))
            program.tell("\n".join(SEPARATE + line for line in lines) + f"\n{SEPARATE} end")
            program.tell(CHILD + lines[0])
            equal(program.end(), 0, "exit status of emit")
        trace = session.stop()
    # What the process and its child were told when they began: here, that there is nothing.
    empty = [("pythread_statedump:start", {}), ("pythread_statedump:end", {})]
    ours = [event for event in trace if event.context["vpid"] == program.pid]
    same(ours, empty + wanted + wanted, "events")
    main, worker = ours[len(empty):][:len(wanted)], ours[len(empty) + len(wanted):]
    for events, name in ((main, os.path.basename(lttng.EMIT)), (worker, "worker")):
        equal(len({event.context["vtid"] for event in events}), 1, f"threads of {name}")
        equal({event.context["procname"] for event in events}, {name}, "procname")
    e2e.check(main[0].context["vtid"] != worker[0].context["vtid"], "one thread for both")
    for event in main:
        if "caller" in event.fields and event.name.startswith("pythread:"):
            equal(event.context["ip"], event["caller"], f"ip of {event.name}")
    child = [event for event in trace if event.context["vpid"] != program.pid]
    same(child, empty + wanted[:1], "events of the child")


lttng.main(test, once=True)
