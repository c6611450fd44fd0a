# SPDX-License-Identifier: MIT
"""Calls of `record`'s own, of `report`'s and `doctor`'s fail, one at a time, those that LTTng's, babeltrace2's
and json-c's libraries make for them among them. Of the program that is recorded nothing changes, if it
begins; what is said of the trace is true. A report is the same, or says what is missing; what `doctor`
answers is the same. Else there is one line, and the status of a failure. (`pythread-trace` itself, which
is static, only executes these.)"""

import json
import os
import re
import shutil
import signal
import subprocess
import tempfile

import e2e
import faults
import lttng
import reading
import recording
from e2e import check, equal

APP = recording.PLAIN + """
import sys
print("out")
sys.exit(3)
"""
OWN_LINE = re.compile(r"pythread-trace: ")
# What its libraries say in front of ours.
LTTNG_LINE = re.compile(r"(?:PERROR|Error|Warning)\b")
LEFT = "the session daemon that was started for this is used by others"
TRACES = os.path.join(e2e.SOURCE, "tests", "trace")
PATIENCE = 60
REFUSALS = (2, 125, 126, 127)  # the options, the command itself, or the program
SECONDS = 60 if faults.LONG else 3


def ended_by_glib(run):
    """GLib ends a program that has no memory, or no thread key, while it is loaded: before main(). Where
    it has none for what it needs to say so, it stands still and has to be killed."""
    return run.status in (-signal.SIGABRT, -signal.SIGTRAP, -signal.SIGKILL) and not run.out and any(
        place.frames[0].startswith("libglib-") and not any(frame.startswith(faults.TOOL) for frame in place.frames)
        for place in run.failed)


class Command:
    """A command that is run as it is, for the places of its calls, and then with faults."""

    def __init__(self, python, name):
        self.python, self.name = python, name
        self.usual = self.run(None)
        self.choice = faults.Choice(self.usual.log, hurry=True)
        self.check_usual()

    def run(self, fault):
        directory = tempfile.mkdtemp(prefix="fault", dir=self.python.directory)
        env = {**self.env(), "LD_PRELOAD": faults.LIBRARY, "FAULTS_COMMAND": self.name,
               "FAULTS_LOG": os.path.join(directory, "places"), "FAULTS_FAIL": fault}
        run = self.python.start(self.argv(), env, directory, timeout=PATIENCE)
        faults.keep_places(run, env["FAULTS_LOG"], fault)
        return run

    def fail(self, fault):
        run = self.run(fault)
        try:
            if not ended_by_glib(run):
                check(f"killed after {PATIENCE} seconds" not in run.err, "it stands still")
                self.judge(run)
        except AssertionError as error:
            raise AssertionError(f"{fault}: {[str(place) for place in run.failed[:3]]}: {error}; status "
                                 f"{run.status}, {run.out[:300]!r}, {run.err!r}") from error
        finally:
            shutil.rmtree(run.directory, ignore_errors=True)
        return bool(run.failed)

    def refuses(self, run):
        check(run.status in REFUSALS and not run.out, "the result is not that of a failure")
        lines = [line for line in run.err.splitlines() if not LTTNG_LINE.match(line) and LEFT not in line]
        check(len(lines) == 1 and OWN_LINE.match(lines[0]), "no line, or more than one, says why")

    def verify(self):
        faults.verify(self.name, self.choice, self.fail, SECONDS, self.first(), self.workers)

    def first(self):
        """Faults that are always tried."""
        return []


class Report(Command):
    workers = faults.WORKERS

    def __init__(self, python, trace):
        self.trace = trace
        super().__init__(python, "report")

    def env(self):
        return {"LC_ALL": "C.UTF-8"}

    def argv(self):
        return [reading.REPORT, "--format=json", self.trace]

    def first(self):
        """json-c leaves out the text that it has no room for."""
        return [f"place={place.number}" for place in self.choice.places
                if place.function == "realloc" and place.frames[0].startswith("libjson-c")]

    def check_usual(self):
        equal((self.usual.status, self.usual.err), (0, ""), "status where nothing fails")
        self.told = json.loads(self.usual.out)

    def judge(self, run):
        if run.status:
            self.refuses(run)
            return
        try:
            told = json.loads(run.out)
        except ValueError as error:
            raise AssertionError(f"this is no JSON: {error}") from error
        check(told == self.told or set(told["warnings"]) - set(self.told["warnings"]),
              "another report, and nothing is said of it")


class Doctor(Command):
    workers = faults.WORKERS

    def __init__(self, python, examined):
        self.examined = examined
        super().__init__(python, "doctor")

    def env(self):
        return {"LC_ALL": "C.UTF-8"}

    def argv(self):
        return [e2e.COMMAND, "doctor", self.examined]

    def check_usual(self):
        check(self.usual.out and not self.usual.err, "no answer where nothing fails")

    def judge(self, run):
        if run.status in REFUSALS:
            self.refuses(run)
        else:
            equal((run.status, run.out, run.err), (self.usual.status, self.usual.out, ""), "answer")


def own_events(events):
    """How many are not LTTng's, which has some of the process that may run before the program."""
    return sum(event.name.startswith("pythread") for event in events)


def of_client(place):
    """Whether it is LTTng's library that asks its daemon, of libc for something maybe."""
    frames = [frame for frame in place.frames if not frame.startswith("libc.so.")]
    return bool(frames) and frames[0].startswith("liblttng-ctl")


class Record(Command):
    count = 0
    workers = 1  # they would share LTTng's daemon

    def __init__(self, python):
        self.program = recording.script(python, APP)
        super().__init__(python, "record")

    def env(self):
        return recording.environment(self.python)

    def argv(self):
        return recording.command(self.program)

    def first(self):
        """The command and its keeper wait for what the other one writes."""
        return [f"place={place.number}" for place in self.choice.places
                if place.function == "write" and place.frames[0].startswith("record+")]

    def check_usual(self):
        check(self.told_truly(self.usual), "not all is recorded where nothing fails")
        self.count = own_events(lttng.read(recording.Said(self.usual.err).place))

    def told_truly(self, run):
        """Whether all is said to be recorded, which is true then."""
        equal((run.status, run.out), (3, "out\n"), "result of the program")
        lines = run.err.splitlines()
        check(any(map(OWN_LINE.match, lines)), "nothing is said")
        check(all(OWN_LINE.match(line) or LTTNG_LINE.match(line) for line in lines), "other lines")
        if not recording.LINE.search(run.err):
            return False
        said = recording.Said(run.err)
        if said.count is None or not said.complete or said.lost != "none lost":
            check("nothing was recorded" not in said.rest or not own_events(lttng.read(said.place)),
                  "of events that are there")
            return False
        events = lttng.read(said.place)
        equal(said.count, len(events), said.line)
        check(own_events(events) >= self.count, f"{self.count} events otherwise")
        return True

    def judge(self, run):
        if run.out or run.status not in REFUSALS:
            self.told_truly(run)
        else:
            self.refuses(run)
            equal([name for name in os.listdir(run.directory) if name != "places"], [], "left behind")
        if LEFT in run.err and any(of_client(place) for place in run.failed):
            self.destroy_all()
        recording.no_daemons()

    def fail(self, fault):
        try:
            return super().fail(fault)
        except AssertionError:
            self.destroy_all()  # what this one left is not to be the next one's
            raise

    def destroy_all(self):
        """LTTng's library may have made a session without being able to say so: it stays, and with it
        the daemon."""
        subprocess.run(["lttng", "--no-sessiond", "destroy", "--all"], check=False, capture_output=True,
                       env={**os.environ, **self.env()})


def test(python):
    faults.needed()
    for name in ("keys", "contention"):
        Report(python, os.path.join(TRACES, name)).verify()
    for examined in (python.path, os.path.join(python.extensions, python.extension("mutex_bench"))):
        Doctor(python, examined).verify()
    Record(python).verify()


lttng.main(test, choose=lambda found: faults.choose(found)[:1])
