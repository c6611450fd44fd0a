# SPDX-License-Identifier: MIT
"""Who has the keys, by library, raw pthread keys of libraries without Python included."""

import e2e
from e2e import check, equal, matches, one

APP = "import keys_exhausted as ext\nimport static_ctor\next.run()\n"


def owner(report, name):
    return one((owner for owner in report.keys["owners"]
                if (owner["module"] or "").endswith(name)), f"owners called {name}")


def test(python):
    run = python.script(APP)
    report = run.report
    equal(report.keys["limit"], 1024, "limit")
    equal(report.keys["peak"], 1024, "peak")
    check(report.keys["live"] < 100, f"live: {report.keys['live']}")
    hog = owner(report, "/libkeyhog.so")
    check(hog["created"] > 900, f"created by libkeyhog.so: {hog['created']}")
    equal(hog["live"], 0, "live of libkeyhog.so")
    equal(owner(report, python.extension("/static_ctor"))["created"], 1, "created by static_ctor")
    text = python.script(APP, report=False)
    matches(r"ERROR: pythread-trace: keys-exhausted(.*\n)+? +(\d{3,4}) +\2  libkeyhog\.so$", text.err,
            "owners with the error")


e2e.main(test)
