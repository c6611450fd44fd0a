# SPDX-License-Identifier: MIT
"""scripts/same tells what differs under the tool from what does not, and from what is flaky anyway."""

import argparse
import glob
import itertools
import os
import re
import sys

import e2e
from e2e import check, equal, matches

SAME = os.path.join(e2e.SOURCE, "scripts", "same")
sys.path.insert(1, os.path.join(e2e.SOURCE, "tests", "same"))
import roots  # noqa: E402 (needs the path)
from once import NATIVE, WAYS, Run, Runner  # noqa: E402
from verdict import EXIT, TOO_LONG, Difference, judge  # noqa: E402

# Stands for pythread-trace: the program can tell that it is there, and how often it was started.
TOOL = """#!/bin/sh
while [ "$1" != -- ]; do
	case $1 in
	--output=*) [ "$SILENT" = yes ] || echo '{"findings": []}' >"${1#--output=}" ;;
	--trace=*) [ -n "$SILENT" ] || echo "pythread-trace: the trace is ${1#--trace=}" ;;
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
        self.assertFalse("TRACED" in os.environ and turn("once") in {once})

    def test_dies(self):
        if {dies} and "TRACED" in os.environ and turn("dies") <= {dies}:
            os.abort()

unittest.main(verbosity=2)
"""

# Stands for a CPython with tests, one of them in a package, and one that cannot be run. Where HANGS names
# a file that is not there yet, the tool makes the test take too long, and the suite says so.
CPYTHON = """#!/bin/sh
case "$TRACED$*" in
yes*' test_package.test_one') [ -z "$HANGS" ] || [ -e "$HANGS" ] || {
	echo >"$HANGS"
	printf '%s\n' 'test_it (test.test_package.test_one.Tests.test_it) ... ' 'Timeout (0:09:00)!'
	exit 1
} ;;
esac
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


# What was seen natively and under the tool, and what that is: p passed, f failed, e error.
TEST_KINDS = (("pppp", "pppf", "once"), ("pppp", "ppff", "differs"), ("pppp", "fffp", "differs"),
              ("pppf", "ffpf", "flaky"), ("ppff", "ffff", "flaky"), ("pppf", "ffff", "differs"),
              ("fppp", "pppp", "flaky"), ("pfff", "pppp", "differs"), ("pppf", "pppe", "flaky"),
              ("pppf", "ppee", "differs"), ("pp", "f", "differs"))
# The same of exit statuses: 0, 1, c crashed, h took too long.
EXIT_KINDS = (("0000", "1000", "once"), ("0000", "c000", "differs"), ("0000", "h000", "differs"),
              ("0c00", "c000", "flaky"), ("0h00", "h000", "flaky"), ("0c00", "h000", "differs"),
              ("0h00", "c000", "differs"), ("0h00", "hhhh", "differs"))
STATUSES = {"c": "-11 in test_it", "h": f"{TOO_LONG} in test_it"}


def kinds():
    for native, traced, kind in TEST_KINDS:
        equal(Difference("test", "run", list(native), list(traced)).kind, kind,
              f"natively {native}, under the tool {traced}")
    for native, traced, kind in EXIT_KINDS:
        statuses = [[STATUSES.get(one, one) for one in runs] for runs in (native, traced)]
        equal(Difference(EXIT, "run", *statuses).kind, kind,
              f"exit status natively {native}, under the tool {traced}")
    for traced, kind in (("h000", "once"), ("hh00", "differs"), ("c000", "differs")):
        statuses = [STATUSES.get(one, one) for one in traced]
        equal(Difference(EXIT, "run", ["0"] * 4, statuses, slow=True).kind, kind, f"slow natively, {traced}")


def hang(used):
    """What one is of the tool's runs that takes too long. used: what part of the time native ones take."""
    statuses = itertools.chain([None], itertools.repeat(0))

    def attempt(way):
        run = Run(way, 0, os.devnull, [], None, used) if way == NATIVE else \
            Run(way, next(statuses), os.devnull, [], None, 0.1)
        return {"test": "passed"}, run

    difference, = judge("unit", attempt, ["run"], lambda test, way: None).differences
    equal(difference.test, EXIT, "what differs when a run takes too long")
    return difference.kind


def hangs(python):
    directory = os.path.join(python.directory, "hangs")
    runner = Runner(os.path.join(new_build(directory), "src", "cli", "pythread-trace"), directory, timeout=1)
    run = runner.run(["sleep", "60"], "run", "sleep")
    check(run.status is None and run.used >= 1, f"a run of a minute, with a second: {vars(run)}")
    equal(hang(used=0.1), "differs", "a hang")
    equal(hang(used=0.6), "once", "a hang of what takes long natively")


def same(python, argv, options=("--with=run",), **which):
    directory = python.new_directory()
    build = new_build(directory)
    program = os.path.join(directory, "tests.py")
    with open(program, "w", encoding="utf-8") as file:
        file.write(TESTS.format(place=directory, **{"flaky": False, "traced": False, "once": (),
                                                    "dies": 0, **which}))
    argv = [program if argument == "{program}" else argument for argument in argv]
    return python.start([sys.executable, "-B", SAME, f"--build={build}", *options, "--", *argv],
                        directory=directory)


def numbers(run, way="run"):
    """natively, same, different, once, flaky, left out; of the table's row."""
    return [int(word) for word in matches(rf"^\S+ +{way} +\d+ +(.*)$", run.out, "table").group(1).split()]


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
    # A CPython's tests have a limit of their own, a little shorter.
    run = compare(":test_package.*", "--with=run", env={"HANGS": os.path.join(directory, "hung")})
    equal((run.status, numbers(run)[2]), (1, 1), "a hang")
    matches(r"\(exit-status\): natively 0, under run 3x 0, 1x none, it took too long in test_it ", run.out, "a hang")
    # Or all would be the same where the tool was not even loaded.
    run = compare(":test_package.*", env={"SILENT": "yes"})
    equal((run.status, numbers(run)[2]), (1, 1), "a tool that reports nothing")
    matches(r"\(findings\): natively none, under run no report: the tool was not there$", run.out, "why")
    run = compare(":test_package.*", "--with=record", env={"SILENT": "trace"})
    equal((run.status, numbers(run, "record")[2]), (1, 1), "a tool that records nothing")
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
    kinds()
    hangs(python)

    tests = [python.path, "{program}"]
    run = same(python, tests, [])
    for way in WAYS:
        equal((run.status, numbers(run, way)), (0, [6, 6, 0, 0, 0, 0]), f"nothing differs under {way}")

    run = same(python, tests, traced=True)
    # The exit status differs, too.
    equal((run.status, numbers(run)), (1, [6, 5, 2, 0, 0, 0]), "one differs")
    check(not re.search(r"^\S+ +record ", run.out, re.M), "a way that was not asked for")
    matches(r"differs: .*\.test_traced: natively passed, under run failed$", run.out, "what differs")

    run = same(python, tests, once=(1,))
    equal((run.status, numbers(run)), (0, [6, 5, 0, 2, 0, 0]), "one differs once")
    matches(r"once: .*\.test_once: natively passed, under run 1x failed, 11x passed$", run.out, "once")

    run = same(python, tests, once=(1, 12))
    equal((run.status, numbers(run)), (1, [6, 5, 2, 0, 0, 0]), "one differs twice of twelve times")

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
