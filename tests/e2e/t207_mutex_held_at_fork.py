# SPDX-License-Identifier: MIT
"""mutex-held-at-fork, told by the forked child, in which nobody can unlock the mutex."""

import e2e
import finding
import mutexes
from e2e import equal, matches, one

BODY = """
held, done = threading.Event(), threading.Event()
def holder():
    hold()
    held.set()
    done.wait()
    ext.release()
thread = in_thread(holder)
held.wait()
child = os.fork()
if not child:
    waiter = in_thread(run, daemon=True)
    until(lambda: ext.stuck() or not waiter.is_alive())
    os._exit(0)
print(os.waitpid(child, 0)[1])
done.set()
thread.join()
"""


class Case(mutexes.Case):
    """It is the child that has the report."""

    def json(self, python):
        run = self.run(python)
        equal((run.status, run.out), (0, "0\ndone\n"), "outcome")
        equal(run.report.kinds(), set(), "findings of the parent")
        child = one(run.children, "reports of children")
        found = child.find(self.kind)
        self.check_counts(child, found)
        equal([one["severity"] for one in found], [self.severity], "severity")
        self.check_object(found[0]["object"])
        self.check_stacks(found)

    def text(self, python):
        run = self.run(python, report=False)
        kind = matches(rf"^==(\d+)==WARNING: pythread-trace: {self.kind}: ", run.err, "finding")
        e2e.check(int(kind[1]) != run.pid, "the parent says it")
        line = finding.line_of(self.app, "ext.run()")
        matches(rf'^\s+File "\S*app\.py", line {line}, in run$', run.err, "Python frame")

    def suppressed(self, python):
        """What is suppressed in a child is no different."""


e2e.main(Case("mutex-held-at-fork", "warning", BODY, ("hold", "run")))
