# SPDX-License-Identifier: MIT
"""Calls that the tool makes are failed, one at a time, by libfaults.so of tests/faults.

A place is where such a call comes from, function by function. The first run of a program tells
its places; then the program runs once for each, or for some of them, with the call from there
failed. Its result has to be what it is without the tool. What the tool found has to be what it
finds otherwise, or it has to say that something is missing.
"""

import concurrent.futures
import os
import random
import re
import shutil
import signal
import tempfile
import time

import e2e
import missing
from e2e import check, equal

LIBRARY = os.path.join(e2e.BUILD, "tests", "faults", "libfaults.so")
TOOL = ("libpythread-trace", "report.so", "report+", "record+")
LTTNG = "liblttng-ust"
PROVIDER = "libpythread-trace-lttng"
LIBC = ("libc.so.", "ld-linux-")
LONG = bool(os.environ.get("PYTHREAD_TRACE_LONG_TESTS"))

# A run that stands still is over by then, the slowest one not nearly.
PATIENCE = 60
WORKERS = 2

# For those of a program's faults that are tried as far as time allows: others each time.
SECONDS = 60 if LONG else 3
# So many faults may not happen where few are tried.
MISSED_OF_FEW = 2
SEED = os.environ.get("PYTHREAD_TRACE_SEED") or str(time.time_ns())

# The shape of what the tool writes to standard error: sentences about itself, and reports in text.
OWN_LINE = re.compile(r"pythread-trace: |==\d+==| |$")

# glibc ends a program that has no memory for what a thread does at its end, or for its variables in
# a library, whoever needs it. The tool asks for far more memory right before, and does without where
# there is none; that very call cannot be.
UNAVOIDABLE = ("Fatal glibc error: failed to register TLS destructor",
               "cannot allocate memory for thread-local data: ABORT")


class Place:
    """Where calls come from: number, which call it was, function, and the frames as file+offset,
    newest first."""

    def __init__(self, line):
        self.word, self.number, turn, self.function, *self.frames = line.split()
        self.turn = int(turn)

    @property
    def of_lttng(self):
        """The tool stands in for the creation of keys, whoever wants one; libc and its linker ask for memory
        for what they are asked to do; and what LTTng's headers put into a provider looks for symbols."""
        frames = [frame for frame in self.frames if not frame.startswith(LIBC)
                  and (self.function != "pthread_key_create" or not frame.startswith(TOOL))]
        return bool(frames) and frames[0].startswith((LTTNG, PROVIDER) if self.function == "dlsym" else LTTNG)

    def __str__(self):
        frames = [frame for frame in self.frames
                  if frame.startswith(TOOL)] or self.frames
        return f"{self.function} {self.number}:{self.turn} from {' '.join(frames[:4])}"


def keep_places(run, path, fault):
    """What the log tells of a run: which calls were failed, and all calls only where none was to
    be, as there are thousands of runs."""
    run.log, run.failed = [], []
    try:
        with open(path, encoding="ascii") as file:
            run.log = [Place(line) for line in file if not fault or line.startswith("failed ")]
    except FileNotFoundError:
        pass
    run.failed = [place for place in run.log if place.word == "failed"]


class Choice:
    """Which of a program's places are failed, and when: those that are always tried (not even those
    in a hurry), and others in an order that depends on the seed."""

    def __init__(self, log, is_tried=lambda place: True, hurry=False):
        log = [place for place in log if is_tried(place)]
        self.places = [place for place in log if place.turn == 1]
        self.random = random.Random(SEED)
        self.turns = {place.number: place.turn for place in log}
        check(self.places, "no place was seen: the faults are not in the program")
        once = [f"place={place.number}" for place in self._sorted()]
        functions = len({place.function for place in self.places})
        turns = self._turns(3 if LONG else 1)
        if LONG:
            self.always = once + [f"places={place.number}" for place in self.places]
            self.others = turns
        else:
            self.always, others = once[:functions], once[functions:]
            # Of later calls one for three first ones.
            for at, turn in enumerate(turns):
                others.insert(4 * at + 3, turn)
            self.others = others
            if hurry:
                self.always, self.others = [], self.always + others

    def _sorted(self):
        """One of each function first, then those that lie in different functions of the tool."""
        places = sorted(self.places, key=lambda place: place.number)
        self.random.shuffle(places)
        places.sort(key=_Crowd())
        first = {place.function: place for place in reversed(places)}
        return sorted(places, key=lambda place: first[place.function] is not place)

    def _turns(self, each):
        """Calls from a place that were not the first: a table that grows once more. How many there
        were is known to the power of two below."""
        turns = [f"place={number}:{self.random.randint(2, turns)}"
                 for number, turns in sorted(self.turns.items()) if turns > 1 for _ in range(each)]
        self.random.shuffle(turns)
        return list(dict.fromkeys(turns))


def verify(name, choice, fail, seconds=SECONDS, before=(), workers=WORKERS):
    """Tries faults: fail(fault) raises if something is wrong, and returns whether it happened."""
    def outcome(fault):
        try:
            return None, fail(fault)
        except AssertionError as error:
            return str(error), True

    always, others = [*before, *choice.always], choice.others
    end = time.monotonic() + seconds
    done, missed, failures = 0, 0, []
    with concurrent.futures.ThreadPoolExecutor(workers) as pool:
        for some in _slices(always + others, workers):
            for failure, happened in pool.map(outcome, some):
                failures += [failure] if failure else []
                missed += not happened
            done += len(some)
            if done >= len(always) and time.monotonic() > end:
                break
    print(f"{name}: {len(choice.places)} places, {len(always) + len(others)} faults, {done} tried, "
          f"{missed} did not happen, {len(failures)} failed; PYTHREAD_TRACE_SEED={SEED} chooses these again, "
          f"PYTHREAD_TRACE_LONG_TESTS=1 tries each place", flush=True)
    check(not failures, "\n".join(failures))
    # Threads may take another way; no program takes another one most of the time.
    check(missed <= MISSED_OF_FEW + done // 4, f"{missed} of {done} faults did not happen")


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
        self.choice = Choice(self.usual.log, self.is_tried)
        self.no_records = self._no_records()
        self.told = {role: report.told() for role, report in self.reports(self.usual).items()}
        check(self.told, "there is no report")
        check("pythread-trace: " not in re.sub(r"^==.*", "", self.usual.err, flags=re.MULTILINE) and
              not any(report.excuses(table, wanted) for role, report in self.reports(self.usual).items()
                      for table, wanted in self.told[role].items() if table not in ("hooked", "calls")),
              "something is said to be missing where nothing was failed")

    def _no_records(self):
        """The first that the tool has from the kernel is for its records: they get none."""
        first = next(place for place in self.usual.log if place.function == "mmap")
        check(first.frames[0].startswith("libpythread-trace.so+"), f"{first} comes first")
        return f"caller={first.frames[0].split('+')[1]}"

    def _tables(self):
        """One table after the other has no memory: its losses are its own to count."""
        arena = f"libpythread-trace.so+{self.no_records.split('=')[1]}"
        return [f"places={place.number}" for place in self.places if place.frames[0] == arena]

    @property
    def places(self):
        return self.choice.places

    def is_tried(self, _):
        return True

    def run(self, fault=None):
        directory = self.new_directory()
        env = {**self.env, "LD_PRELOAD": f"{e2e.LIBRARY} {LIBRARY}",
               "FAULTS_LOG": os.path.join(directory, "places"), "FAULTS_FAIL": fault,
               "PYTHREAD_TRACE_OPTIONS": e2e.as_variable(
                   {"output": os.path.join(directory, "report.%p"), **self.options})}
        run = self.python.start(self.argv, env, directory, timeout=PATIENCE)
        keep_places(run, env["FAULTS_LOG"], fault)
        return run

    def new_directory(self):
        """Runs are side by side, and many."""
        return tempfile.mkdtemp(prefix="fault", dir=self.python.directory)

    def reports(self, run):
        """By whose they are: the process's own at its end, the one before its exec, its child's."""
        found = {}
        for name in os.listdir(run.directory):
            if not name.startswith("report.") or name.endswith(".tmp"):
                continue
            with open(os.path.join(run.directory, name), encoding="utf-8") as file:
                report = self.form(file.read())
            own = name.split(".")[1] == str(run.pid)
            found[("end" if report.ended else "before exec") if own else "child"] = report
        return found

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
        try:
            self.judge(run, fault)
        finally:
            self.clear(run)
        return run

    def clear(self, run):
        shutil.rmtree(run.directory, ignore_errors=True)

    def judge(self, run, fault):
        if self.is_unavoidable(run):
            return
        try:
            self.compare(run)
            self.account(run)
            if fault == self.no_records:
                self.count(run)
        except AssertionError as error:
            raise AssertionError(f"{fault}: {[str(place) for place in run.failed[:3]]}: {error}") from error

    def is_unavoidable(self, run):
        return any(words in run.err for words in UNAVOIDABLE)

    def account(self, run):
        """What was found is in the reports, or is said to be missing."""
        reports = self.reports(run)
        for role, told in self.told.items():
            # A child of which nothing was seen has no report.
            if role != "child" or role in reports or not ("end" in reports and reports["end"].unhooked()):
                missing.account(told, reports.get(role), run.err)

    def count(self, run):
        """How much is missing is told as a number."""
        check(missing.DROPPED.search(run.err) or
              any(report.dropped for report in self.reports(run).values()), "nothing is said to be dropped")

    def verify(self, seconds=SECONDS):
        calls = len(self.usual.log)
        before = ["memory=1", self.no_records, *self._tables(), *(f"memory={first}" for first in (calls // 4, calls // 2) if LONG)]
        verify(self.name, self.choice, lambda fault: bool(self.fail(fault).failed), seconds, before)


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
    form = missing.Json

    def __init__(self, python, text, options=None, env=None):
        super().__init__(python, text, {"format": "json", **(options or {})}, env)


class TextProgram(Program):
    """Reports to a file, and, in front of it, to standard error."""
    form = missing.Text

    def __init__(self, python, text, options=None, env=None):
        super().__init__(python, text, options or {}, env)

    def report(self, run):
        """The text."""
        found = self.reports(run)
        return found["end"].text if found else ""


class Recorded(TextProgram):
    """A process that is recorded: LTTng's libraries may fail, too."""

    def __init__(self, python, text, options=None, env=None):
        self.runs = []
        self.in_trace = None
        super().__init__(python, text, {"tracer": "on", **(options or {})}, env)
        self.name = "recorded"

    def run(self, fault=None):
        run = super().run(fault)
        run.fault = fault
        self.runs.append(run)
        return run

    def clear(self, run):
        run.excused = self._says_so(run)
        super().clear(run)

    def unsaid(self, read):
        """The faults of the runs since the last time that a trace (reading.Read) does not tell of what it
        tells of the first run, though nothing says why not: {fault: what there is instead}."""
        in_trace = {process.process["pid"]: _traced(process) for process in read.processes}
        self.in_trace = self.in_trace or in_trace.get(self.usual.pid)
        check(self.in_trace, "nothing is in the trace where nothing was failed")
        missed = [run for run in self.runs if run.fault and in_trace.get(run.pid) != self.in_trace]
        unsaid = {run.fault: f"{[str(place) for place in run.failed[:3]]}: {in_trace.get(run.pid)}"
                  for run in missed if not run.excused}
        print(f"{len(self.runs)} runs, {len(missed)} of them not in the trace as they are, {len(unsaid)} without "
              f"a word; events lost: {read.lost['events']}", *unsaid.items(), sep="\n", flush=True)
        self.runs.clear()
        return unsaid

    def _says_so(self, run):
        """LTTng says nothing of its own calls, nor does a process that it ends."""
        report = self.reports(run).get("end")
        return (f"pythread-trace: nothing is recorded in process {run.pid}: " in run.err
                or any(place.of_lttng for place in run.failed) or self.is_unavoidable(run)
                or bool(report and (report.unhooked() or report.dropped)))

    def is_tried(self, place):
        """LTTng relies on what cannot fail with glibc: a thread's own name, and attributes to set."""
        return not (place.of_lttng and place.function.endswith(("name_np", "attr_init")))

    def is_unavoidable(self, run):
        """LTTng's library ends a program where it lacks memory, or a thread key, of its own."""
        return (super().is_unavoidable(run) or run.status == -signal.SIGABRT
                and any(place.of_lttng for place in run.failed))


def _traced(process):
    """Keys by extension, of a process in a trace. LTTng enables one event after the other, and a
    program that is slowed down may be among them with what it does first."""
    return sorted((os.path.basename(owner["module"]), owner["created"]) for owner in process.keys["owners"]
                  if (owner["module"] or "").startswith(e2e.EXTENSIONS))


def needed():
    if not os.path.exists(LIBRARY):
        e2e.skip("libfaults.so is not built")


def choose(found):
    """A static interpreter, a shared one and a free-threaded one; for a mutex the newest."""
    free = [python for python in found if python["free_threaded"] and not python["debug"]]
    return e2e.one_of_each_build(found) + (free[:1] if LONG else [])
