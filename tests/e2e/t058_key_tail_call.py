# SPDX-License-Identifier: MIT
"""A key that is made by a jump, at the end of a function, counts for the library that called the function;
for the dynamic linker, where that runs as the library is loaded. One that is made by a call does not."""

import os

import e2e
from e2e import equal

APP = """
import ctypes
lib = ctypes.CDLL({library!r})
key = ctypes.c_uint()
for make, times in (lib.make_by_call, {called}), (lib.make_by_jump, {jumped}):
    for turn in range(times):
        assert make(ctypes.byref(key)) == 0
"""


def created(python, called, jumped):
    """By file name, without digits and what follows: how many keys each has created."""
    library = os.path.join(python.extensions, "libkeyjump.so")
    report = python.script(APP.format(library=library, called=called, jumped=jumped)).report
    return {os.path.basename(owner["module"] or "").partition(".")[0]: owner["created"]
            for owner in report.keys["owners"]}


def more(after, before):
    return {name: count - before.get(name, 0) for name, count in after.items() if count != before.get(name, 0)}


def test(python):
    if not python.can("import ctypes"):
        e2e.skip("has no ctypes")
    loaded = created(python, 0, 0)
    equal(loaded.get("libkeyjump"), None, "keys of a library that only jumps")
    equal(sum(count for name, count in loaded.items() if name.startswith("ld-linux")), 1,
          f"keys of the dynamic linker: {loaded}")
    equal(more(created(python, 2, 0), loaded), {"libkeyjump": 2}, "by a call")
    jumped = more(created(python, 0, 3), loaded)
    equal((len(jumped), sum(jumped.values()), "libkeyjump" in jumped), (1, 3, False), f"by a jump: {jumped}")


e2e.main(test)
