# SPDX-License-Identifier: MIT
"""Limits that leave nothing for the tool: no descriptors, hardly any memory. The program's result
is its own, and what was found is told, with fewer words."""

import os
import re

import e2e
from e2e import check, equal

# Everything that the program itself needs is there before the limit comes.
APP = """
import resource, sys, threading
import tss_set_before_create as first, tss_get_before_create as second, calls_lazy

def size():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[0]) * resource.getpagesize()

calls_lazy.run()
{before}
{limit}
first.run()
second.run()
print("done", calls_lazy.run())
sys.exit(3)
"""
DESCRIPTORS = """
import os
try:
    resource.setrlimit(resource.RLIMIT_NOFILE, (40, 40))
    while True: os.dup(0)
except OSError: pass
"""
MEMORY = "resource.setrlimit(resource.RLIMIT_AS, (size() + {room}, size() + {room}))"
KINDS = {"tss-set-before-create", "tss-get-before-create"}
KIB = 1024
LONG = bool(os.environ.get("PYTHREAD_TRACE_LONG_TESTS"))
ROOMS = (0, 64, 256, 1024, 4096, 16384, 65536) if LONG else (0, 64, 1024, 16384)
SAID = re.compile(r"^pythread-trace: (?:no memory is left to write the report|no JSON can be written: .+|"
                  r"cannot write the report to .+: .+)$"
                  r'|"dropped":[1-9]|; [1-9]\d* dropped for lack of memory', re.MULTILINE)
# In which form, and whether to a file.
FORMS = ((("text", False), ("json", True)) +
         ((("text", True), ("json", False)) if LONG else ()))


def verify(python, limit, before, what):
    text = APP.format(limit=limit, before=before)
    native = python.script(text, tool=None)
    equal((native.status, native.out), (3, "done 0\n"), f"result without the tool, {what}")
    for form, to_file in FORMS:
        path = os.path.join(python.directory, f"report-{len(python.runs)}")
        options = {"format": form, "output": path} if to_file else {"format": form}
        run = python.script(text, options=options, report=False)
        equal((run.status, run.out), (3, "done 0\n"), f"result with {what}, {options}")
        written = ""
        if os.path.exists(path):
            with open(path, encoding="utf-8") as file:
                written = file.read()
        found = {kind for kind in KINDS if kind in run.err + written}
        said = SAID.search(run.err + written)
        check(found == KINDS or said,
              f"with {what}, {options}: {KINDS - found} is not told, and nothing said of it")


def test(python):
    warm = "first.run()"  # with all that a report needs loaded already
    for before in ("", warm):
        verify(python, DESCRIPTORS, before, "no descriptors")
        for room in ROOMS:
            verify(python, MEMORY.format(room=room * KIB), before, f"{room} KiB of memory")


e2e.main(test, choose=e2e.one_of_each_kind)
