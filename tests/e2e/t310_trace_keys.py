# SPDX-License-Identifier: MIT
"""Every event of keys, with what really happened in it."""

import os

import e2e
import lttng
import tracing
from e2e import check, equal, one

APP = """
import calls_lazy, key_growth, tss_value_left
def main():
    print(calls_lazy.run())
    key_growth.run()
    tss_value_left.create()
main()
tss_value_left.run()
"""

TSS = ["tss_alloc", "tss_create", "tss_is_created", "tss_set", "tss_get", "tss_delete", "tss_free"]
LEGACY = ["key_create", "key_set", "key_get", "key_delete_value", "key_delete"]
USES = ["tss_is_created", "tss_set", "tss_get", "key_set", "key_get", "key_delete_value"]
LIVES = ["tss_alloc", "tss_create", "tss_delete", "tss_free", "key_create", "key_delete"]


def tss(ours, names):
    alloc = ours[0]
    key, pid = alloc["key"], alloc.context["vpid"]
    equal({event["key"] for event in ours}, {key}, "keys")
    by_name = {event.name.split(":")[1]: event for event in ours}
    slot = by_name["tss_create"]["slot"]
    check(0 <= slot < 1024, f"slot {slot}")
    equal([event["slot"] for event in ours if "slot" in event.fields],
          [-1, slot, slot, slot, slot, -1], "slots")
    equal((by_name["tss_create"]["result"], by_name["tss_set"]["result"],
           by_name["tss_is_created"]["result"]), (0, 0, 1), "results")
    check(by_name["tss_set"]["value"] == by_name["tss_get"]["value"] != 0, "values")
    check(names[pid, "tss", key].startswith("key ") and "calls_lazy" in names[pid, "tss", key],
          f"name of a key in the heap: {names[pid, 'tss', key]!r}")


def legacy(ours, names):
    slot, pid = ours[0]["slot"], ours[0].context["vpid"]
    equal({event["slot"] for event in ours}, {slot}, "slots")
    by_name = {event.name.split(":")[1]: event for event in ours}
    check(by_name["key_set"]["value"] == by_name["key_get"]["value"] != 0, "values")
    equal(by_name["key_set"]["result"], 0, "result")
    check((pid, "key", slot) in names, "no name")


def sites(python, trace, library, names, stacks):
    """Who made a key, and how the thread got there."""
    for event in trace:
        name = event.name.split(":")[1]
        if name in LIVES:
            equal(os.path.basename(event["module"]), library, f"module of {event}")
            check(os.path.isabs(event["module"]), f"no path: {event}")
            equal(event["stack"][0], event["caller"], f"newest frame of {event}")
            check(len(event["stack"]) > 2, f"stack of {event}")
            frames = stacks[event.context["vpid"], event["python_stack"]].split("\n")
            check(all(frame.endswith(")") and " (" in frame for frame in frames), f"{frames}")
            check(frames[0].startswith("main (") and "app.py:" in frames[0], f"{frames}")
            check(frames[-1].startswith("<module> ("), f"{frames}")


def ours(trace, library, wanted):
    """From the first event of that library to its last."""
    made = [place for place, event in enumerate(trace) if event.name.split(":")[1] in LIVES
            and os.path.basename(event["module"]) == library]
    found = tracing.of(trace[made[0]:made[-1] + 1], *wanted)
    equal(tracing.names(found), wanted, "events")
    return found


def interpreter(python):
    """Its own uses of keys are traced when that is asked for."""
    app = "import threading\nfor i in range(9): threading.Thread(target=len, args=((),)).start()"
    for wanted in (False, True):
        _, trace = tracing.record(python, app, options={"interpreter": "yes" if wanted else "no"})
        used = tracing.of(trace, *USES)
        check(wanted or not used, f"uses of the interpreter: {used[:3]}")
        if python.shared and python.version < (3, 12):
            check(used or not wanted, "no uses of the interpreter")


def test(python):
    run, trace = tracing.record(python, APP)
    equal((run.status, run.out), (0, "0\n"), "outcome")
    names, stacks = tracing.sound(trace)
    library = python.extension("calls_lazy")
    mine = ours(trace, library, TSS + LEGACY)
    tss(mine[:len(TSS)], names)
    legacy(mine[len(TSS):], names)
    sites(python, mine, library, names, stacks)
    left = tracing.of(trace, "thread_exit")
    equal([event["values_left"] for event in left], [1], "values left")
    static = [name for (_, kind, _), name in names.items() if kind == "tss"]
    check(f"cache_key in {python.extension('tss_value_left')}" in static, f"names: {static}")
    live = one(tracing.of(trace, "finding", kind="key-live"), "findings of the key that is left")
    check(tracing.of(trace, "finding_story", finding=live["id"], role="created"), "no creation")
    interpreter(python)


lttng.main(test, choose=e2e.one_of_each_build)
