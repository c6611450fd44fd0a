# SPDX-License-Identifier: MIT
"""mutex-lock-order, of two threads that run one after the other: nobody ever waits."""

from mutexes import main

BODY = """
for function in (first, second):
    in_thread(function).join()
"""
main("mutex-lock-order", "warning", BODY, ("first", "second"), rounds=3)
