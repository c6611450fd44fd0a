# SPDX-License-Identifier: MIT
"""doctor, given an extension's file: whether its mutexes are inlined, or one line about the file."""

import os
import shutil

import e2e
from e2e import check, equal, matches

CASES = (("mutex_bench", "not inlined: every operation is a call"),
         ("mutex_bench_inline", r"inlined.*\n(.*\n)*.*-include pythread-trace/pymutex\.h"),
         ("annotated", "not used"))


def doctor(python, path):
    return python.start([e2e.COMMAND, "doctor", path], timeout=20)


def broken(python, extension):
    """Files that are no libraries, and what is said of them."""
    with open(extension, "rb") as file:
        good = file.read()
    files = {"cut.so": (good[:5000], "is cut off"), "empty.so": (b"", "is not an ELF file"),
             "text.so": (b"import this\n", "is not an ELF file"),
             "magic.so": (b"\x7fELF", "is cut off"),
             "narrow.so": (good[:4] + b"\x01" + good[5:], "is built for another kind"),
             "program.so": (good[:16] + b"\x02" + good[17:], "is not a shared library")}
    for name, (content, words) in files.items():
        path = os.path.join(python.directory, name)
        with open(path, "wb") as file:
            file.write(content)
        yield path, 126, words
    os.mkdir(os.path.join(python.directory, "directory.so"))
    yield os.path.join(python.directory, "directory.so"), 126, "cannot be read"
    yield os.path.join(python.directory, "absent.so"), 127, "was not found"


def test(python):
    for name, words in CASES:
        path = os.path.join(python.extensions, python.extension(name))
        run = doctor(python, path)
        equal((run.status, run.err), (0, ""), f"result for {name}")
        matches(rf"^PyMutex +{words}", run.out, name)
    # By what it is, too: a library that has another name, and nobody may execute.
    other = os.path.join(python.directory, "plugin")
    shutil.copyfile(path, other)
    os.chmod(other, 0o644)
    check("PyMutex" in doctor(python, other).out, "a library by another name")
    for path, status, words in broken(python, path):
        run = doctor(python, path)
        equal((run.status, run.out, len(run.err.splitlines())), (status, "", 1), f"result for {path}")
        matches(rf"^pythread-trace: '{path}' {words}", run.err, path)


e2e.main(test, once=True)
