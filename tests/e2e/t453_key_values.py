# SPDX-License-Identifier: MIT
"""PyThread_delete_key_value, and what the old interface does with NULL and with wrong keys."""

from e2e import equal, main, one

APP = """
import ctypes
api = ctypes.pythonapi
api.PyThread_get_key_value.restype = ctypes.c_void_p
key = api.PyThread_create_key()
print(api.PyThread_set_key_value(key, ctypes.c_void_p(5)), api.PyThread_get_key_value(key))
api.PyThread_delete_key_value(key)
print(api.PyThread_get_key_value(key))
print(api.PyThread_set_key_value(key, ctypes.c_void_p(6)), api.PyThread_get_key_value(key))
print(api.PyThread_set_key_value(key, None), api.PyThread_get_key_value(key))
api.PyThread_delete_key(key)
"""

# On a key that is gone; its number is not taken up again meanwhile.
GONE = APP + """
api.PyThread_delete_key_value(key)
api.PyThread_set_key_value(key, None)
print(api.PyThread_get_key_value(key))
"""


def test(python):
    native = python.script(APP, tool=None)
    equal((native.status, native.out), (0, "0 5\nNone\n0 6\n0 None\n"), "outcome natively")
    run = python.script(APP)
    equal((run.status, run.out), (0, native.out), "outcome")
    run.clean()
    equal(run.report.calls("PyThread_delete_key_value"), 1, "calls")
    native = python.script(GONE, tool=None)
    run = python.script(GONE)
    equal((run.status, run.out), (native.status, native.out), "outcome with a key that is gone")
    equal(run.report.kinds(), {"key-use-after-delete"}, "found")
    messages = [finding["message"] for finding in run.report.find("key-use-after-delete")]
    for function in ("delete_key_value", "set_key_value", "get_key_value"):
        one([text for text in messages if f"PyThread_{function} " in text], f"of {function}")


main(test)
