# SPDX-License-Identifier: MIT
"""What the tests of `report` share: programs that are recorded and report on themselves at once, and
the report on the trace."""

import json
import os
import subprocess

import e2e
import lttng
from e2e import check, equal

REPORT = os.path.join(e2e.BUILD, "src", "babeltrace", "report")
PLUGINS = os.path.join(e2e.BUILD, "src", "babeltrace", ".libs")
EVENTS = ("pythread:*", "pythread_statedump:*", "lttng_ust_statedump:*", "lttng_ust_lib:*")
CONTEXTS = ("vpid", "vtid", "procname", "ip")
PRELOADED = " ".join((e2e.LIBRARY, "liblttng-ust-dl.so"))


def run(python, daemon, program, options=None, env=None, **how):
    """Runs a Python program for a session that records; it writes its own report too."""
    where = os.path.join(python.directory, f"live{len(python.runs)}")
    os.mkdir(where)
    options = {"format": "json", "output": os.path.join(where, "report.%p.json"), **(options or {})}
    result = python.script(program, tool=None,
                           env={**daemon.env, "LD_PRELOAD": PRELOADED, **(env or {}),
                                "PYTHREAD_TRACE_OPTIONS": e2e.as_variable(options)}, **how)
    result.directory = where  # where its reports are looked for
    return result


def record(python, daemon, program, events=EVENTS, contexts=CONTEXTS, **how):
    """The run, and where its trace is."""
    session = daemon.session(events=events, contexts=contexts)
    session.start()
    result = run(python, daemon, program, **how)
    daemon.lttng("stop", session.name)
    session.destroy()
    return result, session.output


def report(*arguments, env=None, status=0, timeout=60):
    """A finished process; it must end with that status."""
    done = subprocess.run([REPORT, *arguments], env={**os.environ, "LC_ALL": "C.UTF-8", **(env or {})},
                          capture_output=True, text=True, errors="replace", check=False,
                          timeout=timeout)
    equal(done.returncode, status, f"exit status of report {' '.join(arguments)}: {done.stderr}")
    return done


class Read:
    """What `report --format=json` says."""

    def __init__(self, *arguments, **how):
        done = report("--format=json", *arguments, **how)
        equal(done.stderr, "", "standard error")
        self.__dict__.update(json.loads(done.stdout))
        self.processes = [_Process(process) for process in self.processes]

    def process(self, pid):
        return e2e.one([one for one in self.processes if one.process["pid"] == pid],
                       f"processes {pid} of {[one.process['pid'] for one in self.processes]}")

    def whole(self):
        """Nothing is missing."""
        equal((self.lost["events"], self.lost["packets"], self.lost["uncounted"], self.lost["damaged"]),
              (0, 0, False, 0), "lost")
        equal(self.warnings, [], "warnings")


class _Process(e2e.Report):
    def __init__(self, fields):
        self.__dict__.update(fields)


def refused(*arguments, status=125):
    """The one line by which report refuses."""
    done = report(*arguments, status=status)
    check(done.stderr.count("\n") == 1 and done.stderr.startswith("pythread-trace: "),
          f"more or less than one line: {done.stderr!r}")
    equal(done.stdout, "", "standard output of a refusal")
    return done.stderr


def frames(stack):
    """Where a stack leads: functions, files and lines, native and Python."""
    return ([(frame["function"], frame["file"], frame["line"]) for frame in stack["native"] or ()],
            [(frame["function"], frame["file"], frame["line"]) for frame in stack["python"] or ()])
