# SPDX-License-Identifier: MIT
"""No session daemon: nothing of LTTng's is loaded, no thread is started. With one: it is."""

import e2e
import lttng
from e2e import check, equal

APP = """
import os, calls_lazy
assert calls_lazy.run() == 0
with open("/proc/self/maps") as maps:
    print(sorted({os.path.basename(line.split()[-1]) for line in maps if "lttng" in line}))
print(len(os.listdir("/proc/self/task")))
"""
PROVIDER = "libpythread-trace-lttng.so"


def nothing(python, **how):
    run = python.script(APP, env={"LTTNG_HOME": python.directory, **how.pop("env", {})}, **how)
    equal((run.status, run.out), (0, "[]\n1\n"), "what is there without a session daemon")
    run.clean()


def test(python):
    nothing(python, tool="preload")
    nothing(python, tool="command")
    # LTTng's own variables change nothing: a program that shall not wait does not.
    nothing(python, tool="preload", env={"LTTNG_UST_REGISTER_TIMEOUT": "-1"})
    with lttng.Daemon(python.directory) as daemon:
        run = python.script(APP, tool="preload", env=daemon.env)
        libraries, threads = run.out.splitlines()
        equal(run.status, 0, "exit status")
        check(PROVIDER in libraries and "liblttng-ust.so" in libraries, f"loaded: {libraries}")
        check(int(threads) > 1, "LTTng has no thread")


lttng.main(test, choose=e2e.one_of_each_build)
