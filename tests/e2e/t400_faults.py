# SPDX-License-Identifier: MIT
"""Calls of the tool's own fail, one at a time, in a program with a bug and in one without: the
result is the program's own, and what is missing in the report is said to be."""

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


def test(python):
    faults.needed()
    for text in (BUG, THREADS):
        for program in (faults.JsonProgram, faults.TextProgram):
            program(python, text).verify()


e2e.main(test, choose=faults.choose)
