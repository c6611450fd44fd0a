# SPDX-License-Identifier: MIT
"""Keys are used when the interpreter is gone already, and the report still comes."""

import e2e
from e2e import equal


def test(python):
    run = python.same_as_native("import after_finalize\nafter_finalize.run()\n")
    equal(run.out, "interpreter 0, set 0, same 1, created 0\n", "standard output")
    run.clean()


e2e.main(test)
