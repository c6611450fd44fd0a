# SPDX-License-Identifier: MIT
"""What is not the same in a program that is recorded: LTTng's threads, which Python counts at a fork, and its
files, which have numbers. Who puts other files in their place loses the recording, and not the program. A
daemon that does not answer delays the start; and where memory is short LTTng's library is not loaded."""

import contextlib
import os
import signal
import time

import e2e
import lttng
import tracing
from e2e import check, equal

FORK = """
import os, warnings
warnings.simplefilter("always")
if not os.fork(): os._exit(0)
os.wait()
"""
COUNTING = (3, 12)
FIRST_FILE = "import os\nprint(os.open(os.devnull, os.O_RDONLY))\n"

# As is done with 0 to 2, here with all that may be LTTng's; then more events than a buffer holds.
DUP2 = """
import os, sys
import calls_lazy
own = os.open("own", os.O_RDWR | os.O_CREAT)
for file in set(range(3, 100)) - {own}:
    os.dup2(own, file)
for turn in range(2000):
    assert calls_lazy.run() == 0
with open("own", "rb") as file:
    print(sorted(set(file.read()) - {0}))
sys.exit(7)
"""

# How much address space it has taken, in KiB, and whether LTTng is there.
ROOM = """
import re
with open("/proc/self/status") as status, open("/proc/self/maps") as maps:
    print(re.search(r"VmPeak:\\s+(\\d+)", status.read())[1], "lttng" in maps.read())
"""
KIB_NEEDED = 32 << 10
TOO_LITTLE = "libpythread-trace-lttng.so: there is too little memory for it"


def both(python, app, env):
    """Without the tool, and recorded."""
    return (python.script(app, tool=None, env=env), python.script(app, tool="preload", env=env))


def threads(python, env):
    warned = ["DeprecationWarning: " in run.err for run in both(python, FORK, env)]
    equal(warned, [False, python.version >= COUNTING], "warned of at fork, without the tool and recorded")


def files(python, env):
    first, recorded = (int(run.out) for run in both(python, FIRST_FILE, env))
    check(first < recorded, f"the first file that is opened is number {first}, and {recorded} when recorded")


def is_kept(session):
    with contextlib.suppress(AssertionError):
        return lttng.count(session.output)
    return 0


def files_replaced(python, daemon):
    """By one file of the program's: it may get zeroes, by which LTTng wakes up its readers."""
    session = daemon.session(contexts=tracing.CONTEXTS)
    session.start()
    for run in both(python, DUP2, daemon.env):
        equal((run.status, run.out, run.err), (7, "[]\n", ""), "outcome where LTTng's files are replaced")
    # LTTng was seen to wait without end for the rest of such a program's events.
    daemon.lttng("stop", "--no-wait", session.name)
    lttng.wait_until(lambda: is_kept(session), "some of the recording")


def silent_daemon(python, daemon):
    """Three seconds are LTTng's own; it can be told others."""
    os.kill(daemon.pid, signal.SIGSTOP)
    try:
        taken = {}
        for timeout in None, "300":
            began = time.monotonic()
            run = python.script("print(1)", tool="preload",
                                env={**daemon.env, "LTTNG_UST_REGISTER_TIMEOUT": timeout})
            taken[timeout] = time.monotonic() - began
            equal((run.status, run.out), (0, "1\n"), "outcome with a daemon that is stopped")
    finally:
        os.kill(daemon.pid, signal.SIGCONT)
    check(2.9 <= taken[None] < 20 and taken["300"] < taken[None], f"seconds that it took: {taken}")


def little_memory(python, env):
    def told(room, tracer):
        """As ulimit has it; python.start() has no limit for the tool alone."""
        limit = ["sh", "-c", 'ulimit -v "$0" && exec "$@"', str(room)]
        path = os.path.join(python.directory, "room.py")
        with open(path, "w", encoding="utf-8") as file:
            file.write(ROOM)
        return python.run([*limit, python.path, path], tool="preload", env=env, options={"tracer": tracer})
    needed = int(told("unlimited", "off").out.split()[0])
    for more, wanted in (KIB_NEEDED * 2 // 3, False), (KIB_NEEDED * 4 // 3, True):
        run = told(needed + more, "on")
        equal((run.status, run.out.split()[1:]), (0, [str(wanted)]), f"loaded where {more} KiB are free")
        equal(TOO_LITTLE in run.err, not wanted, f"said where {more} KiB are free: {run.err!r}")


def test(python):
    with lttng.Daemon(python.directory) as daemon:
        threads(python, daemon.env)
        files(python, daemon.env)
        files_replaced(python, daemon)
        little_memory(python, daemon.env)
        silent_daemon(python, daemon)


lttng.main(test, choose=e2e.one_of_each_build)
