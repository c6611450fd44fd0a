# SPDX-License-Identifier: MIT
"""CPython's own tests give the same result with the tool and without."""

import cpython_tests
from e2e import main

TESTS = (("test_capi", "-m", "test_pythread_tss_key_state"), ("test_threading_local",),
         ("test_tracemalloc",), ("test_fork1",))


def test(python):
    cpython_tests.compare(python, TESTS)


main(test)
