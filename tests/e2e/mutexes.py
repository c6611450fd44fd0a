# SPDX-License-Identifier: MIT
"""What the tests of PyMutex share: programs with threads, and findings in them.

They need CPython 3.13 or later. Extensions are those of tests/ext that call every operation, or,
where their name ends in _inline, have the fast path in their own code.
"""

import textwrap

import e2e
import finding
from e2e import check, equal, one

FIRST = (3, 13)

APP = """import os, threading, time, warnings
import {module} as ext

warnings.simplefilter("ignore")

{functions}

def in_thread(function, **how):
    thread = threading.Thread(target=function, **how)
    thread.start()
    return thread

def until(condition):
    while not condition():
        time.sleep(0.005)

def main():
    for turn in range({rounds}):
{body}

main()
print("done")
"""


def needed(python):
    if python.version < FIRST:
        e2e.skip("has no PyMutex")


def app(module, steps, body, rounds=1):
    functions = "\n\n".join(finding.FUNCTION.format(name=name) for name in steps)
    return APP.format(module=module, functions=functions, rounds=rounds,
                      body=textwrap.indent(textwrap.dedent(body).strip(), " " * 8))


class Case(finding.Case):
    """A kind of finding about a mutex. body: what main() does, which calls the steps. absent: marks,
    as "locked first", that are not told of; frames: those that must have Python frames."""

    def __init__(self, kind, severity, body, steps, count=1, frames=("here",), absent=(), **expected):
        super().__init__(kind, severity, count=count, steps=steps, type="mutex",
                         **{"symbol": "cache_mutex", "rounds": 1, **expected})
        self.frames = frames
        self.marks = [mark for mark in self.marks if f"{mark.role} {mark.step}" not in absent]
        self.app = app(self.module, steps, body, self.rounds)
        self.clean_app = app(self.module + "_clean", steps, body, self.rounds)

    def __call__(self, python):
        needed(python)
        super().__call__(python)
        if not python.free_threaded:  # there it is done without being asked for
            self.forwarded(python)

    def forwarded(self, python):
        """The same when the interpreter's own functions do the work."""
        options, self.options = self.options, {**(self.options or {}), "mutex": "forward"}
        try:
            self.json(python)
        finally:
            self.options = options

    def wants_python(self, mark):
        return self.python and mark.role in self.frames

    def python_fits(self, frames, mark):
        """The newest frame of the program; who called it depends on the thread."""
        line = finding.line_of(self.app, f"ext.{mark.step}()")
        seen = [(frame["function"], frame["line"]) for frame in frames or ()
                if frame["file"].endswith("app.py")]
        return bool(seen) and seen[0] == (mark.step, line)


def main(*case, **expected):
    e2e.main(Case(*case, **expected))


def named(report, symbol):
    """The record of the mutex with this symbol."""
    return one((mutex for mutex in report.mutexes if mutex["symbol"] == symbol),
               f"mutexes called {symbol}, of {report.mutexes!r}")


def healthy(run, output):
    """A run that ended as it should, in which nothing was found and no wake-up was lost."""
    equal((run.status, run.out), (0, output), "outcome")
    run.clean()
    check(not run.report.rescues, f"{run.report.rescues} waiters were woken by nobody")
