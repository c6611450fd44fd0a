# SPDX-License-Identifier: MIT
"""Calls that the tool makes are failed, one at a time, by libfaults.so of tests/faults.

A place is where such a call comes from, function by function. The first run of a program tells
its places; then the program runs once for each, or for some of them, with the call from there
failed. Its result has to be what it is without the tool. What the tool found has to be what it
finds otherwise, or it has to say that something is missing.
"""

import concurrent.futures
import json
import os
import random
import re
import signal
import tempfile
import time

import e2e
from e2e import check, equal

LIBRARY = os.path.join(e2e.BUILD, "tests", "faults", "libfaults.so")
TOOL = ("libpythread-trace", "report.so")
LTTNG = "liblttng-ust"
LONG = bool(os.environ.get("PYTHREAD_TRACE_LONG_TESTS"))

# A run that stands still is over by then, the slowest one not nearly.
PATIENCE = 60
WORKERS = 2

# For each program, where the long tests are not asked for.
SECONDS = 3
SEED = os.environ.get("PYTHREAD_TRACE_SEED", "1")

# The shape of what the tool writes to standard error: sentences about itself, and reports in text.
OWN_LINE = re.compile(r"pythread-trace: |==\d+==| |$")

# glibc ends a program that has no memory for what a thread does at its end, or for its variables in
# a library, whoever needs it. The tool asks for far more memory right before, and does without where
# there is none; that very call cannot be.
UNAVOIDABLE = ("Fatal glibc error: failed to register TLS destructor",
               "cannot allocate memory for thread-local data: ABORT")


# What a report in text says of itself.
MISSING = (" dropped for lack of memory", "  no names for addresses: ", "    no further frames: ",
           "    no native stack", "  no Python stack", "no memory is left to tell more")


class Place:
    """Where calls come from: number, function, and the frames as file+offset, newest first."""

    def __init__(self, line):
        self.word, self.number, self.function, *self.frames = line.split()

    @property
    def of_lttng(self):
        """The tool stands in for the creation of keys, whoever wants one."""
        frames = [frame for frame in self.frames
                  if self.function != "pthread_key_create" or not frame.startswith(TOOL)]
        return bool(frames) and frames[0].startswith(LTTNG)

    def __str__(self):
        frames = [frame for frame in self.frames
                  if frame.startswith(TOOL)]
        return f"{self.function} {self.number} from {' '.join(frames[:4])}"


def _read(path):
    try:
        with open(path, encoding="ascii") as file:
            return [Place(line) for line in file]
    except FileNotFoundError:
        return []


class Program:
    """A Python program with the options of the tool that it runs with."""

    def __init__(self, python, text, options, env=None):
        self.python, self.options, self.env = python, options, env or {}
        self.name = f"{options.get('format', 'text')}"
        self.native = python.script(text, tool=None, env=env)
        check(self.native.status >= 0, f"the program dies: status {self.native.status}")
        self.argv = self.native.argv
        self.usual = self.run()
        self.compare(self.usual)
        self.places = self.usual.places
        check(self.places, "no place was seen: the faults are not in the program")
        check(not self.says_so(self.usual), "something is said to be missing where nothing was failed")

    def run(self, fault=None):
        directory = self.new_directory()
        env = {**self.env, "LD_PRELOAD": f"{e2e.LIBRARY} {LIBRARY}",
               "FAULTS_LOG": os.path.join(directory, "places"), "FAULTS_FAIL": fault,
               "PYTHREAD_TRACE_OPTIONS": e2e.as_variable(
                   {"output": os.path.join(directory, "report"), **self.options})}
        run = self.python.start(self.argv, env, directory, timeout=PATIENCE)
        run.places = _read(env["FAULTS_LOG"])
        run.fault = fault
        return run

    def new_directory(self):
        """Runs are side by side, and many."""
        return tempfile.mkdtemp(prefix="fault", dir=self.python.directory)

    def compare(self, run):
        """The program's own result."""
        check(f"killed after {PATIENCE} seconds" not in run.err, "it stands still")
        own = run.err
        for line in self.native.err.splitlines(keepends=True):
            check(line in own, f"standard error lacks {line!r}")
            own = own.replace(line, "", 1)
        foreign = [line for line in own.splitlines() if not OWN_LINE.match(line)]
        equal((run.status, run.out), (self.native.status, self.native.out), "result")
        check(not foreign, f"on standard error: {foreign}")

    def fail(self, fault):
        run = self.run(fault)
        if self.is_unavoidable(run):
            return run
        try:
            self.compare(run)
            self.account(run)
        except AssertionError as error:
            failed = [str(place) for place in run.places if place.word == "failed"]
            raise AssertionError(f"{fault}: {failed[:3]}: {error}") from error
        return run

    def is_unavoidable(self, run):
        return any(words in run.err for words in UNAVOIDABLE)

    def account(self, run):
        """What was found is in the report, or something is said to be missing."""
        told = self.told(run)
        different = [f"{name}: {usual!r} became {told.get(name)!r}"
                     for name, usual in self.told(self.usual).items()
                     if usual and told.get(name) != usual]
        check(not different or self.says_so(run),
              f"nothing says that this is missing: {'; '.join(different)}")

    def verify(self):
        """Every place, once and always, where long tests are asked for; else one of each function at
        least, and as many of the others as the time allows, others with another seed."""
        faults = self.faults()
        least = len({place.function for place in self.places}) + 1
        end = time.monotonic() + SECONDS
        done, missed, failures = 0, 0, []
        with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
            for some in _slices(faults, WORKERS):
                for failure, happened in pool.map(self._failure, some):
                    failures += [failure] if failure else []
                    missed += not happened
                done += len(some)
                if not LONG and done >= least and time.monotonic() > end:
                    break
        print(f"{self.name}: {len(self.places)} places, {len(faults)} faults, {done} tried, "
              f"{missed} did not happen, seed {SEED}, {len(failures)} failed", flush=True)
        check(not failures, "\n".join(failures))
        # Threads may take another way; no program takes another one most of the time.
        check(missed * 4 <= done, f"{missed} of {done} faults did not happen")

    def faults(self):
        """One of each function first, then those that lie in different functions of the tool; no memory
        at all above all."""
        places = sorted(self.places, key=lambda place: place.number)
        random.Random(SEED).shuffle(places)
        places.sort(key=_Crowd())
        first = {place.function: place for place in reversed(places)}
        places.sort(key=lambda place: first[place.function] is not place)
        calls = len(self.usual.places)
        memory = [f"memory={first}" for first in (1, calls // 4, calls // 2)]
        once = [f"place={place.number}" for place in places]
        if not LONG:
            return memory[:1] + once
        return memory + once + [f"places={place.number}" for place in places]

    def _failure(self, fault):
        """(what is wrong, or None; whether the fault happened)"""
        try:
            run = self.fail(fault)
        except AssertionError as error:
            return str(error), True
        return None, any(place.word == "failed" for place in run.places)


class _Crowd:
    """For sorting: how many places were seen before that begin alike."""

    def __init__(self):
        self.seen = {}

    def __call__(self, place):
        own = next((frame for frame in place.frames if frame.startswith(TOOL)), "")
        key = (place.function, own)
        self.seen[key] = self.seen.get(key, 0) + 1
        return self.seen[key]


def _slices(items, size):
    return (items[at:at + size] for at in range(0, len(items), size))


class JsonProgram(Program):
    def __init__(self, python, text, options=None, env=None):
        super().__init__(python, text, {"format": "json", **(options or {})}, env)

    def report(self, run):
        path = os.path.join(run.directory, "report")
        if not os.path.exists(path):
            return None
        with open(path, encoding="utf-8") as file:
            text = file.read()
        try:
            return json.loads(text)
        except ValueError as error:
            raise AssertionError(f"the report is no JSON: {error}: {text[:200]!r}") from error

    def told(self, run):
        report = self.report(run)
        if report is None:
            return {}
        return {
            "findings": sorted((finding["kind"], finding["count"]) for finding in report["findings"]),
            "frames": [len(names) for names in sorted(map(_functions, report["findings"]))],
            "keys": {owner["module"]: (owner["live"], owner["created"])
                     for owner in report["keys"]["owners"]
                     if (owner["module"] or "").startswith(e2e.EXTENSIONS)},
            "calls": {hook["function"]: hook["calls"] for hook in report["hooks"]},
            "hooked": [hook["function"] for hook in report["hooks"] if hook["hooked"]],
            # Those on stacks share places as threads come and go.
            "mutexes": sorted((mutex["symbol"], mutex["acquired"])
                              for mutex in report["mutexes"] if mutex["symbol"]),
        }

    def says_so(self, run):
        report = self.report(run)
        if "pythread-trace:" in run.err:
            return True
        return report is not None and bool(
            report["dropped"] or report["stack_support"]["native"]
            or report["stack_support"]["python"]
            or not all(hook["hooked"] for hook in report["hooks"]))


class TextProgram(Program):
    """Reports to a file, and, in front of it, to standard error."""

    def __init__(self, python, text, options=None, env=None):
        super().__init__(python, text, options or {}, env)

    def report(self, run):
        path = os.path.join(run.directory, "report")
        if not os.path.exists(path):
            return ""
        with open(path, encoding="utf-8") as file:
            return file.read()

    def told(self, run):
        report = self.report(run)
        return {
            "findings": sorted(re.findall(r"pythread-trace: ([a-z-]+): ", report)),
            "named frames": len(re.findall(r"^    #\d+ 0x[0-9a-f]+ in ", report, re.MULTILINE)),
            "summary": re.findall(r"SUMMARY: pythread-trace: ([^;]*);", report),
            "hooked": re.findall(r"hooked (\d+ of \d+)", report),
        }

    def says_so(self, run):
        report = self.report(run)
        return ("pythread-trace: " in run.err or any(words in report for words in MISSING)
                or _not_all(re.findall(r"hooked (\d+) of (\d+)", report)))


def _not_all(hooked):
    return any(some != every for some, every in hooked)


def _functions(finding):
    """The named frames of its stacks."""
    return [finding["kind"],
            *(f"{stack['role']}: {frame['function']}" for stack in finding["stacks"]
              for frame in stack["native"] or () if frame["function"])]


class Recorded(TextProgram):
    """What a trace holds is not looked at: LTTng may have lost it."""

    def __init__(self, python, text, options=None, env=None):
        super().__init__(python, text, {"tracer": "on", **(options or {})}, env)
        self.name = "recorded"

        # LTTng relies on what cannot fail with glibc: a thread's own name, and attributes to set.
        self.places = [place for place in self.places if not (
            place.of_lttng and place.function.endswith(("name_np", "attr_init")))]

    def is_unavoidable(self, run):
        """LTTng's library ends a program where it lacks memory, or a thread key, of its own."""
        return (super().is_unavoidable(run) or run.status == -signal.SIGABRT
                and any(place.word == "failed" and place.of_lttng for place in run.places))


def needed():
    if not os.path.exists(LIBRARY):
        e2e.skip("libfaults.so is not built")


def choose(found):
    """A static interpreter, a shared one and a free-threaded one; for a mutex the newest."""
    free = [python for python in found if python["free_threaded"] and not python["debug"]]
    return e2e.one_of_each_build(found) + (free[:1] if LONG else [])
