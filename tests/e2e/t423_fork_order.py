# SPDX-License-Identifier: MIT
"""Forks while threads make keys, with a library's lock in hand that the library holds around each fork:
nobody waits for ever. So it is in programs without Python, which load libraries in their children, too, or
make keys in signal handlers; and in one that loads an interpreter late."""

import os

import e2e
from e2e import equal

LOCK = os.path.join(e2e.EXTENSIONS, "libforklock.so")
HOST = os.path.join(e2e.EXTENSIONS, "host")
PROGRAM = os.path.join(e2e.EXTENSIONS, "keysofc")
FORKS = 50
APP = f"import ctypes\nprint(ctypes.CDLL(None).fork_among_keys({FORKS}))"
TIMEOUT = 20


def same(python, argv, out, what, env=None):
    for tool in (None, "command"):
        run = python.run(argv, tool=tool, env=env, timeout=TIMEOUT)
        equal((run.status, run.out, run.err), (0, out, ""), f"{what}, {tool or 'without the tool'}")
    run.clean()
    return run


def with_python(python):
    if not python.can("import ctypes"):
        e2e.skip("has no ctypes")
    same(python, [python.path, "-c", APP], f"{FORKS}\n", "a lock around forks", {"LD_PRELOAD": LOCK})
    if os.path.exists(python.library):
        same(python, [HOST, "global", python.library, "1", APP], f"{FORKS}\n0 failures\n",
             "in a late interpreter", {"LD_PRELOAD": LOCK, "PYTHONHOME": python.home})


def without_python(python):
    for work in ("keys", "signals", os.path.join(e2e.EXTENSIONS, "libkeyhog.so")):
        run = same(python, [PROGRAM, work], "good\n", f"without Python, {work}")
        equal(os.listdir(run.directory), [], f"files without Python, {work}")


def test(python):
    without_python(python)
    with_python(python)


e2e.main(test, choose=e2e.one_of_each_kind)
