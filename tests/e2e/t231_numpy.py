# SPDX-License-Identifier: MIT
"""numpy, which takes PyMutexes from 2.1 on: eight threads at once compute what one does, and no
finding comes of it."""

import e2e
import mutexes
from e2e import equal

APP = """
import hashlib, threading
import numpy

def work(number):
    generator = numpy.random.default_rng(7)  # its own lock, taken in each call
    total = numpy.zeros(64)
    for turn in range(200):
        total += numpy.sort(generator.random(64)) * (turn % 5)
        numpy.dtype([("a", "f8"), ("b", "i4", (turn % 7 + 1,))])
        str(total[:3])
    results[number] = hashlib.sha256(total.tobytes()).hexdigest()

results = [None] * 8
threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
assert len(set(results)) == 1, results
print(results[0])
"""


def test(python):
    mutexes.needed(python)
    if not python.can("import numpy"):
        e2e.skip("has no numpy")
    run = python.same_as_native(APP)
    run.clean()
    equal(run.report.rescues, 0, "waiters that nobody woke")
    python.same_as_native(APP, options={"mutex": "forward"}).clean()


e2e.main(test)
