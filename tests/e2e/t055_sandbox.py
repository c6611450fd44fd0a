# SPDX-License-Identifier: MIT
"""What a sandbox keeps the tool from reading is not called lost."""

import e2e
from e2e import equal

APP = """
import sandbox, tss_key_live
tss_key_live.run()
sandbox.enter()
print('in')
"""


def test(python):
    if not python.can("import sandbox; sandbox.enter()"):
        e2e.skip("the kernel has no seccomp filters")
    run = python.same_as_native(APP)
    run.clean()
    equal(run.report.kinds("note"), {"tss-key-live"}, "notes")


e2e.main(test)
