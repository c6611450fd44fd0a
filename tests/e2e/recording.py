# SPDX-License-Identifier: MIT
""""pythread-trace record", for tests: each with LTTng to itself, see lttng.py."""

import os
import re
import signal
import subprocess

import e2e
import lttng

LINE = re.compile(r"^pythread-trace: the trace (?:is|\S+ is at) (?P<place>\S+): (?P<rest>.*)$", re.MULTILINE)
COUNT = re.compile(r"(?P<least>at least )?(?P<count>\d+) events?, (?P<lost>[^;]*)")

# An error: the tool reports it at once, and it does no harm.
ERROR = "import tss_get_before_create\ntss_get_before_create.run()\n"
PLAIN = "import calls_lazy\ncalls_lazy.run()\n"


def environment(python):
    """Where a user has daemons of his own; root has one place, which lttng.py makes private."""
    home = os.path.join(python.directory, "lttng")
    os.makedirs(home, exist_ok=True)
    return {"LTTNG_HOME": home, "LTTNG_UST_REGISTER_TIMEOUT": "30000"}


def command(program, *options, quiet=True):
    return [e2e.COMMAND, "record", *(["--quiet"] if quiet else []), *options, "--", *program]


def script(python, text, name="app.py"):
    """The arguments that run this Python program."""
    path = os.path.join(python.directory, name)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    return [python.path, path]


def run(python, program, *options, env=None, timeout=e2e.TIMEOUT, before=()):
    """Runs it to its end. before: a command that runs ours."""
    return python.start([*before, *command(program, *options)], {**environment(python), **(env or {})},
                        timeout=timeout)


class Said:
    """The last line."""

    def __init__(self, text):
        match = e2e.one(LINE.finditer(text), "lines that say where the trace is")
        self.line, self.place, self.rest = match[0], match["place"], match["rest"]
        counted = COUNT.match(self.rest)
        self.count = int(counted["count"]) if counted else None
        self.complete = bool(counted) and not counted["least"]
        self.lost = counted["lost"] if counted else self.rest


def trace_of(run_):
    """The trace, once it is shown that the last line tells the truth about it."""
    said = Said(run_.err)
    e2e.check(os.path.isfile(os.path.join(said.place, "metadata")), f"{said.place} is no trace itself")
    trace = lttng.read(said.place)
    e2e.equal((said.count, said.complete, said.lost), (len(trace), True, "none lost"), said.line)
    e2e.check(said.rest.endswith(f"next, type: pythread-trace report {said.place}"), said.line)
    return trace


def processes(start):
    """The pids of this test's processes whose name starts so. As a user, of all of the user's."""
    found = []
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{name}/stat", encoding="utf-8", errors="replace") as file:
                text = file.read()
            state = text.rsplit(")", 1)[1].split()[0]
            owned = os.stat(f"/proc/{name}").st_uid == os.getuid()
        except OSError:
            continue
        if owned and state != "Z" and text.split("(", 1)[1].startswith(start):
            found.append(int(name))
    return found


def no_daemons():
    """That nothing of LTTng runs, nor of ours."""
    if os.environ.get("PT_LTTNG_INSIDE"):
        lttng.wait_until(lambda: not processes("lttng-") and not processes("record)"),
                         "the end of all daemons", 20)


class Started:
    """A recording that runs meanwhile, its standard error in a file."""

    def __init__(self, python, program, *options, env=None, before=(), quiet=True):
        self.directory = python.new_directory()
        self.log = os.path.join(self.directory, "stderr")
        python.runs.append(e2e.Run(["directory only"], 0, 0, "", "", self.directory))
        with open(self.log, "wb") as file:
            self.process = subprocess.Popen(
                [*before, *command(program, *options, quiet=quiet)], stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE, stderr=file, text=True, cwd=self.directory,
                env={**os.environ, **environment(python), "PYTHONPATH": python.extensions,
                     "PYTHONDONTWRITEBYTECODE": "1", **(env or {})})

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.process.stdout.close()

    def hear(self):
        """The program's next line."""
        return self.process.stdout.readline().strip()

    def kill(self, number=signal.SIGTERM):
        self.process.send_signal(number)

    def end(self):
        """The exit status, as subprocess has it."""
        return self.process.wait(lttng.TIMEOUT)

    @property
    def err(self):
        with open(self.log, encoding="utf-8", errors="replace") as file:
            return file.read()
