# SPDX-License-Identifier: MIT
"""Whoever closes all files closes its own, and not LTTng's, by whatever way of libc it does so."""

import collections

import lttng
import tracing
from e2e import check, equal

# Files of its own on both sides of LTTng's; after it was closed, each number is free.
APP = """
import ctypes, errno, os, resource, time
import calls_lazy
calls_lazy.run()
libc = ctypes.CDLL(None, use_errno=True)
low, high = os.dup(0), 200
os.dup2(0, high)
{prepare}
ctypes.set_errno(0)
{call}
print(ctypes.get_errno())
{restore}
def is_open(file):
    try:
        os.fstat(file)
    except OSError as error:
        assert error.errno == errno.EBADF
        return False
    return True
print([is_open(file) for file in (0, 1, 2, low, high)])
time.sleep(0.2)
calls_lazy.run()
print(errno.errorcode.get(libc.close(low) and ctypes.get_errno()))
"""

# Nothing can be opened, /proc/self/fd neither.
NO_FILE = ("limits = resource.getrlimit(resource.RLIMIT_NOFILE)\n"
           "resource.setrlimit(resource.RLIMIT_NOFILE, (low, limits[1]))")
FILES_AGAIN = "resource.setrlimit(resource.RLIMIT_NOFILE, limits)"

CALLS = ("libc.closefrom(3)", "assert libc.close_range(3, ctypes.c_uint(-1), 0) == 0",
         "assert libc.close_range(3, 200, 0) == 0", "os.closerange(3, 201)",
         "[libc.close(file) for file in range(3, 201)]; ctypes.set_errno(0)")
BAD = ("assert libc.close_range(5, 3, 0) == -1", "assert libc.close_range(3, 200, 1 << 20) == -1")


def outcome(python, env, call, **parts):
    app = APP.format(call=call, **{"prepare": "", "restore": "", **parts})
    native = python.script(app, tool=None, env=env)
    equal((native.status, native.err), (0, ""), f"{call}: natively")
    traced = python.script(app, tool="preload", env=env)
    for what in ("status", "out", "err"):
        equal(getattr(traced, what), getattr(native, what), f"{call} {parts}: {what}")
    return native.out.splitlines()


def test(python):
    with lttng.Daemon(python.directory) as daemon:
        session = daemon.session(contexts=tracing.CONTEXTS)
        session.start()
        runs = 0
        for call in CALLS:
            for parts in {}, {"prepare": NO_FILE, "restore": FILES_AGAIN}:
                equal(outcome(python, daemon.env, call, **parts),
                      ["0", "[True, True, True, False, False]", "EBADF"], f"{call}: result")
                runs += 1
        for call in BAD:
            equal(outcome(python, daemon.env, call),
                  ["22", "[True, True, True, True, True]", "None"], f"{call}: result")
            runs += 1
        # A thread of LTTng's whose files are gone aborts, or tells nothing more.
        deleted = collections.Counter(event.context["vpid"]
                                      for event in session.stop().named("tss_delete"))
        equal(len(deleted), runs, "programs that were recorded")
        equal(set(deleted.values()), {max(deleted.values())}, "keys deleted by each")
        check(max(deleted.values()) >= 2, "only the first call of each was recorded")
        session.destroy()


lttng.main(test, choose=lambda pythons: pythons[:1])
