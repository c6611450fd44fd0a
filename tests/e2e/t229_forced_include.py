# SPDX-License-Identifier: MIT
"""pythread-trace/pymutex.h, forced in front of a source, sends every operation on a PyMutex out of
line, in C and C++, whatever the source defines, and leaves a note of it; and nothing before 3.13."""

import os
import shutil
import subprocess

import e2e
from e2e import check, equal

SOURCE = """
#define {first}
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <sched.h>
#if PY_VERSION_HEX >= 0x030d0000 && !defined(Py_LIMITED_API)
static PyMutex one;
#ifdef __cplusplus
extern "C"
#endif
int use(void);
int use(void)
{{
    cpu_set_t set; /* only with _GNU_SOURCE */
    CPU_ZERO(&set);
    PyMutex_Lock(&one);
    PyMutex_Unlock(&one);
#if PY_VERSION_HEX >= 0x030e0000
    return PyMutex_IsLocked(&one) + CPU_COUNT(&set);
#else
    return CPU_COUNT(&set);
#endif
}}
#endif
"""
LIBRARY = "use"
NOTE = b"\x0f\0\0\0" b"\0\0\0\0" b"\x01\0\0\0" b"pythread-trace\0"
COMPILERS = (("cc", "c", "_GNU_SOURCE 1"), ("c++", "cc", "SOMETHING 1"),
             ("clang", "c", "_GNU_SOURCE 1"), ("clang++", "cc", "SOMETHING 1"))


def build(python, compiler, suffix, first, *flags):
    source = os.path.join(python.directory, f"{LIBRARY}.{suffix}")
    library = os.path.join(python.directory, f"{LIBRARY}.so")
    with open(source, "w", encoding="utf-8") as file:
        file.write(SOURCE.format(first=first))
    run = python.start([compiler, "-O2", "-Wall", "-Wextra", "-Werror", "-fPIC", "-shared",
                        "-fvisibility=hidden", *flags, "-isystem", python.include,
                        "-I", os.path.join(e2e.SOURCE, "include"), "-o", library, source])
    equal((run.status, run.err), (0, ""), f"{compiler} {flags}")
    return library


def symbols(library):
    text = subprocess.run(["nm", "-D", "--undefined-only", library], check=True, text=True,
                          capture_output=True).stdout
    return {line.split()[-1] for line in text.splitlines() if "PyMutex" in line}


def doctor(python, library):
    run = python.start([e2e.COMMAND, "doctor", library])
    equal((run.status, run.err), (0, ""), "doctor")
    return run.out


def verify(python, compiler, suffix, first):
    forced = ("-include", "pythread-trace/pymutex.h")
    library = build(python, compiler, suffix, first, *forced)
    with open(library, "rb") as file:
        noted = NOTE in file.read()
    if python.version < (3, 13):
        equal((symbols(library), noted), (set(), False), "result before 3.13")
        check("not used" in doctor(python, library), "doctor, before 3.13")
        return
    wanted = {"PyMutex_Lock", "PyMutex_Unlock"}
    if python.version >= (3, 14):
        wanted.add("PyMutex_IsLocked")
    equal((symbols(library), noted), (wanted, True), f"result of {compiler}")
    check("not inlined" in doctor(python, library), f"doctor, after {compiler}")
    inlined = doctor(python, build(python, compiler, suffix, first))
    check("PyMutex      inlined" in inlined and "pymutex.h" in inlined, f"doctor: {inlined}")


def test(python):
    if not os.path.exists(os.path.join(python.include, "Python.h")):
        e2e.skip(f"has no headers in {python.include}")
    there = [compiler for compiler in COMPILERS if shutil.which(compiler[0])]
    if not there:
        e2e.skip("there is no compiler")
    for compiler in there:
        verify(python, *compiler)
    if not python.free_threaded:
        library = build(python, *there[0], "-include", "pythread-trace/pymutex.h",
                        "-DPy_LIMITED_API=0x03090000")
        equal(symbols(library), set(), "result under the limited API")


e2e.main(test)
