# SPDX-License-Identifier: MIT
"""The first use of a PyMutex needs no lock of the dynamic linker's: a fork meanwhile would leave it
locked in the child, which could load nothing any more."""

import os

import e2e
import mutexes
from e2e import equal

APP = """
import ctypes
print(ctypes.CDLL({library!r}).use_under_lock())
"""


def test(python):
    mutexes.needed(python)
    library = os.path.join(python.extensions, "liblinkerlock.so")
    python.same_as_native(APP.format(library=library)).clean()
    equal(python.script(APP.format(library=library)).out, "1\n", "in time, under the linker's lock")


e2e.main(test)
