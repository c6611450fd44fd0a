# SPDX-License-Identifier: MIT
"""
Run by bench_events.py in the interpreter under test: for each name read, one slice of that figure
is measured and printed: nanoseconds, or, for the program that does other work too, seconds and how
many events there are to be.

There is a second thread: LTTng's library starts some, and alone in its process a thread is faster
with a mutex.
"""
import json
import sys
import threading

sys.path.insert(0, sys.argv[1])

import bench_trace  # noqa: E402
import bench_tss  # noqa: E402

CALLS = 200000
EVENTS = 5000000
THREADS = 2


def bare():
    """Not loaded before it is wanted: it brings LTTng's library along."""
    import bench_bare
    return bench_bare


SLICES = {
    "get": lambda: bench_tss.tss_get(CALLS),
    "mutex": lambda: bench_trace.pairs(CALLS),
    "bare_get": lambda: bare().get(CALLS),
    "bare_mutex": lambda: bare().mutex(CALLS),
    "half": lambda: [bench_trace.half(THREADS, EVENTS // THREADS), EVENTS],
}

end = threading.Event()
threading.Thread(target=end.wait).start()

for line in sys.stdin:
    print(json.dumps(SLICES[line.strip()]()), flush=True)
end.set()
