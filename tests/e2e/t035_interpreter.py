# SPDX-License-Identifier: MIT
"""Calls of the interpreter itself are reported on demand only."""

import e2e
from e2e import check, equal

APP = "import calls_lazy\ncalls_lazy.run()\n"


def test(python):
    quiet = python.same_as_native(APP, options={"leak_check": "strict"})
    equal(quiet.report.kinds("leak", "note"), set(), "what the extension leaves")
    told = python.same_as_native(APP, options={"leak_check": "strict", "interpreter": "yes"})
    check(not told.report.kinds("error"), "the interpreter is blamed")
    check(told.report.keys["peak"] >= quiet.report.keys["peak"], "keys")


e2e.main(test)
