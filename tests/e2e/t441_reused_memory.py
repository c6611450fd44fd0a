# SPDX-License-Identifier: MIT
"""Memory of a key that is taken up again, for something else or for another key: nothing of the old key
is said of the new one, and a key that was still live is told to be lost."""

import e2e
from e2e import equal

APP = """
import ctypes
api = ctypes.CDLL(None)
api.PyThread_tss_get.restype = ctypes.c_void_p
key = ctypes.create_string_buffer(16)
def create(): assert api.PyThread_tss_create(key) == 0
def delete(): api.PyThread_tss_delete(key)
def take_up(byte=0): ctypes.memset(key, byte, len(key))
def use():
    assert api.PyThread_tss_set(key, key) == 0
    assert api.PyThread_tss_get(key) == ctypes.addressof(key)
for step in ({steps}): step()
print("done")
"""

CASES = {
    "create, use, delete, take_up, create, use, delete": set(),
    "create, delete, take_up, lambda: api.PyThread_tss_get(key)": {"tss-get-before-create"},
    "create, delete, lambda: api.PyThread_tss_get(key)": {"tss-get-after-delete"},
    "create, delete, lambda: take_up(65)": set(),
    "create, lambda: take_up(65)": {"tss-key-lost"},
    "create, take_up, create, use, delete": {"tss-key-lost"},
}


def test(python):
    if not python.can("import ctypes"):
        e2e.skip("has no ctypes")
    for steps, kinds in CASES.items():
        run = python.same_as_native(APP.format(steps=steps))
        equal(run.out, "done\n", f"output of {steps}")
        equal(run.report.kinds(), kinds, f"findings of {steps}")


e2e.main(test)
