# SPDX-License-Identifier: MIT
"""Calls of the interpreter itself, where they can be seen, are counted, and nothing of them is reported;
where that is asked for they are judged, and are right."""

import e2e
from e2e import check, equal

APP = "import calls_lazy\ncalls_lazy.run()\n"


def test(python):
    quiet = python.same_as_native(APP, options={"leak_check": "strict"})
    equal(quiet.report.kinds("leak", "note"), set(), "what the extension leaves")
    told = python.same_as_native(APP, options={"leak_check": "strict", "interpreter": "yes"})
    check(not told.report.kinds("error"), "the interpreter is blamed")
    equal(told.report.calls_by_function(), quiet.report.calls_by_function(), "calls that are counted")


e2e.main(test)
