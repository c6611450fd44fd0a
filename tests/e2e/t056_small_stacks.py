# SPDX-License-Identifier: MIT
"""A finding in a thread with a small stack is told, with fewer words, and the thread goes on: the names
of its frames, which take up to 256 KiB of stack to find, are left to a report in a thread with more."""

import re

import e2e
from e2e import check, equal, one

APP = """
import threading
import tss_get_before_create as bug
threading.stack_size({size} * 1024)
thread = threading.Thread(target=bug.run)
thread.start()
thread.join()
print('on')
"""
SMALL = (256, 128, 96, 64)

# With what the interpreter takes before it comes to the finding.
LARGE = (512, 1024)


def told_at_once(python, size):
    """How many of the stack's frames have an address, and how many a name."""
    run = python.script(APP.format(size=size), report=False)
    equal((run.status, run.out), (0, "on\n"), f"outcome with {size} KiB, in text")
    frames = re.findall(r"^    #\d+ 0x[0-9a-f]+( in \S+)? ", run.err, re.MULTILINE)
    check("  Python stack (" in run.err, f"no Python stack with {size} KiB")
    return len(frames), len([name for name in frames if name])


def told_in_the_end(python, size):
    """By the first thread, which writes that report."""
    run = python.script(APP.format(size=size))
    equal((run.status, run.out), (0, "on\n"), f"outcome with {size} KiB")
    equal(run.report.kinds(), {"tss-get-before-create"}, f"findings with {size} KiB")
    stack = one(run.report.find("tss-get-before-create"), "findings")["stacks"][0]["native"]
    equal((stack[0]["function"], bool(stack[0]["line"])), ("run", True), f"the newest frame with {size} KiB")


def test(python):
    for size in SMALL:
        if not python.can(f"import threading; threading.stack_size({size} * 1024)"):
            continue  # too small for the C library, as on arm64
        told_in_the_end(python, size)
        frames, named = told_at_once(python, size)
        check(frames and not named, f"with {size} KiB {named} of {frames} frames have a name")
    for size in LARGE:
        frames, named = told_at_once(python, size)
        check(named, f"with {size} KiB none of {frames} frames has a name")


e2e.main(test)
