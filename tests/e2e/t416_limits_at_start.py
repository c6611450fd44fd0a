# SPDX-License-Identifier: MIT
"""Limits that are there when the program starts. With as few descriptors as it needs itself it is
watched. Of address space the tool takes a few MiB: with that much to spare the program is watched,
with less it may not start."""

import os

import e2e
from e2e import check, equal

# Nothing of the tool's but what is always there: its memory and its descriptors count.
OPTIONS = "tracer=off"
APP = """
import sys, tss_set_before_create as bug
bug.run()
print("done")
sys.exit(3)
"""
ERROR = "ERROR: pythread-trace: tss-set-before-create: "
LIMITED = 'ulimit -"$1" "$2" && export LD_PRELOAD="$3" && shift 3 && exec "$@"'
DESCRIPTORS, KIB_OF_MEMORY = "n", "v"
MIB = 1024
# With that much more than the program needs itself it is watched, and has whole reports: see README's limits.
TO_START, FOR_NAMES = 5 * MIB, 8 * MIB
STEP = MIB // 8 if os.environ.get("PYTHREAD_TRACE_LONG_TESTS") else MIB
# Python that has no memory when it starts says so in many ways, and may crash or hang, without the
# tool as with it.
PATIENCE = 10
NO_MEMORY = "pythread-trace: no memory is left to write the report\n"


def start(python, limit, amount, tool):
    command = [e2e.COMMAND, "run", f"--{OPTIONS}", "--"] if tool == "command" else []
    return python.start(["sh", "-c", LIMITED, "sh", limit, str(amount),
                         e2e.LIBRARY if tool == "preload" else "",
                         *command, python.path, "-S", "-c", APP],
                        {"PYTHREAD_TRACE_OPTIONS": OPTIONS}, timeout=PATIENCE)


def watched(run, what):
    equal(run.status, 3, f"exit status with {what}")
    check(ERROR in run.err, f"the finding is not told with {what}")


def descriptors(python):
    least = next(number for number in range(3, 20)
                 if start(python, DESCRIPTORS, number, None).status == 3)
    for number in (least, least + 1, least + 2):
        for tool in ("preload", "command"):
            watched(start(python, DESCRIPTORS, number, tool), f"{number} descriptors, {tool}")


def least_memory(python):
    """What the program itself needs: it may take more where it can."""
    low, high = MIB, 64 * MIB
    equal(start(python, KIB_OF_MEMORY, high, None).status, 3, f"exit status with {high} KiB")
    while high - low > MIB // 8:
        middle = (low + high) // 2
        if start(python, KIB_OF_MEMORY, middle, None).status == 3:
            high = middle
        else:
            low = middle
    return high


def memory(python):
    least = least_memory(python)
    for spare in range(0, TO_START, STEP):
        run = start(python, KIB_OF_MEMORY, least + spare, "preload")
        what = f"{spare} KiB of address space to spare"
        if run.out:  # it has begun: then it ends as it does
            equal(run.status, 3, f"exit status with {what}")
            check(ERROR in run.err or NO_MEMORY in run.err, f"nothing is told with {what}")
        else:
            check(run.status != 0, f"neither output nor failure with {what}")
    for spare in (TO_START, FOR_NAMES):
        watched(start(python, KIB_OF_MEMORY, least + spare, "preload"), f"{spare} KiB to spare")
    check("no names" not in python.runs[-1].err, f"names are left out with {FOR_NAMES} KiB to spare")


def test(python):
    descriptors(python)
    memory(python)


e2e.main(test, choose=e2e.one_of_each_kind)
