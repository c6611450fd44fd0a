# SPDX-License-Identifier: MIT
"""A provider that is not there, or is none: one line if it was asked for, and the program runs."""

import os
import shutil

import e2e
from e2e import equal, matches

PROVIDER = "libpythread-trace-lttng.so"


def lay_out(python, name, content):
    """The library in a folder of its own, with that beside it."""
    folder = os.path.join(python.directory, name)
    os.mkdir(folder)
    provider = os.path.join(folder, PROVIDER)
    if content == "library":
        shutil.copy(os.path.join(e2e.EXTENSIONS, "libplugin.so"), provider)
    elif content is not None:
        with open(provider, "w", encoding="utf-8") as file:
            file.write(content)
    return shutil.copy(e2e.LIBRARY, folder)


def test(python):
    for name, content, why in (("missing", None, "it is not installed beside"),
                               ("text", "no library\n", f"{PROVIDER}: "),
                               ("stranger", "library", "it belongs to another version")):
        library = lay_out(python, name, content)
        for tracer, lines in (("on", 1), ("auto", 0), ("off", 0)):
            env = {"LD_PRELOAD": library, "PYTHREAD_TRACE_OPTIONS": f"quiet:tracer={tracer}",
                   "LTTNG_HOME": python.directory}
            run = python.script("print(1)", tool=None, env=env)
            equal((run.status, run.out), (0, "1\n"), f"{name}, tracer={tracer}: outcome")
            said = [line for line in run.err.splitlines() if "nothing is recorded" in line]
            equal(len(said), lines, f"{name}, tracer={tracer}: lines")
            equal(len(run.err.splitlines()), lines, f"{name}, tracer={tracer}: all that is said")
            equal(all(why in line for line in said), True, f"{name}: why")
    # The plug-in with the symbols is not there either: what is wrong is told all the same.
    run = python.script("import tss_get_before_create as bug; bug.run()", tool=None,
                        env={"LD_PRELOAD": library})
    equal(run.status, 0, "status without any plug-in")
    matches("ERROR: pythread-trace: tss-get-before-create: ", run.err, "finding")


e2e.main(test)
