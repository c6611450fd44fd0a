# SPDX-License-Identifier: MIT
from mutexes import main

BODY = """
for function in (first, second):
    in_thread(function).join()
"""
main("mutex-lock-order", "warning", BODY, ("first", "second"), rounds=3)
