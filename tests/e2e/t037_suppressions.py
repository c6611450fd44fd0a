# SPDX-License-Identifier: MIT
"""Suppressions by function, file, module and symbol; unused ones; --gen-suppressions."""

import os
import re

import e2e
from e2e import check, equal, matches

BUG = "import tss_get_before_create as bug\nbug.run()\n"
KIND = "tss-get-before-create"
FITTING = ("run", "*/tss_get_before_create.c", "cache_key", "cache_*", "*")
# Longer than what the names of temporary folders may happen to have in them.
UNFIT = ("walk_alone", "*.cc", "cache_key_")


def write(python, *lines):
    path = os.path.join(python.directory, "suppressions")
    with open(path, "w", encoding="utf-8") as file:
        file.write("".join(line + "\n" for line in lines))
    return path


def with_file(python, *lines, **options):
    path = write(python, *lines)
    return python.script(BUG, options={"suppressions": path, "error_exitcode": e2e.MARKED,
                                       **options})


def test(python):
    for pattern in (*FITTING, f"*{python.extension('tss_get_before_create')}"):
        run = with_file(python, "# a comment", "", f"{KIND}:{pattern}")
        equal(run.status, 0, f"exit status with {pattern}")
        equal(run.report.summary["errors"], 0, f"errors with {pattern}")
        equal(run.report.summary["suppressed"], 1, f"suppressed with {pattern}")
    run = with_file(python, *(f"{KIND}:{pattern}" for pattern in UNFIT), "tss-copied:*")
    equal(run.status, e2e.MARKED, "exit status with patterns that fit nothing")
    path = write(python, f"{KIND}:run", "tss-copied:nobody_has_this")
    text = python.script(BUG, options={"suppressions": path, "verbose": True}, report=False)
    matches("tss-copied:nobody_has_this", text.err, "unused suppression with --verbose")
    check("==ERROR" not in text.err, "a suppressed finding is shown")
    text = python.script(BUG, options={"gen_suppressions": True}, report=False)
    ready = matches(rf"^\s*({KIND}:\S+)\s*$", text.err, "ready suppression")[1]
    equal(with_file(python, ready).status, 0, f"exit status with {ready}")
    for line in ("nonsense:x", "no colon"):
        run = with_file(python, line)
        check(run.status in (2, 125) and "suppressions" in run.err, f"'{line}' is taken")
        check(re.search(r"line 1|:1\b", run.err), "the line is not named")


e2e.main(test)
