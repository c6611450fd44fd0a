# SPDX-License-Identifier: MIT
"""What a sandbox keeps the tool from reading is not called lost. One that kills for a system call that only
the tool makes may kill the program."""

import signal

import e2e
from e2e import equal

APP = """
import sandbox, tss_key_live
tss_key_live.run()
sandbox.enter()
print('in')
"""

DEADLY = """
import sandbox, tss_get_before_create as bug
sandbox.enter_deadly()
bug.run()
print('in')
"""


def test(python):
    if not python.can("import sandbox; sandbox.enter()"):
        e2e.skip("the kernel has no seccomp filters")
    run = python.same_as_native(APP)
    run.clean()
    equal(run.report.kinds("note"), {"tss-key-live"}, "notes")
    equal(python.script(DEADLY, tool=None).status, 0, "status in a deadly sandbox, without the tool")
    run = python.script(DEADLY)
    if run.status != -signal.SIGSYS:  # nothing had to be read in that way
        equal((run.status, run.report.kinds()), (0, {"tss-get-before-create"}), "outcome in a deadly sandbox")


e2e.main(test)
