# SPDX-License-Identifier: MIT
"""Mutexes that go away right after they were unlocked, and their successors at the same place."""

import e2e
import mutexes

APP = """
import {module} as ext
ext.heap(1500)
ext.many(20000, 100000)
print("done")
"""


def test(python):
    mutexes.needed(python)
    for module in ("mutex_bench", "mutex_bench_inline"):
        for mode in ("auto", "forward"):
            run = python.script(APP.format(module=module), options={"mutex": mode})
            mutexes.healthy(run, "done\n")


e2e.main(test)
