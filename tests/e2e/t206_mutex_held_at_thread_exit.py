# SPDX-License-Identifier: MIT
"""mutex-held-at-thread-exit; the mutex is unlocked when the kernel has seen the thread's end."""

from mutexes import main

BODY = """
thread = in_thread(run)
thread.join()
until(lambda: not os.path.exists(f"/proc/self/task/{thread.native_id}"))
ext.release()
"""
main("mutex-held-at-thread-exit", "warning", BODY, ("run",))
