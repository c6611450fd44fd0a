# SPDX-License-Identifier: MIT
"""scripts/same tells what differs under the tool from what does not, and from what is flaky anyway."""

import argparse
import glob
import os
import sys

import e2e
from e2e import check, equal, matches

SAME = os.path.join(e2e.SOURCE, "scripts", "same")
sys.path.insert(1, os.path.join(e2e.SOURCE, "tests", "same"))
import roots  # noqa: E402 (needs the path)

# Stands for pythread-trace: the program can tell that it is there, and how often it was started.
TOOL = """#!/bin/sh
while [ "$1" != -- ]; do
	case $1 in
	--output=*) [ -n "$SILENT" ] || echo '{"findings": []}' >"${1#--output=}" ;;
	esac
	shift
done
shift
TRACED=yes exec "$@"
"""

TESTS = """
import os, sys, unittest

def turn(name):
    path = os.path.join({place!r}, name + os.environ.get("TRACED", ""))
    with open(path, "a") as file:
        file.write("x")
    return os.path.getsize(path)

class Tests(unittest.TestCase):
    def test_steady(self):
        pass

    def test_skipped(self):
        self.skipTest("always")

    def test_flaky(self):
        self.assertTrue({flaky} and turn("flaky") % 2 or not {flaky})

    def test_traced(self):
        self.assertFalse({traced} and "TRACED" in os.environ)

    def test_once(self):
        self.assertFalse({once} and "TRACED" in os.environ and turn("once") == 1)

    def test_dies(self):
        if {dies} and "TRACED" in os.environ and turn("dies") <= {dies}:
            os.abort()

unittest.main(verbosity=2)
"""

# Stands for a CPython with tests, one of them in a package, and one that cannot be run.
CPYTHON = """#!/bin/sh
case "$*" in
-c*) echo 3.99 ;;
*--list-tests) printf '%s\\n' test.test_package.test_one test_absent ;;
*' test_package.test_one') echo 'test_it (test.test_package.test_one.Tests.test_it) ... ok' ;;
*' -u curses '*) echo 'test_it (test.test_absent.Tests.test_it) ... ok' ;;
*) echo "test_absent skipped -- No module named '_absent'" ;;
esac
"""


def new_script(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    os.chmod(path, 0o755)
    return path


def new_build(directory):
    build = os.path.join(directory, "build")
    new_script(os.path.join(build, "src", "cli", "pythread-trace"), TOOL)
    return build


def same(python, argv, **which):
    directory = python.new_directory()
    build = new_build(directory)
    program = os.path.join(directory, "tests.py")
    with open(program, "w", encoding="utf-8") as file:
        file.write(TESTS.format(place=directory, **{"flaky": False, "traced": False, "once": False,
                                                    "dies": 0, **which}))
    argv = [program if argument == "{program}" else argument for argument in argv]
    return python.start([sys.executable, "-B", SAME, f"--build={build}", "--", *argv], directory=directory)


def numbers(run):
    """natively, same, different, once, flaky, left out; of the table's one row."""
    return [int(word) for word in matches(r"^\S+ +run +\d+ +(.*)$", run.out, "table").group(1).split()]


def interrupted(python):
    """Started in the background by a script it has SIGINT ignored; what it runs has not."""
    directory = python.new_directory()
    command = [sys.executable, "-B", SAME, f"--build={new_build(directory)}", "--", "sh", "-c",
               "kill -INT $$; echo was ignored"]
    python.start(["sh", "-c", 'trap "" INT; exec "$@"', "sh", *command], directory=directory)
    log, = glob.glob(os.path.join(directory, "build", "same", "*.native"))
    with open(log, encoding="utf-8") as file:
        equal(file.read(), "", "output of a program that interrupts itself")


def suites(python):
    directory = python.new_directory()
    interpreter = new_script(os.path.join(directory, "cpython"), CPYTHON)

    def compare(units, *options, env=None):
        return python.start([sys.executable, "-B", SAME, f"--build={new_build(directory)}", *options,
                             interpreter + units], env, directory)

    run = compare("")
    equal((run.status, numbers(run)), (0, [1, 1, 0, 0, 0, 1]), "a suite")
    matches(r"3\.99, run: test_absent: skipped natively: No module named '_absent'$", run.out, "left out")
    run = compare("", "--use=curses")
    equal((run.status, numbers(run)), (0, [2, 2, 0, 0, 0, 0]), "with a resource")
    # The lists in tests/same name modules in this way, whatever a version calls them.
    run = compare(":test_package.*")
    equal((run.status, numbers(run)), (0, [1, 1, 0, 0, 0, 0]), "a module of a package")
    run = compare(":test_absent")
    equal((run.status, numbers(run)), (1, [0, 0, 0, 0, 0, 1]), "nothing that could be compared")
    # Or all would be the same where the tool was not even loaded.
    run = compare(":test_package.*", env={"SILENT": "yes"})
    equal((run.status, numbers(run)[2]), (1, 1), "a tool that reports nothing")
    matches(r"\(findings\): natively none, under run no report: the tool was not there$", run.out, "why")
    run = compare(":test_package.*", "--with=record")
    equal(run.status, 1, "a tool that records nothing")
    matches(r"\(findings\): natively none, under record no trace: nothing was recorded$", run.out, "why")


def empty_root(python):
    """A root where nothing could be compared, not even one test: what is said there is all there is."""
    directory = python.new_directory()
    place = os.path.join(directory, "build", "check", "trixie")
    os.makedirs(place)
    roots.TREE = directory
    roots.PYTHONS = new_script(os.path.join(directory, "pythons"), f"#!/bin/sh\necho '[]' >{place}/same.json\n")
    try:
        roots.compare("trixie/3.13", [], argparse.Namespace(jobs=1, timeout=1, use=None, ways=["run"]))
    except roots.Unavailable:
        return
    check(False, "a root without results is taken for one without differences")


def test(python):
    tests = [python.path, "{program}"]
    run = same(python, tests)
    equal((run.status, numbers(run)), (0, [6, 6, 0, 0, 0, 0]), "nothing differs")

    run = same(python, tests, traced=True)
    # The exit status differs, too.
    equal((run.status, numbers(run)), (1, [6, 5, 2, 0, 0, 0]), "one differs")
    matches(r"differs: .*\.test_traced: natively passed, under run failed$", run.out, "what differs")

    run = same(python, tests, once=True)
    equal((run.status, numbers(run)), (0, [6, 5, 0, 2, 0, 0]), "one differs once")
    matches(r"once: .*\.test_once: natively passed, under run 1x failed, 3x passed$", run.out, "once")

    run = same(python, tests, flaky=True, traced=True)
    equal(run.status, 1, "one differs and another one is flaky")
    matches(r"\.test_traced: natively passed, under run failed$", run.out, "what differs")
    check("differs: tests.py: __main__.Tests.test_flaky" not in run.out, "what is flaky counts")

    run = same(python, tests, dies=9)
    equal(run.status, 1, "one dies")
    # What it had no time to run does not differ.
    equal(numbers(run)[2], 1, "what differs when one dies")
    matches(r"exit-status\): natively 0, under run -6 in test_dies ", run.out, "where it died")

    run = same(python, tests, dies=1)
    equal((run.status, numbers(run)[2]), (1, 1), "one dies once")

    run = same(python, ["sh", "-c", "echo $TRACED"])
    equal((run.status, numbers(run)), (1, [1, 0, 1, 0, 0, 0]), "output differs")
    run = same(python, ["sh", "-c", "exit ${TRACED:+3}"])
    equal((run.status, numbers(run)), (1, [1, 1, 1, 0, 0, 0]), "exit status differs")
    run = same(python, ["no-such-program"])
    equal(run.status, 1, "no such program")
    matches(r"^same: no-such-program cannot be run", run.err, "no such program")

    interrupted(python)
    suites(python)
    empty_root(python)


e2e.main(test, once=True)
