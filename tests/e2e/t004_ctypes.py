# SPDX-License-Identifier: MIT
"""ctypes.pythonapi gets the hooked functions."""

import e2e
from e2e import equal

APP = """
import ctypes
api = ctypes.pythonapi
api.PyThread_tss_alloc.restype = ctypes.c_void_p
api.PyThread_tss_get.restype = ctypes.c_void_p
key = ctypes.c_void_p(api.PyThread_tss_alloc())
print(api.PyThread_tss_create(key))
for turn in range({turns}):
    api.PyThread_tss_set(key, ctypes.c_void_p(4242))
print(api.PyThread_tss_get(key))
api.PyThread_tss_free(key)
"""


def test(python):
    if not python.can("import ctypes"):
        e2e.skip("has no ctypes")
    few, many = (python.same_as_native(APP.format(turns=turns)) for turns in (1, 8))
    equal(many.out, "0\n4242\n", "standard output")
    equal(many.report.calls("PyThread_tss_set") - few.report.calls("PyThread_tss_set"), 7, "calls")
    many.clean()


e2e.main(test)
