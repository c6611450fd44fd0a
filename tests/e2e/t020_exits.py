# SPDX-License-Identifier: MIT
"""Every orderly way out leaves a whole report, with the status, and the status alone."""

import e2e
from e2e import check, equal

BUG = "import tss_get_before_create as bug, os, sys\nbug.run()\n"
EXITS = {
    "the end": ("", 0),
    "sys.exit": ("sys.exit(3)", 3),
    "sys.exit with a text": ("sys.exit('text')", 1),
    "an exception": ("raise ValueError", 1),
    "os._exit": ("os._exit(4)", 4),
    "quick_exit": ("import ctypes; ctypes.CDLL(None).quick_exit(5)", 5),
    "exit": ("import ctypes; ctypes.CDLL(None).exit(6)", 6),
    "_exit": ("import ctypes; ctypes.CDLL(None)._exit(7)", 7),
    "_Exit": ("import ctypes; ctypes.CDLL(None)._Exit(8)", 8),
    "sys.exit in a thread": ("import threading; threading.Thread(target=sys.exit).start()", 0),
    "os._exit in a thread": ("import threading, time\n"
                             "threading.Thread(target=os._exit, args=(9,)).start()\n"
                             "time.sleep(60)", 9),
}


def test(python):
    for what, (last, status) in EXITS.items():
        run = python.script(BUG + last)
        equal(run.status, status, f"{what}: exit status")
        report = run.report
        equal(report.process["exit"], status, f"{what}: exit status in the report")
        equal(report.kinds(), {"tss-get-before-create"}, f"{what}: findings")
        check(report.calls("PyThread_tss_get"), f"{what}: counts are not of the end")
        marked = python.script(BUG + last, options={"error_exitcode": e2e.MARKED})
        equal(marked.status, e2e.MARKED, f"{what}: exit status with --error-exitcode")


e2e.main(test)
