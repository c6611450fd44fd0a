# SPDX-License-Identifier: MIT
from mutexes import main

BODY = """
thread = in_thread(run)
thread.join()
until(lambda: not os.path.exists(f"/proc/self/task/{thread.native_id}"))
ext.release()
"""
main("mutex-held-at-thread-exit", "warning", BODY, ("run",))
