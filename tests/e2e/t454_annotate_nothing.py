# SPDX-License-Identifier: MIT
"""Annotations of nothing, and with no name, are passed over; closefrom() is libc's own."""

from e2e import equal, main

APP = """
import ctypes, os
libc = ctypes.CDLL(None)
byte = ctypes.c_uint8()
if {tool}:
    libc.pythread_trace_name(None, b"nothing")
    libc.pythread_trace_name(ctypes.byref(byte), None)
    libc.pythread_trace_name_key(5, None)
    libc.pythread_trace_name_key(-1, b"no key")
    libc.pythread_trace_name_key(1 << 20, b"no key")
low, high = os.dup(0), 200
os.dup2(0, high)
libc.closefrom(4 if low == 3 else 3)
for file in 0, 1, 2, high:
    try:
        os.fstat(file)
        print(file)
    except OSError as error:
        print(error.strerror)
"""


def test(python):
    native = python.script(APP.format(tool=False), tool=None)
    run = python.script(APP.format(tool=True))
    equal((run.status, run.out, run.err), (0, "0\n1\n2\nBad file descriptor\n", ""), "outcome")
    equal((native.status, native.out), (run.status, run.out), "outcome natively")
    run.clean()


main(test)
