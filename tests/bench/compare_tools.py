# SPDX-License-Identifier: MIT
"""The tools that compare.py compares: how each runs a program, and what it has to say afterwards.

None of them is told more than a user would tell it who asks for thread keys and PyMutex.
"""

import collections
import contextlib
import ctypes.util
import json
import os
import re
import shutil
import subprocess

import e2e
import lttng

# What a tool saw of a run: uses of keys, mutexes taken, and its words.
Seen = collections.namedtuple("Seen", "keys mutexes text")


def read(path):
    with open(path, encoding="utf-8", errors="replace") as file:
        return file.read()


class Tool:
    """slow: takes seconds for the shortest program; judges: it says what is wrong, not only what
    was."""

    slow = False
    judges = False

    def __init__(self, name, package):
        self.name, self.package = name, package

    def missing(self):
        """Whether it is not installed."""
        return not shutil.which(self.name)

    def version(self):
        return ""

    def command(self, python, arguments, place, quiet):
        """argv, and what is added to the environment. place: a folder for the output; quiet: none
        is wanted."""
        return [python["path"], *arguments], {}

    def working(self):
        """A context around runs that are timed."""
        return contextlib.nullcontext()

    def observing(self):
        """A context around one run whose output is wanted."""
        return contextlib.nullcontext()

    def seen(self, place):
        raise NotImplementedError


class Nothing(Tool):
    def __init__(self):
        super().__init__("without", "")

    def missing(self):
        return False


class Traced(Tool):
    """What tools that record with LTTng have in common: a session, with buffers in which nothing
    is lost."""

    def __init__(self, name, package, daemon, events):
        super().__init__(name, package)
        self.daemon, self.events = daemon, events
        self.trace, self.lost = None, 0

    def missing(self):
        return not self.daemon

    @contextlib.contextmanager
    def working(self):
        session = self.daemon.session(events=())
        session.lttng("enable-channel", "--userspace", "--subbuf-size=4M", "--num-subbuf=8", "big")
        session.lttng("enable-event", "--userspace", self.events, "--channel=big")
        session.start()
        yield
        self.daemon.lttng("stop", session.name)
        self.lost += sum(map(int, re.findall(r"Discarded events: (\d+)",
                                             self.daemon.lttng("list", session.name))))
        session.destroy()
        self.trace = session.output

    observing = working

    def lines(self):
        return subprocess.run(["babeltrace2", self.trace], capture_output=True, text=True,
                              check=True, errors="replace").stdout


def under_ours(python, arguments, place, quiet, *options):
    output = ["--quiet"] if quiet else ["--format=json", f"--output={place}/report.json"]
    return [e2e.COMMAND, "run", *options, *output, "--", python["path"], *arguments]


class Ours(Tool):
    judges = True

    def __init__(self):
        super().__init__("pythread-trace", "")

    def missing(self):
        return False

    def command(self, python, arguments, place, quiet):
        """Without what it would record: there is a session all the time."""
        return under_ours(python, arguments, place, quiet, "--tracer=off"), {}

    def seen(self, place):
        report = json.loads(read(os.path.join(place, "report.json")))
        return Seen(sum(hook["calls"] for hook in report["hooks"]
                        if hook["function"] in ("PyThread_tss_get", "PyThread_tss_set")),
                    sum(mutex["acquired"] for mutex in report["mutexes"]),
                    json.dumps([finding for finding in report["findings"]
                                if finding["severity"] != "note"]))


class OursRecording(Traced):
    judges = True

    def __init__(self, daemon):
        super().__init__("the same, recording", "lttng-tools, babeltrace2", daemon, "pythread:*")

    def version(self):
        return subprocess.run(["lttng", "--version"], capture_output=True, text=True,
                              check=True).stdout.split(" - ")[0].replace("(LTTng Trace Control) ", "")

    def command(self, python, arguments, place, quiet):
        return under_ours(python, arguments, place, quiet), self.daemon.env

    def seen(self, place):
        text = self.lines()
        return Seen(len(re.findall(r" pythread:tss_[gs]et: ", text)),
                    text.count(" pythread:mutex_lock_acq: "),
                    "\n".join(line for line in text.splitlines() if " pythread:finding: " in line
                              and 'severity = "note"' not in line))


class Wrapper(Traced):
    """Whatever it records counts as seen, if only there is a record for each use."""

    def __init__(self, daemon):
        super().__init__("LTTng's wrapper", "liblttng-ust1, lttng-tools, babeltrace2", daemon,
                         "lttng_ust_pthread:*")
        self.library = ctypes.util.find_library("lttng-ust-pthread-wrapper")

    def missing(self):
        return not self.library or super().missing()

    def command(self, python, arguments, place, quiet):
        return [python["path"], *arguments], {**self.daemon.env, "LD_PRELOAD": self.library}

    def seen(self, place):
        text = self.lines()
        return Seen(text.count("key"), text.count(" lttng_ust_pthread:pthread_mutex_lock_acq: "),
                    text)


class Uftrace(Tool):
    """Patches the functions at run time that it is asked for, in programs built without -pg."""

    def __init__(self):
        super().__init__("uftrace", "uftrace")

    def version(self):
        return subprocess.run(["uftrace", "--version"], capture_output=True, text=True,
                              check=True).stdout.split()[1].replace("v", "uftrace ")

    def command(self, python, arguments, place, quiet):
        library = os.path.basename(python["library"])
        where = f"@{library}" if python["shared"] and library else ""
        wanted = [f"{functions}{where}" for functions in ("^PyThread_tss_", "^PyMutex_")]
        return ["uftrace", "record", "--force", "-d", os.path.join(place, "uftrace.data"),
                *(word for pattern in wanted for word in ("-P", pattern)),
                python["path"], *arguments], {}

    def seen(self, place):
        text = subprocess.run(["uftrace", "report", "-d", os.path.join(place, "uftrace.data")],
                              capture_output=True, text=True, check=True).stdout
        calls = {words[-1]: int(words[-2]) for words in map(str.split, text.splitlines())
                 if len(words) > 2 and words[-2].isdigit()}
        return Seen(sum(calls.get(f"PyThread_tss_{use}", 0) for use in ("get", "set")),
                    calls.get("PyMutex_Lock", 0), text)


class Valgrind(Tool):
    slow = True
    judges = True

    def __init__(self, name):
        super().__init__(name, "valgrind")

    def missing(self):
        return not shutil.which("valgrind")

    def version(self):
        return subprocess.run(["valgrind", "--version"], capture_output=True, text=True,
                              check=True).stdout.strip().replace("valgrind-", "valgrind ")

    def command(self, python, arguments, place, quiet):
        return ["valgrind", "--quiet", f"--tool={self.name.lower()}", "--fair-sched=try",
                f"--log-file={os.path.join(place, 'log')}", python["path"], *arguments], {}

    def seen(self, place):
        text = read(os.path.join(place, "log"))
        return Seen(text.count("PyThread_tss_"), text.count("PyMutex_Lock"), text)
