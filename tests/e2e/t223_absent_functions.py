# SPDX-License-Identifier: MIT
"""A program that looks for a function which this CPython does not have finds none under the tool
either."""

import e2e
from e2e import equal

APP = """
import ctypes
names = "PyMutex_Lock PyMutex_Unlock PyMutex_IsLocked _PyMutex_LockTimed".split()
everywhere = ctypes.CDLL(None)
print([(name, hasattr(ctypes.pythonapi, name), hasattr(everywhere, name)) for name in names])
everywhere.dlvsym.restype = everywhere.dlsym.restype = ctypes.c_void_p
print([bool(everywhere.dlsym(ctypes.c_void_p(0), name.encode())) for name in names])
"""


def test(python):
    if not python.can("import ctypes"):
        e2e.skip("has no ctypes")
    for tool in ("command", "preload"):
        run = python.same_as_native(APP, tool=tool)
        equal(run.status, 0, "exit status")
        absent = [hook["function"] for hook in run.report.hooks if not hook["hooked"]]
        equal("PyMutex_Lock" in absent or not run.report.calls("PyMutex_Lock"), True, "hooks")


e2e.main(test)
