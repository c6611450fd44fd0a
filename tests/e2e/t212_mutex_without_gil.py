# SPDX-License-Identifier: MIT
"""A deadlock in which one of the threads has given the GIL away: it has no Python stack, and all
else is told."""

import e2e
import mutexes
from e2e import check, equal, one

BODY = """
threads = [in_thread(function, daemon=True) for function in (first, ext.second_without_gil)]
until(ext.stuck)
"""


def test(python):
    mutexes.needed(python)
    run = python.script(mutexes.app("mutex_deadlock", ("first",), BODY))
    equal((run.status, run.out), (0, "done\n"), "outcome")
    found = one(run.report.find("mutex-deadlock"), "findings")
    here = one((stack for stack in found["stacks"] if stack["role"] == "here"), "stacks")
    equal(here["native"][0]["function"], "second_without_gil", "where it waits")
    check(not here["python"], f"a Python stack without a thread state: {here['python']}")
    check(any(stack["python"] for stack in found["stacks"] if stack["role"] == "other"),
          "no Python stack of the thread that has one")


e2e.main(test)
