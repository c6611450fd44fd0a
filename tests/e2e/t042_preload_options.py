# SPDX-License-Identifier: MIT
"""Options of a plain preload: a mistake ends the program before it starts, with one line."""

import os

import e2e
from e2e import check, equal

BAD = ("nonsense=1", "format=xml", "error_exitcode=x", "mutex=mine", "suppressions=/nonexistent",
       "fail-on=spelling")


def test(python):
    for options in BAD:
        env = {"PYTHREAD_TRACE_OPTIONS": options, "LD_PRELOAD": e2e.LIBRARY}
        run = python.start([python.path, "-c", "print('started')"], env)
        equal((run.status, run.out), (2, ""), f"result of {options}")
        equal(len(run.err.splitlines()), 1, f"lines of {options}")
        name = options.split("=")[0]
        check(name.replace("_", "-") in run.err or name in run.err, f"{options}: {run.err}")
    # Dashes do as well as underscores, and a flag may stand alone.
    env = {"PYTHREAD_TRACE_OPTIONS": "error-exitcode=5:quiet:leak_check=strict",
           "LD_PRELOAD": e2e.LIBRARY}
    run = python.start([python.path, "-c", "import tss_key_live as k; k.run()"], env)
    equal(run.status, 5, "exit status")
    # The command line wins over the variable.
    run = python.script("import tss_key_lost as k; k.create(); k.run()", env={
        "PYTHREAD_TRACE_OPTIONS": "error_exitcode=5:quiet"}, options={"error_exitcode": 6})
    equal(run.status, 6, "exit status, where both say something")
    # What was preloaded before stays.
    libc = "libpthread.so.0"
    run = python.script("import os; print(os.environ['LD_PRELOAD'])", env={"LD_PRELOAD": libc})
    check(libc in run.out and os.path.basename(e2e.LIBRARY) in run.out, f"LD_PRELOAD: {run.out}")


e2e.main(test)
