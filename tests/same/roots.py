# SPDX-License-Identifier: MIT
"""Suites in the roots with other Debian releases, which scripts/pythons makes: ROOT/SUITE. The tool is
built there, and scripts/same is started again inside."""

import os
import subprocess

import table

TREE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PYTHONS = os.path.join(TREE, "scripts", "pythons")
SUITES = {"trixie": ["3.13"], "testing": ["3.14"]}

# The tree is in /src, read-only, and /build is there to build in.
_BUILD = """[ config.status -nt /src/configure ] || /src/configure --enable-werror || exit
make -j"$(nproc)" """
_INSIDE = """export PT_BUILD=/build PT_SAME_AS=$1
shift
exec /src/scripts/same --results=/build/same.json "$@" """


class Unavailable(Exception):
    pass


def is_root(name):
    return "/" in name and name.partition("/")[0] in SUITES


def _in_root(root, *argv, **how):
    return subprocess.run([PYTHONS, "run", root, "--", *argv], check=False, **how)


def _why_not(root):
    run = _in_root(root, "true", capture_output=True, text=True)
    return run.stderr.strip() if run.returncode else None


def known():
    """{name: why it cannot be run, or None}"""
    reasons = {root: _why_not(root) for root in SUITES}
    return {f"{root}/{suite}": reasons[root] for root, names in SUITES.items() for suite in names}


def show():
    for name, reason in known().items():
        root = name.partition("/")[0]
        print(f"{name}: {reason or f'CPython’s tests in the root {root}'}")


def compare(name, wanted, chosen):
    root, _, suite = name.partition("/")
    reason = _why_not(root)
    if reason:
        raise Unavailable(reason)
    build = _in_root(root, "sh", "-c", _BUILD, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                     stderr=subprocess.STDOUT, text=True, errors="replace")
    if build.returncode:
        raise Unavailable(f"the tool cannot be built in the root:\n{build.stdout[-3000:]}")
    results = os.path.join(TREE, "build", "check", root, "same.json")
    if os.path.exists(results):
        os.remove(results)
    asked = suite + (f":{','.join(wanted)}" if wanted else "")
    _in_root(root, "sh", "-uc", _INSIDE, "sh", name, f"--jobs={chosen.jobs}",
             f"--timeout={chosen.timeout}", *([f"--use={chosen.use}"] if chosen.use else []),
             *(f"--with={way}" for way in chosen.ways), asked)
    rows = table.read(results, root) if os.path.exists(results) else []
    if not rows:
        raise Unavailable("nothing was compared in the root, see above")
    return rows
