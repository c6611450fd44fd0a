# SPDX-License-Identifier: MIT
"""--leak-check: off finds no leaks, strict makes leaks of notes."""

import e2e
from e2e import equal

APP = """
import tss_key_live, key_live, tss_value_left, key_value_left, tss_key_growth
for module in (tss_key_live, key_live, tss_value_left, key_value_left):
    getattr(module, "create", int)()
    module.run()
for turn in range(9):
    tss_key_growth.run()
"""
REMAINS = {"tss-key-live", "key-live", "tss-value-left", "key-value-left"}


def test(python):
    found = python.script(APP).report
    equal(found.kinds("leak"), {"tss-key-growth"}, "leaks by default")
    equal(found.kinds("note"), REMAINS, "notes by default")
    run = python.script(APP, options={"leak_check": "strict", "error_exitcode": e2e.MARKED})
    equal(run.status, e2e.MARKED, "exit status with strict")
    equal(run.report.kinds("leak"), REMAINS | {"tss-key-growth"}, "leaks with strict")
    equal(run.report.kinds("note"), set(), "notes with strict")
    run = python.script(APP, options={"leak_check": "off", "error_exitcode": e2e.MARKED})
    equal(run.status, 0, "exit status with off")
    equal(run.report.kinds("leak", "note"), set(), "leaks with off")


e2e.main(test)
