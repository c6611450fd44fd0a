# SPDX-License-Identifier: MIT
"""A C++ static object makes its key while its library is loaded."""

import e2e
from e2e import check, equal


def test(python):
    run = python.same_as_native("import static_ctor\nprint(static_ctor.run())\n")
    equal(run.out, "True\n", "standard output")
    run.clean()
    owners = [owner for owner in run.report.keys["owners"]
              if (owner["module"] or "").endswith(python.extension("/static_ctor"))]
    check(owners and owners[0]["created"] == 1, f"owners: {run.report.keys['owners']}")


e2e.main(test)
