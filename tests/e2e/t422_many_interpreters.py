# SPDX-License-Identifier: MIT
"""Interpreters that come and go: one after the other in one process, and side by side, each with
its own GIL, with keys of their own and one mutex for all."""

import os

import e2e
import mutexes
from e2e import check, equal, one

CODE = "import calls_lazy, threading\nt = threading.Thread(target=calls_lazy.run); t.start(); t.join()"

OWN_GILS = """
import threading
try:
    import _interpreters as interpreters
    WORK = '''
import threading
local = threading.local()
def work(n):
    local.value = n
    for turn in range(2000): assert local.value == n
threads = [threading.Thread(target=work, args=(n,)) for n in range(3)]
for thread in threads: thread.start()
for thread in threads: thread.join()
import ctypes
api = ctypes.pythonapi
api.PyThread_get_key_value.restype = ctypes.c_void_p
key = api.PyThread_create_key()
for turn in range(1, 500):
    assert api.PyThread_set_key_value(key, ctypes.c_void_p(turn)) == 0
    assert api.PyThread_get_key_value(key) == turn
    api.PyThread_delete_key_value(key)
api.PyThread_delete_key(key)
'''
except ImportError: # 3.12, which starts no threads in isolated ones
    import _xxsubinterpreters as interpreters
    WORK = "import threading\\nlocal = threading.local()\\nfor n in range(2000):\\n    local.n = n"
good = []
def use():
    for turn in range(5):
        one = interpreters.create()
        try:
            good.append(interpreters.run_string(one, WORK) is None)
        finally:
            interpreters.destroy(one)
threads = [threading.Thread(target=use) for n in range(4)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(good.count(True))
"""

# Waits are with the waiter's own GIL given up. What the mutex protects is counted without atomics. All
# begin together, with a turn that is long: on a busy machine one might be through before the next begins.
TURNS = 10000
ONE_MUTEX = f"""
import ctypes, threading
import _interpreters as interpreters
memory = (ctypes.c_uint64 * 3)()
WORK = f'''
import ctypes, time
api = ctypes.pythonapi
mutex = ctypes.byref(ctypes.c_uint8.from_address({{ctypes.addressof(memory)}}))
begun, count = (ctypes.c_uint64.from_address({{ctypes.addressof(memory)}} + at) for at in (8, 16))
api.PyMutex_Lock(mutex)
begun.value += 1
api.PyMutex_Unlock(mutex)
while begun.value < 4:
    time.sleep(0.001)
for turn in range({TURNS}):
    api.PyMutex_Lock(mutex)
    count.value += 1
    if not turn:
        time.sleep(0.01)
    api.PyMutex_Unlock(mutex)
'''
good = []
def use():
    one = interpreters.create()
    try:
        good.append(interpreters.run_string(one, WORK) is None)
    finally:
        interpreters.destroy(one)
threads = [threading.Thread(target=use) for n in range(4)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(good.count(True), memory[2])
"""


def reinitialized(python):
    argv = [os.path.join(e2e.EXTENSIONS, "reinit"), "100", CODE]
    native, run = python.run(argv, tool=None), python.run(argv)
    equal(native.out, "0 failures\n", "output without the tool")
    equal((run.status, run.out, run.err), (native.status, native.out, native.err), "result")
    run.clean()
    check(run.report.calls("PyThread_create_key") >= 100, "calls were missed")
    equal(run.report.dropped, 0, "dropped")


def one_mutex(python):
    for options in ({}, {"mutex": "forward"}):
        run = python.same_as_native(ONE_MUTEX, options=options)
        mutexes.healthy(run, f"4 {4 * TURNS}\n")
        mutex = one((mutex for mutex in run.report.mutexes if mutex["contended"]),
                    "mutexes that threads waited for")
        equal(mutex["acquired"], 4 * (TURNS + 1), "acquired")
        check(mutex["owner_changes"] >= 3, f"changes: {mutex['owner_changes']}")
        equal(run.report.dropped, 0, "dropped")


def test(python):
    if python.embedded:
        reinitialized(python)
        return
    if python.version < (3, 12):
        e2e.skip("has one GIL for all interpreters, and is not the one that can be ended and begun")
    native = python.script(OWN_GILS, tool=None)
    if (native.status, native.out) != (0, "20\n"):
        e2e.skip(f"cannot do it without the tool either: status {native.status}, {native.err[-200:]}")
    run = python.script(OWN_GILS)
    equal((run.status, run.out), (0, "20\n"), "result")
    equal(run.err, native.err, "standard error")
    run.clean()
    if python.version >= (3, 13):
        equal(run.report.calls("PyThread_delete_key") >= 20, True, "keys that were deleted in them")
        equal(run.report.calls("PyThread_get_key_value"), 20 * 499, "keys that were read in them")
    equal(run.report.dropped, 0, "dropped")
    if python.version >= mutexes.FIRST:
        one_mutex(python)


e2e.main(test)
