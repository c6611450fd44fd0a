# SPDX-License-Identifier: MIT
"""mutex-deadlock, of two threads that wait for ever; their order of locking is told as well."""

from mutexes import main

BODY = """
threads = [in_thread(function, daemon=True) for function in (first, second)]
until(lambda: ext.stuck() or not any(thread.is_alive() for thread in threads))
"""
main("mutex-deadlock", "error", BODY, ("first", "second"), frames=("here", "other"),
     extra=("mutex-lock-order",))
