# SPDX-License-Identifier: MIT
"""What tests of traced Python programs share: what holds for every trace, and a way to get one."""

import lttng
from e2e import check, equal

CONTEXTS = ("vpid", "vtid")
BUILDS = "one of each build"


def record(python, app, *arguments, session=None, **how):
    """Runs a program under a session of everything: the run, and its trace."""
    with lttng.Daemon(python.directory) as daemon:
        recording = daemon.session(contexts=CONTEXTS, **(session or {}))
        recording.start()
        env = {**daemon.env, **how.pop("env", {})}
        run = python.script(app, *arguments, env=env, **{"tool": "preload", **how})
        return run, recording.stop()


def of(trace, *names, **fields):
    """Events by their last names, and by fields or the contexts vpid and vtid."""
    def fits(event):
        facts = {**event.context, **event.fields}
        return all(facts.get(name) == value for name, value in fields.items())
    return [event for event in trace
            if (not names or event.name.split(":")[1] in names) and fits(event)]


def names(events):
    return [event.name.split(":")[1] for event in events]


# By event: the field that says which object it is about, and the object's type.
OBJECTS = {
    **dict.fromkeys(("tss_alloc", "tss_free", "tss_create", "tss_delete", "tss_set", "tss_get",
                     "tss_is_created"), ("key", "tss")),
    **dict.fromkeys(("key_create", "key_delete", "key_set", "key_get", "key_delete_value"),
                    ("slot", "key")),
    **dict.fromkeys(("pthread_key_create", "pthread_key_delete"), ("slot", "pthread")),
    **dict.fromkeys(("mutex_lock_req", "mutex_lock_acq", "mutex_unlock"), ("mutex", "mutex")),
}


def object_of(event):
    """Its type and number, None of an event that is about no object."""
    name = event.name.split(":")[1]
    if name in OBJECTS:
        field, kind = OBJECTS[name]
        return (kind, event[field]) if event[field] != -1 else None
    if name == "finding" and event["type"]:
        return event["type"], event["object"]
    return None


def named(trace):
    """Each object has a name before its first event, by process. Returns the last names."""
    known = {}
    for event in trace:
        pid = event.context["vpid"]
        if event.name == "pythread:object_name":
            known[pid, event["type"], event["object"]] = event["name"]
            check(event["name"], f"no name: {event}")
        about = event.name.startswith("pythread:") and object_of(event)
        check(not about or (pid, *about) in known, f"no name before {event}")
    return known


def stacks_told(trace):
    """Each Python stack is told before the event that has it, by process. Returns them."""
    known = {}
    for event in trace:
        pid = event.context["vpid"]
        if event.name == "pythread:python_stack":
            known[pid, event["id"]] = event["frames"]
            check(event["frames"], f"no frames: {event}")
        number = event.fields.get("python_stack", 0)
        check(not number or (pid, number) in known, f"no Python stack before {event}")
        if "stack" in event.fields:
            equal(len(event["stack"]), event["_stack_length"], "length of the stack")
    return known


def locked_in_order(trace):
    """By thread and mutex: request, acquisition, unlock. By mutex: no two holds overlap. What a
    process ends in may be left open. Returns what is held in the end, and by whom."""
    steps = {"mutex_lock_req": (None, "asks"), "mutex_lock_acq": ("asks", "holds"),
             "mutex_unlock": ("holds", None)}
    states, holders = {}, {}
    for event in of(trace, *steps):
        mutex = event.context["vpid"], event["mutex"]
        thread = *mutex, event.context["vtid"]
        name = event.name.split(":")[1]
        before, after = steps[name]
        equal(states.get(thread), before, f"state of the thread before {event}")
        states[thread] = after
        if name == "mutex_lock_acq":
            check(mutex not in holders, f"taken while another thread has it: {event}")
            holders[mutex] = thread
        elif name == "mutex_unlock":
            del holders[mutex]
    return holders


def sound(trace):
    """What every trace must be. Returns names and Python stacks."""
    equal(trace.warnings, "", "what babeltrace2 says of the trace")
    return named(trace), stacks_told(trace)
