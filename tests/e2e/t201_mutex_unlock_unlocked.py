# SPDX-License-Identifier: MIT
"""mutex-unlock-unlocked, told before the interpreter ends the process with its own words."""

import signal

import e2e
import mutexes
from e2e import check, equal

FATAL = "Fatal Python error: PyMutex_Unlock: unlocking mutex that is not locked"


class Case(mutexes.Case):
    def text(self, python):
        """The interpreter's own words come after ours, as they would without the tool."""
        super().text(python)
        native = self.run(python, tool=None)
        equal(native.status, self.status, "status without the tool")
        check(FATAL in native.err, "no fatal error without the tool")
        run = self.run(python, report=False)
        check(f": {self.kind}: " in run.err.split(FATAL, 1)[0], "the finding does not come first")
        check(FATAL in run.err, "no fatal error with the tool")


e2e.main(Case("mutex-unlock-unlocked", "error", "hold()\nrun()", ("hold", "run"),
              status=-signal.SIGABRT))
