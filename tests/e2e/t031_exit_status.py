# SPDX-License-Identifier: MIT
"""--error-exitcode and --fail-on."""

import e2e
from e2e import equal

APP = """
import tss_{} as ext
for name in ("create", "run"):
    getattr(ext, name, int)()
raise SystemExit(3)
"""
ERROR, WARNING, LEAK, NOTE = (APP.format(name) for name in (
    "get_before_create", "copied", "key_lost", "key_live"))
# Program, --fail-on (None: not given), whether it counts.
CASES = (
    (ERROR, None, True), (WARNING, None, False), (LEAK, None, True), (NOTE, None, False),
    (ERROR, "warning", False), (WARNING, "warning", True), (WARNING, "error,warning", True),
    (NOTE, "note", True), (LEAK, "error", False), (WARNING, "tss-copied", True),
    (ERROR, "tss-copied,tss-get-before-create", True), (ERROR, "tss-copied", False),
)


def test(python):
    for app, fail_on, counts in CASES:
        options = {"error_exitcode": e2e.MARKED, **({"fail_on": fail_on} if fail_on else {})}
        run = python.script(app, options=options)
        equal(run.status, e2e.MARKED if counts else 3, f"exit status with --fail-on {fail_on}")
    equal(python.script(ERROR).status, 3, "exit status without --error-exitcode")


e2e.main(test)
