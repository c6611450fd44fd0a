# SPDX-License-Identifier: MIT
"""Eight threads that hash into one object of hashlib: CPython's own use of PyMutex in an extension,
as it was built, gives the right digest, and its contention is seen."""

import os

import e2e
import mutexes
from e2e import check, equal

THREADS, ROUNDS = 8, 2000
APP = f"""
import hashlib, threading
one = hashlib.sha256(b"x" * 3000)
data = b"y" * 9000
start = threading.Barrier({THREADS})
def work():
    start.wait()
    for turn in range({ROUNDS}):
        one.update(data)
threads = [threading.Thread(target=work) for n in range({THREADS})]
for thread in threads: thread.start()
for thread in threads: thread.join()
wanted = hashlib.sha256(b"x" * 3000 + data * ({THREADS} * {ROUNDS})).hexdigest()
print(one.hexdigest() == wanted)
"""
WHERE = """
import _hashlib, sys
sys.exit(not getattr(_hashlib, "__file__", None))
"""


def test(python):
    mutexes.needed(python)
    if not python.can(WHERE):
        e2e.skip("has no _hashlib that is an extension module")
    for mode in ("auto", "forward"):
        run = python.script(APP, options={"mutex": mode})
        mutexes.healthy(run, "True\n")
        found = [mutex for mutex in run.report.mutexes if not mutex["runtime"]
                 and "_hashlib" in os.path.basename(mutex["module"] or "")]
        check(found, f"no mutex of _hashlib: {run.report.mutexes!r}")
        check(sum(mutex["contended"] for mutex in found), f"{mode}: no contention was seen")
        equal({mutex["complete"] for mutex in found}, {False}, "complete")


e2e.main(test)
