# SPDX-License-Identifier: MIT
"""C++ exceptions cross libraries as they do without the tool, also after stacks were taken."""

import e2e
from e2e import equal

APP = """
import tss_get_before_create
tss_get_before_create.run()
import cxx_catch
print(cxx_catch.run())
"""


def test(python):
    run = python.same_as_native(APP)
    equal(run.out, "thrown by the library, thrown by the extension, 2 unwound\n", "output")
    equal(run.report.kinds(), {"tss-get-before-create"}, "findings")


e2e.main(test)
