# SPDX-License-Identifier: MIT
"""Finds the interpreters of this machine: CPython 3.9 and later, each real file once.

scripts/pythons prepares some that few machines have. PYTHREAD_TRACE_PYTHONS, paths with colons
between, adds some; PYTHREAD_TRACE_ONLY leaves only those that it names, with colons between: as
"system", which is /usr/bin/python3, by their path, or by their version or the beginning of it, as in
3.13 or 3.13.5t (3.13t is any free-threaded 3.13; 3.13 is any other). "sample" is some for each test.
"""

import glob
import json
import os
import re
import subprocess
import zlib

OLDEST, NEWEST = 9, 15
SYSTEM = "/usr/bin/python3"
SAMPLE = "sample"

# Where version managers keep what they install.
PLACES = ("/usr/bin", "/usr/local/bin", "/opt/python/*/bin", "~/.pyenv/versions/*/bin",
          "~/.local/share/uv/python/*/bin", "~/.local/share/mise/installs/python/*/bin",
          "~/.asdf/installs/python/*/bin", "/opt/conda/bin", "/opt/conda/envs/*/bin",
          "~/miniconda3/bin", "~/miniconda3/envs/*/bin", "~/anaconda3/bin",
          "~/anaconda3/envs/*/bin", "~/miniforge3/bin", "~/miniforge3/envs/*/bin")

# What scripts/pythons built. Its roots are no programs of this machine.
_CACHE = os.environ.get("XDG_CACHE_HOME", "")
PREPARED = os.path.join(_CACHE if _CACHE.startswith("/") else "~/.cache",
                        "pythread-trace/pythons/free-threaded*/bin")

ASK = """
import importlib.machinery, json, platform, sys, sysconfig
get = sysconfig.get_config_var
print(json.dumps({
    "version": sys.version_info[:3],
    "implementation": platform.python_implementation(),
    "free_threaded": bool(get("Py_GIL_DISABLED")),
    "debug": bool(get("Py_DEBUG")),
    "shared": bool(get("Py_ENABLE_SHARED")),
    "library": "%s/%s" % (get("LIBDIR"), get("INSTSONAME")) if ".so" in str(get("INSTSONAME")) else "",
    "home": sys.base_prefix,
    "include": sysconfig.get_path("include"),
    "abi": get("SOABI"),
    "suffix": get("EXT_SUFFIX"),
    "stable_abi": ".abi3.so" in importlib.machinery.EXTENSION_SUFFIXES,
}))
"""


def _is_program(path):
    """A compiled program: shims and wrappers are scripts."""
    try:
        with open(path, "rb") as file:
            return os.access(path, os.X_OK) and file.read(4) == b"\x7fELF"
    except OSError:
        return False


def _candidates():
    named = [path for path in os.environ.get("PYTHREAD_TRACE_PYTHONS", "").split(":") if path]
    places = [*PLACES, PREPARED, *os.environ.get("PATH", "").split(":")]
    names = [name for place in places
             for name in sorted(glob.glob(os.path.join(os.path.expanduser(place), "python3*")))
             if re.fullmatch(r"python3(\.\d+)?t?d?", os.path.basename(name))]
    seen = set()
    for path in named + names:
        if not _is_program(path):
            continue
        file = os.stat(path)
        if (file.st_dev, file.st_ino) not in seen:
            seen.add((file.st_dev, file.st_ino))
            yield os.path.abspath(path)


def _ask(path):
    env = {name: value for name, value in os.environ.items()
           if name != "LD_PRELOAD" and not name.startswith(("PYTHON", "PYTHREAD_TRACE"))}
    try:
        answer = subprocess.run([path, "-c", ASK], env=env, capture_output=True, text=True,
                                timeout=60, check=True).stdout
        return json.loads(answer)
    except (OSError, ValueError, subprocess.SubprocessError):
        return None


class _Memory:
    """Answers of earlier tests, as long as the interpreter's file is the same."""

    def __init__(self, path):
        self.path = path
        try:
            with open(path, encoding="utf-8") as file:
                self.answers = json.load(file)
        except (OSError, ValueError):
            self.answers = {}
        self.changed = False

    def ask(self, path):
        real = os.path.realpath(path)
        key = f"{path} {real} {os.stat(real).st_mtime_ns} {zlib.crc32(ASK.encode())}"
        if key not in self.answers:
            self.answers[key] = _ask(path)
            self.changed = True
        return self.answers[key]

    def keep(self):
        if not self.changed:
            return
        temporary = f"{self.path}.{os.getpid()}"
        try:
            with open(temporary, "w", encoding="utf-8") as file:
                json.dump(self.answers, file)
            os.replace(temporary, self.path)
        except OSError:
            pass


def _judge(answer):
    """Why no test can use it, or None."""
    if not answer:
        return "does not run"
    if answer["implementation"] != "CPython" or answer["version"] < [3, OLDEST]:
        return "not CPython 3.9 or later"
    if answer["free_threaded"]:
        header = os.path.join(answer["include"], "Python.h")
        return None if os.path.exists(header) else f"free-threaded, and {header} is not there"
    if not answer["stable_abi"]:
        return "loads no extension built for the stable ABI"
    return None


def _version(answer):
    """As people write it: 3.13.5t for a free-threaded one, 3.13.5d for a debug build."""
    if not answer:
        return "?"
    return (".".join(map(str, answer["version"])) + "t" * answer["free_threaded"]
            + "d" * answer["debug"])


def _named(names, path, answer):
    """Whether the names, or the lack of any, ask for that one."""
    for name in names:
        version = re.fullmatch(r"([\d.]+)([td]*)", name)
        if version:
            numbers = [int(number) for number in version[1].split(".")]
            kinds = "t" * answer["free_threaded"] + "d" * answer["debug"]
            if answer["version"][:len(numbers)] == numbers and version[2] == kinds:
                return True
        elif os.path.exists(path) and os.path.realpath(path) == os.path.realpath(
                SYSTEM if name == "system" else name):
            return True
    return not names


def sample(found, test):
    """If only a sample is asked for: the first, and of the others, by the test's name, one that is
    older than PyMutex and two that have it. All tests together meet all interpreters."""
    if os.environ.get("PYTHREAD_TRACE_ONLY") != SAMPLE:
        return found
    number = zlib.crc32(test.encode())
    old = [python for python in found[1:] if python["version"] < [3, 13]]
    new = [python for python in found[1:] if python["version"] >= [3, 13]]
    chosen = [group[(number + step) % len(group)]
              for group, count in ((old, 1), (new, min(2, len(new)))) if group
              for step in range(count)]
    return [python for python in found if python is found[0] or python in chosen]


def find(build):
    """The interpreters, and sentences about what was not found or cannot be used."""
    names = [name for name in os.environ.get("PYTHREAD_TRACE_ONLY", "").split(":")
             if name and name != SAMPLE]
    memory = _Memory(os.path.join(build, "tests", "e2e", "interpreters.json"))
    launcher = os.path.join(build, "tests", "ext", "launcher")
    paths = list(_candidates())
    if _is_program(launcher):
        paths.insert(1, launcher)
    found, missing = [], []
    for path in paths:
        answer = memory.ask(path)
        reason = _judge(answer)
        version = _version(answer)
        if reason and (not answer or answer["version"] >= [3, OLDEST]):
            missing.append(f"{path} ({version}): {reason}")
        if reason or not _named(names, path, answer):
            continue
        embedded = path == launcher
        found.append({**answer, "path": path, "embedded": embedded,
                      "shared": answer["shared"] and not _exports_python(path) or embedded,
                      "name": f"{'embedded ' if embedded else ''}{version} {path}"})
    memory.keep()
    if names:
        return found, [] if found else [f"PYTHREAD_TRACE_ONLY={':'.join(names)}: none is that"]
    there = {python["version"][1] for python in found}
    missing += [f"Python 3.{minor}: none found; PYTHREAD_TRACE_PYTHONS may name one"
                for minor in range(OLDEST, NEWEST + 1) if minor not in there]
    if not any(python["free_threaded"] for python in found):
        missing.append("free-threaded Python: none found; scripts/pythons free-threaded builds one")
    return found, missing


def _exports_python(path):
    """Whether the interpreter is in the executable: Debian's python3 is, whatever it says."""
    with open(path, "rb") as file:
        return b"\0PyThread_tss_create\0" in file.read()


if __name__ == "__main__":
    import sys

    usable, absent = find(sys.argv[1])
    for python in usable:
        print(python["name"])
    for sentence in absent:
        print(f"skipped: {sentence}")
