# SPDX-License-Identifier: MIT
"""Calls of the tool's own fail, one at a time, in a program with a bug, in one without, in one that
forks and in one that is replaced by another: the result is the program's own, and what is missing in
the report is said to be."""

import e2e
import faults

BUG = """
import ctypes, sys, threading
import tss_set_before_create as bug, tss_key_growth as growth
bug.run()
for turn in range(10):
    growth.run()
# Stands still where the report was left with the dynamic linker's lock held.
thread = threading.Thread(target=ctypes.CDLL, args=("libBrokenLocale.so.1",))
thread.start()
thread.join()
print("out")
print("err", file=sys.stderr)
sys.exit(3)
"""
THREADS = """
import sys, threading, calls_lazy
local = threading.local()
def work(n):
    local.value = n
    for turn in range(20):
        assert calls_lazy.run() == 0 and local.value == n
threads = [threading.Thread(target=work, args=(n,)) for n in range(6)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print("out")
print("err", file=sys.stderr)
"""


# The tool's handlers of fork, and a child's own report.
FORKS = """
import os, sys
import tss_set_before_create as bug, tss_get_before_create as other, tss_key_growth as growth
bug.run()
growth.run()
child = os.fork()
if not child:
    other.run()
    growth.run()
    sys.exit(4)
print("child", os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""
# A report in front of the program's end, which the one at the end must not replace.
EXECS = """
import os, sys
import tss_set_before_create as bug, tss_get_before_create as other
if len(sys.argv) == 1:
    bug.run()
    os.execv(sys.executable, [sys.executable, *sys.argv, "again"])
other.run()
print("replaced")
sys.exit(5)
"""


def test(python):
    faults.needed()
    for text in (BUG, THREADS):
        for program in (faults.JsonProgram, faults.TextProgram):
            program(python, text).verify()
    for text in (FORKS, EXECS):
        faults.JsonProgram(python, text).verify(faults.SECONDS / 2)


e2e.main(test, choose=faults.choose)
