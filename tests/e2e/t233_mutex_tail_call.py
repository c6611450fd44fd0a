# SPDX-License-Identifier: MIT
"""An extension's inlined fast path, behind which the call is a jump: it seems to come from whoever
called the extension, none of whose operations is inlined. Holds that end unseen are nobody's."""

import os

import e2e
import mutexes
from e2e import check, equal

APP = """
import ctypes, threading
lib = ctypes.CDLL({library!r})
waits = threading.Event()
ready, go = threading.Event(), threading.Event()

def contend():
    lib.lock_cache()
    lib.unlock_cache()
    ready.set()
    go.wait()
    lib.lock_cache()
    lib.unlock_cache()

def hold(begin):
    begin()
    waits.wait(0.2)
    lib.unlock_cache()

lib.lock_cache()
thread = threading.Thread(target=contend)
hold(thread.start)
ready.wait()
lib.lock_cache()
hold(go.set)
thread.join()

lib.lock_cache()
thread = threading.Thread(target=lambda: (lib.lock_cache(), lib.unlock_cache()))
hold(thread.start)
thread.join()
print("done")
"""


def test(python):
    mutexes.needed(python)
    library = os.path.join(python.extensions, "libtailcall.so")
    run = python.script(APP.format(library=library))
    mutexes.healthy(run, "done\n")
    mutex = mutexes.named(run.report, "cache_mutex")
    equal(mutex["contended"], 3, "times that a thread waited")
    check(not mutex["complete"], "not all acquisitions are seen")


e2e.main(test)
