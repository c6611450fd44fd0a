# SPDX-License-Identifier: MIT
"""What every end-to-end test stands on.

A test is a file with one function, test(python), given to main(): it is called once for each
CPython 3.9 or later that is found on the machine, each time with a directory of its own. It fails
by an exception and skips by skip(). Runs of programs go through Interpreter.run() or run(), which
remember what they did, so that a failure can show it.
"""

import glob
import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import traceback

import extensions
import interpreters

SOURCE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = os.path.abspath(os.environ.get("PT_BUILD", os.path.join(SOURCE, "build")))
EXTENSIONS = os.path.join(BUILD, "tests", "ext")
COMMAND = os.path.join(BUILD, "src", "cli", "pythread-trace")
LIBRARY = os.path.join(BUILD, "src", "hook", ".libs", "libpythread-trace.so")
TIMEOUT = 120
EXIT_SKIPPED = 77

# Runs the command behind it where the end of children is ignored, as some daemons start theirs.
CHILDREN_IGNORED = [sys.executable, "-c",
                    "import os, signal, sys; signal.signal(signal.SIGCHLD, signal.SIG_IGN); "
                    "os.execv(sys.argv[1], sys.argv[1:])"]

# For --error-exitcode: a status that no test program has of its own.
MARKED = 99


class Skip(Exception):
    pass


def skip(reason):
    raise Skip(reason)


def check(condition, what):
    if not condition:
        raise AssertionError(what)


def equal(actual, wanted, what):
    check(actual == wanted, f"{what}: wanted {wanted!r}, got {actual!r}")


def matches(pattern, text, what):
    match = re.search(pattern, text, re.MULTILINE)
    check(match, f"{what}: nothing matches {pattern!r}")
    return match


def one(items, what):
    items = list(items)
    check(len(items) == 1, f"{what}: wanted one, got {len(items)}: {items!r}")
    return items[0]


class Report:
    """A JSON report."""

    def __init__(self, path):
        with open(path, encoding="utf-8") as file:
            self.__dict__.update(json.load(file))

    def find(self, *kinds, suppressed=False):
        return [finding for finding in self.findings
                if finding["kind"] in kinds and finding["suppressed"] == suppressed]

    def kinds(self, *severities):
        """The kinds of what is found and not suppressed, without notes unless asked for."""
        severities = severities or ("error", "warning", "leak")
        return {finding["kind"] for finding in self.findings
                if finding["severity"] in severities and not finding["suppressed"]}

    def calls(self, function=None):
        """Calls of that function, or of all."""
        return sum(hook["calls"] for hook in self.hooks
                   if function in (None, hook["function"]))

    def calls_by_function(self):
        return {hook["function"]: hook["calls"] for hook in self.hooks}


class Run:
    """A program that has ended. status is negative for a signal, as subprocess has it."""

    def __init__(self, argv, pid, status, out, err, directory):
        self.argv, self.pid, self.status = argv, pid, status
        self.out, self.err, self.directory = out, err, directory

    @property
    def reports(self):
        """All JSON reports by pid."""
        found = {}
        for path in glob.glob(os.path.join(glob.escape(self.directory), "report.*.json")):
            try:
                found[int(path.rsplit(".", 2)[1])] = Report(path)
            except ValueError as error:
                raise AssertionError(f"{path} is not complete JSON: {error}") from error
        return found

    @property
    def report(self):
        """The report of the program itself."""
        check(self.pid in self.reports, f"no report of process {self.pid}")
        return self.reports[self.pid]

    @property
    def children(self):
        return [report for pid, report in sorted(self.reports.items()) if pid != self.pid]

    def silent(self):
        """Nothing that the tool could have written."""
        check("pythread-trace" not in self.out + self.err, "the tool says something")

    def clean(self):
        for pid, report in self.reports.items():
            equal(report.kinds(), set(), f"findings of process {pid}")
        self.without_trouble()

    def without_trouble(self):
        """No line of the tool's own about itself."""
        check("pythread-trace:" not in self.err or "==" in self.err, "the tool complains")

    def show(self):
        lines = [f"  $ {shlex.join(self.argv)}", f"  status {self.status}, pid {self.pid}"]
        for name, text in (("stdout", self.out), ("stderr", self.err)):
            lines += [f"  {name}: {line}" for line in text.splitlines()[-60:]]
        for pid, report in self.reports.items():
            lines += [f"  report of {pid}: {finding['kind']} x{finding['count']}"
                      f"{' (suppressed)' if finding['suppressed'] else ''}: {finding['message']}"
                      for finding in report.findings]
        return "\n".join(lines)


def _environment(extra, extensions_path=EXTENSIONS):
    kept = {name: value for name, value in os.environ.items()
            if name != "LD_PRELOAD" and not name.startswith(("PYTHON", "PYTHREAD_TRACE", "MAKE"))}
    kept.update(PYTHONPATH=extensions_path, PYTHONDONTWRITEBYTECODE="1")
    kept.update(extra or {})
    return {name: value for name, value in kept.items() if value is not None}


def _as_arguments(options):
    names = {name.replace("_", "-"): value for name, value in options.items()}
    return [f"--{name}" if value is True else f"--{name}={value}"
            for name, value in names.items()]


def as_variable(options):
    return ":".join(name if value is True else f"{name}={value}"
                    for name, value in options.items())


class Workplace:
    """Runs programs, each in a directory of its own."""

    def __init__(self, directory):
        self.directory = directory
        self.extensions = EXTENSIONS
        self.runs = []
        self.lacking = []

    def lacks(self, reason):
        """A part of the test is left out: the others are done, and what passes counts as skipped."""
        self.lacking.append(reason)

    def new_directory(self):
        path = os.path.join(self.directory, str(len(self.runs)))
        os.mkdir(path)
        return path

    def run(self, argv, tool="command", options=None, env=None, timeout=TIMEOUT, stdin=None,
            report=True):
        """Runs argv under the tool: as "command" (pythread-trace run), as "preload" (nothing but
        the variables), or as None (natively). The report goes to JSON files unless options say
        otherwise or report is False."""
        directory = self.new_directory()
        options = dict(options or {})
        if report and tool and "format" not in options and "output" not in options:
            options.update(format="json", output=os.path.join(directory, "report.%p.json"))
        env = dict(env or {})
        argv = [argument.replace("{directory}", directory) for argument in argv]
        if tool == "command":
            argv = [COMMAND, "run", *_as_arguments(options), "--", *argv]
        elif tool == "preload":
            env["LD_PRELOAD"] = LIBRARY
            if options:
                env["PYTHREAD_TRACE_OPTIONS"] = as_variable(options)
        return self.start(argv, env, directory, timeout, stdin)

    def start(self, argv, env=None, directory=None, timeout=TIMEOUT, stdin=None):
        """Runs exactly that."""
        directory = directory or self.new_directory()
        with subprocess.Popen(argv, env=_environment(env, self.extensions), cwd=directory, text=True,
                              errors="replace", stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, start_new_session=True) as process:
            try:
                out, err = process.communicate(stdin, timeout)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                out, err = process.communicate()
                err += f"\nkilled after {timeout} seconds"
        run = Run(argv, process.pid, process.returncode, out, err, directory)
        self.runs.append(run)
        return run

    def show(self):
        return "\n".join(run.show() for run in self.runs[-2:])


class Interpreter(Workplace):
    """A workplace with an interpreter."""

    def __init__(self, found, directory):
        super().__init__(directory)
        self.__dict__.update(found)
        self.version = tuple(self.version)

    def prepare(self):
        """What may fail, and is then a failure of the test."""
        self.extensions, self.suffix = extensions.made_for(self, EXTENSIONS)

    def extension(self, name):
        """The file's name of an extension of that name."""
        return name + self.suffix

    def script(self, text, *arguments, flags=(), **how):
        """Runs a Python program."""
        path = os.path.join(self.directory, "app.py")
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return self.run([self.path, *flags, path, *arguments], **how)

    def can(self, statement):
        """Whether this interpreter runs that without an error."""
        return subprocess.run([self.path, "-c", statement], check=False, capture_output=True,
                              env=_environment(None, self.extensions)).returncode == 0

    def same_as_native(self, text, *arguments, flags=(), **how):
        """Runs a program without the tool and with it; nothing but the report may differ. Python has rare
        crashes of its own: 3.12.1's debug allocator was seen to free a wrong pointer, natively."""
        native = self.script(text, *arguments, flags=flags, tool=None, env=how.get("env"))
        if native.status < 0:
            print(f"{self.name}: natively ended by signal {-native.status}, now once more: {native.err!r}", flush=True)
            native = self.script(text, *arguments, flags=flags, tool=None, env=how.get("env"))
        traced = self.script(text, *arguments, flags=flags, **how)
        equal(traced.status, native.status, "exit status as without the tool")
        equal(traced.out, native.out, "standard output as without the tool")
        equal(traced.err, native.err, "standard error as without the tool")
        return traced


def _attempt(test, workplace):
    """None when it passed, else the word and the reason for the log."""
    try:
        workplace.prepare()
        test(workplace)
    except Skip as reason:
        workplace.lacks(str(reason))
    except Exception as error:
        where = "".join(traceback.format_tb(error.__traceback__)[1:])
        return "FAIL", f"{type(error).__name__}: {error}\n{where}{workplace.show()}"
    return ("SKIP", "; ".join(workplace.lacking)) if workplace.lacking else None


def _each(test, found):
    results = []
    for python in found:
        directory = tempfile.mkdtemp(prefix="pythread-trace-")
        try:
            result = _attempt(test, Interpreter(python, directory))
        finally:
            shutil.rmtree(directory, ignore_errors=True)
        word, reason = result or ("PASS", "")
        print(f"{word}: {python['name']}{': ' if reason else ''}{reason}", flush=True)
        results.append(word)
    return results


def one_of_each_build(found):
    """For main: the newest interpreter that is an executable, the newest that is a library; with a
    GIL."""
    chosen = {python["shared"]: python for python in sorted(found, key=lambda one: one["version"])
              if not python["free_threaded"]}
    return list(chosen.values())


def one_of_each_kind(found):
    """The same, and the newest free-threaded interpreter, where there is one."""
    free = [python for python in found if python["free_threaded"] and not python["debug"]]
    return one_of_each_build(found) + sorted(free, key=lambda one: one["version"])[-1:]


def _heed_signals():
    """What nohup, or a shell in the background, has its programs ignore would be ignored by those
    that are tested, too. One that has a handler here has none in them."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if signal.getsignal(signal.SIGHUP) == signal.SIG_IGN:
        signal.signal(signal.SIGHUP, lambda *_: None)


def main(test, once=False, choose=None):
    """Runs the test with each interpreter, with the first one only, or with those that choose
    returns of all that are found, and ends the process."""
    _heed_signals()
    found, missing = interpreters.find(BUILD)
    if choose:
        found = choose(found)
    else:
        found = found[:1] if once else interpreters.sample(found, os.path.basename(sys.argv[0]))
    results = _each(test, found)
    for reason in missing if not once and not choose else ():
        print(f"SKIP: {reason}")
    if "FAIL" in results:
        sys.exit(1)
    sys.exit(0 if "PASS" in results else EXIT_SKIPPED)
