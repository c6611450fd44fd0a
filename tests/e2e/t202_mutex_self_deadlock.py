# SPDX-License-Identifier: MIT
from mutexes import main

BODY = """
thread = in_thread(run, daemon=True)
until(lambda: ext.stuck() or not thread.is_alive())
"""
main("mutex-self-deadlock", "error", BODY, ("run",))
