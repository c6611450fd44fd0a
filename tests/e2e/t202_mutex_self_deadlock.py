# SPDX-License-Identifier: MIT
"""mutex-self-deadlock, in a thread of its own, which waits for ever."""

from mutexes import main

BODY = """
thread = in_thread(run, daemon=True)
until(lambda: ext.stuck() or not thread.is_alive())
"""
main("mutex-self-deadlock", "error", BODY, ("run",))
