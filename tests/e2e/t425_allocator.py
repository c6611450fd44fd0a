# SPDX-License-Identifier: MIT
"""An allocator that reads a key with its own lock in hand, as memory profilers do, while threads begin and
end: nobody waits for ever."""

import os

import e2e
from e2e import equal

ALLOCATOR = os.path.join(e2e.EXTENSIONS, "liballocator.so")
APP = "import ctypes\nprint(ctypes.CDLL(None).come_and_go(1000))\n"


def test(python):
    if not python.can("import ctypes"):
        e2e.skip("has no ctypes")
    run = python.same_as_native(APP, env={"LD_PRELOAD": ALLOCATOR}, timeout=30)
    equal((run.status, run.out), (0, "1\n"), "outcome")
    run.clean()


e2e.main(test, choose=e2e.one_of_each_kind)
