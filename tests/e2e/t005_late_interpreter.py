# SPDX-License-Identifier: MIT
"""A C program that loads libpython late is watched from then on. What it is not: by addresses that it
has taken before any function was called; nor is a second libpython."""

import os

import e2e
import interpreters
from e2e import check, equal

HOST = os.path.join(e2e.EXTENSIONS, "host")
USE = "import calls_lazy\nfor turn in range(6): assert calls_lazy.run() == 0"


def host(python, scope, rounds, code):
    argv = [HOST, scope, python.library, str(rounds), code]
    env = {"PYTHONHOME": python.home}
    native = python.run(argv, tool=None, env=env)
    run = python.run(argv, env=env)
    equal(native.out, "0 failures\n", "output without the tool")
    equal((run.status, run.out), (native.status, native.out), "result as without the tool")
    run.clean()
    equal(run.report.python["version"], ".".join(map(str, python.version)), "version")
    equal(run.report.python["build"], "shared", "build")
    return run.report

# In whatever order the two are there: the first one is the running interpreter's.
SECOND = """
import ctypes
second = ctypes.CDLL({library!r}, mode=ctypes.RTLD_LOCAL)
key = second.PyThread_create_key()
print(key >= 0)
second.PyThread_delete_key(key)
"""


def early(python, late):
    """These are the originals', as if nobody called; unless the library uses a key while it is loaded, as
    one of 3.13 may."""
    calls = host(python, "early", 1, "x = 1").calls_by_function()
    for function in ("set", "get", "delete"):
        unseen = late[f"PyThread_tss_{function}"] - calls[f"PyThread_tss_{function}"]
        check(unseen == 1 or unseen == 0 and python.version >= (3, 13),
              f"calls of PyThread_tss_{function} that are not seen: {unseen}")


def second(python):
    others = [one["library"] for one in interpreters.find(e2e.BUILD)[0] if one["library"]
              and os.path.exists(one["library"]) and one["version"] != list(python.version)]
    if not others or not python.can("import ctypes"):
        python.lacks("no libpython of another version, or no ctypes")
        return
    run = python.same_as_native(SECOND.format(library=others[0]))
    equal((run.status, run.out), (0, "True\n"), "outcome with a second libpython")
    run.clean()
    equal(run.report.calls("PyThread_delete_key"), 0, "calls of a second libpython that are seen")


def test(python):
    if not os.path.exists(python.library):
        e2e.skip(f"has no shared library {python.library}".rstrip())
    few, many = (host(python, "global", rounds, USE) for rounds in (1, 3))
    for function, calls in few.calls_by_function().items():
        check(many.calls_by_function()[function] - calls >= 12, f"calls of {function}")
    # What only the host can see: no extension finds the interpreter's names.
    early(python, host(python, "local", 1, "x = 1").calls_by_function())
    second(python)


e2e.main(test)
