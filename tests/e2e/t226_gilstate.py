# SPDX-License-Identifier: MIT
"""Threads that become Python's and cease to be, over and over: the interpreter's own mutexes are
locked inside it and unlocked through an exported name, and no wake-up may be lost."""

import e2e
import mutexes

APP = """
import {module} as ext
print(ext.gilstate(8, 2000))
"""


def test(python):
    mutexes.needed(python)
    for module in ("mutex_bench", "mutex_bench_inline"):
        for mode in ("auto", "forward"):
            run = python.script(APP.format(module=module), options={"mutex": mode}, timeout=60)
            mutexes.healthy(run, "16000\n")


e2e.main(test)
