# SPDX-License-Identifier: MIT
"""Worker processes report what they do, forked or spawned."""

import e2e
from e2e import check, equal, one

APP = """
import multiprocessing, sys
def work():
    import tss_get_before_create
    tss_get_before_create.run()
if __name__ == "__main__":
    process = multiprocessing.get_context(sys.argv[1]).Process(target=work)
    process.start()
    process.join()
    print(process.exitcode)
"""


def test(python):
    for method in ("fork", "spawn", "forkserver"):
        run = python.same_as_native(APP, method)
        equal(run.out, "0\n", f"{method}: the worker's status")
        equal(run.report.kinds(), set(), f"{method}: findings of the parent")
        guilty = one((child for child in run.children if child.kinds()), f"{method}: reports")
        equal(guilty.kinds(), {"tss-get-before-create"}, f"{method}: findings")
        check(guilty.process["pid"] != run.pid, method)


e2e.main(test)
