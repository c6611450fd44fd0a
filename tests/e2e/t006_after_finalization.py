# SPDX-License-Identifier: MIT
"""Keys are used when the interpreter is gone already, and the report still comes. A wrong use is found
there as anywhere, without a Python stack, and the report says why."""

import e2e
from e2e import check, equal, one


def test(python):
    run = python.same_as_native("import after_finalize\nafter_finalize.run()\n")
    equal(run.out, "interpreter 0, set 0, same 1, created 0\n", "standard output")
    run.clean()
    run = python.script("import after_finalize\nafter_finalize.misuse()\n")
    equal(run.status, 0, "exit status")
    here = one(run.report.find("tss-get-before-create"), "findings")["stacks"][0]
    equal(here["native"][0]["function"], "misuse_at_exit", "the newest frame")
    check(not here["python"] and here["python_absent"], f"Python stack: {here['python']}, {here['python_absent']}")


e2e.main(test)
