# SPDX-License-Identifier: MIT
"""CPython's own tests of locks and threads give the same result with the tool and without. The long
ones run where PYTHREAD_TRACE_LONG_TESTS is set."""

import os

import cpython_tests
import mutexes
from e2e import main

SHORT = (("test_capi", "-m", "test_lock_*", "-m", "test_critical_sections*"), ("test_thread",))
LONG = (("test_threading",), ("test_free_threading",), ("test_interpreters",))


def test(python):
    mutexes.needed(python)
    cpython_tests.compare(python, SHORT)
    if os.environ.get("PYTHREAD_TRACE_LONG_TESTS"):
        cpython_tests.compare(python, LONG, timeout=900)


main(test)
