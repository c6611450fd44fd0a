# SPDX-License-Identifier: MIT
"""--stack-depth and --python-stack; deep Python stacks; no Python stack without the GIL."""

import e2e
from e2e import check, equal, one

APP = """
import tss_get_before_create as bug
def down(n):
    if n:
        return down(n - 1)
    bug.run()
down(20)
"""
# ctypes gives the GIL away while the function is called.
WITHOUT_GIL = """
import ctypes
key = ctypes.create_string_buffer(16)
ctypes.CDLL(None).PyThread_tss_get(key)
"""


def here(run):
    found = one(run.report.find("tss-get-before-create"), "findings")
    return one((stack for stack in found["stacks"] if stack["role"] == "here"), "stacks")


def test(python):
    whole = here(python.script(APP))
    check(len(whole["native"]) > 4, f"{len(whole['native'])} native frames by default")
    equal([frame["function"] for frame in whole["python"]].count("down"), 21, "Python frames")
    shallow = here(python.script(APP, options={"stack_depth": 3}))
    equal(len(shallow["native"]), 3, "native frames with --stack-depth 3")
    equal(shallow["native"][0]["function"], "run", "newest frame with --stack-depth 3")
    without = here(python.script(APP, options={"python_stack": "off"}))
    check(not without["python"], "there are Python frames with --python-stack off")
    check(without["native"], "no native frames with --python-stack off")
    if python.can("import ctypes"):
        without = here(python.script(WITHOUT_GIL))
        check(not without["python"] and without["python_absent"],
              f"without the GIL: {without['python']}, {without['python_absent']}")


e2e.main(test)
