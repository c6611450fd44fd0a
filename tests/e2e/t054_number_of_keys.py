# SPDX-License-Identifier: MIT
"""A program that takes all keys there are gets as many as without the tool."""

import e2e
from e2e import check

APP = """
import ctypes
api, keys = ctypes.pythonapi, []
while not keys or keys[-1] >= 0:
    keys.append(api.PyThread_create_key())
print(len(keys))
for key in keys[:-1]:
    api.PyThread_delete_key(key)
"""


def test(python):
    if not python.can("import ctypes"):
        e2e.skip("has no ctypes")
    run = python.same_as_native(APP)
    check("keys-exhausted" in run.report.kinds(), "no keys-exhausted")


e2e.main(test)
