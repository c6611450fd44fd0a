# SPDX-License-Identifier: MIT
"""Beside a sanitizer's library that the user preloads: programs run as with that alone."""

import os
import subprocess

import e2e
import lttng
import recording
from e2e import check, equal

# Threads with values in keys, which end.
APP = """
import sys, threading
import calls_lazy
threads = [threading.Thread(target=calls_lazy.run) for _ in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print("on")
sys.exit(3)
"""
SETTINGS = {"ASAN_OPTIONS": "detect_leaks=0"}  # an interpreter leaves much behind


def sanitizer(python, name):
    """The variables that preload it, where a program bears it without the tool."""
    try:
        path = subprocess.run(["gcc", f"-print-file-name={name}.so"], check=True, text=True,
                              capture_output=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError) as error:
        raise e2e.Skip(f"no gcc: {error}") from error
    if not os.path.isabs(path):
        raise e2e.Skip(f"no {name}")
    env = {**SETTINGS, "LD_PRELOAD": os.path.realpath(path)}
    native = python.script(APP, tool=None, env=env)
    if (native.status, native.out) != (3, "on\n"):
        raise e2e.Skip(f"{name} does not work here: {native.err}")
    return env


def order(python, env):
    """Nothing in front of AddressSanitizer, and the tool once, in front of all others."""
    tool, asan = e2e.LIBRARY, env["LD_PRELOAD"]
    show = "import os; print(os.environ['LD_PRELOAD'])"
    for given, wanted in ((asan, [asan, tool]), (f"{asan}:libm.so.6", [asan, tool, "libm.so.6"]),
                          (f"{asan} libm.so.6", [asan, tool, "libm.so.6"]),
                          (f":{asan}:", [asan, tool]), (f"{asan}:{tool}", [asan, tool]),
                          ("libm.so.6", [tool, "libm.so.6"])):
        run = python.script(show, env={**env, "LD_PRELOAD": given})
        equal(run.out.replace(":", " ").split(), wanted, f"LD_PRELOAD of {given}")


def recorded(python, asan, tsan):
    program = recording.script(python, APP)
    run = recording.run(python, program, env=asan)
    equal((run.status, run.out), (3, "on\n"), "outcome, recorded with AddressSanitizer")
    check(lttng.read(recording.Said(run.err).place).named("tss_create"), "keys in the trace")
    # Leaks of the command's own would be its exit status.
    run = recording.run(python, ["/bin/sh", "-c", "exit 3"], env={**asan, "ASAN_OPTIONS": ""})
    equal(run.status, 3, f"outcome, while leaks are looked for: {run.err}")
    # LTTng's library crashes in a thread's end.
    run = recording.run(python, program, env=tsan)
    equal((run.status, run.out), (3, "on\n"), "outcome, recorded with ThreadSanitizer")
    check("detect_deadlocks=0" in run.err, f"why: {run.err}")
    run = recording.run(python, program, env={**tsan, "TSAN_OPTIONS": "detect_deadlocks=0"})
    equal((run.status, run.out), (3, "on\n"), "outcome, recorded without a search for deadlocks")
    check(lttng.read(recording.Said(run.err).place).named("tss_create"), "keys in the trace")


def test(python):
    found = [sanitizer(python, name) for name in ("libasan", "libtsan")]
    for env in found:
        run = python.same_as_native(APP, env=env)
        run.clean()
    order(python, found[0])
    recorded(python, *found)


lttng.main(test, choose=e2e.one_of_each_build)
