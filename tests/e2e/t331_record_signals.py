# SPDX-License-Identifier: MIT
"""record: who gets which signal, and what is left when the program or the command is killed."""

import os
import pty
import select
import shlex
import signal
import time

import e2e
import lttng
import recording
from e2e import check, equal

BEGIN = recording.PLAIN + "import os, signal, time\n"
READY = "print(os.getpid(), flush=True)\n"
ASLEEP = BEGIN + READY
POLITE = BEGIN + """
try:
    print(os.getpid(), flush=True)
    time.sleep(60)
except KeyboardInterrupt:
    print("interrupted", flush=True)
    {after}
    raise SystemExit(5)
"""
TERMINATED = BEGIN + """
def end(number, frame):
    os.write(1, b"signal %d\\n" % number)  # print() may be at work just now
    raise SystemExit(6)
signal.signal(signal.SIGTERM, end)
signal.signal(signal.SIGHUP, end)
""" + READY + "time.sleep(60)\n"


class Terminal:
    """The command on a terminal of its own."""

    def __init__(self, python, program, *options, argv=None):
        self.directory = python.new_directory()
        python.runs.append(e2e.Run(["directory only"], 0, 0, "", "", self.directory))
        self.text = b""
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            try:
                os.chdir(self.directory)
                argv = argv or recording.command(program, *options)
                os.execve(argv[0], argv, {**os.environ, **recording.environment(python),
                                          "PYTHONPATH": python.extensions})
            finally:
                os._exit(127)

    def wait_for(self, text, timeout=30):
        end = time.monotonic() + timeout
        while text.encode() not in self.text:
            check(time.monotonic() < end, f"waited for {text!r}, got {self.text!r}")
            self.read()
        return self

    def read(self):
        check(select.select([self.fd], [], [], 30)[0], f"nothing more on the terminal: {self.text!r}")
        try:
            more = os.read(self.fd, 4096)
        except OSError:
            more = b""
        check(more, f"the terminal is closed: {self.text!r}")
        self.text += more

    def type(self, character):
        os.write(self.fd, bytes([ord(character) & 0x1F]))

    def write(self, text):
        os.write(self.fd, text.encode())

    def end(self):
        try:
            while True:
                self.read()
        except AssertionError:
            pass
        status = os.waitpid(self.pid, 0)[1]
        os.close(self.fd)
        return os.waitstatus_to_exitcode(status)

    @property
    def said(self):
        return recording.Said(self.text.decode(errors="replace").replace("\r\n", "\n"))


def interrupts(python):
    terminal = Terminal(python, recording.script(python, POLITE.format(after="")))
    terminal.wait_for("\n").type("C")
    terminal.wait_for("interrupted")
    equal(terminal.end(), 5, f"status after Ctrl-C: {terminal.text!r}")
    check(terminal.said.complete, f"last line after Ctrl-C: {terminal.text!r}")
    check(lttng.read(terminal.said.place).named("tss_create"), "trace after Ctrl-C")


def second_interrupt(python):
    """While the command is finishing, which a stopped session daemon makes last."""
    if not lttng.is_ours(python, "a second Ctrl-C"):
        return
    terminal = Terminal(python, recording.script(python, POLITE.format(after="time.sleep(0.5)")),
                        "--trace", "it")
    terminal.wait_for("\n").type("C")
    terminal.wait_for("interrupted")
    daemons = recording.processes("lttng-sessiond")
    for pid in daemons:
        os.kill(pid, signal.SIGSTOP)
    time.sleep(1.5)
    terminal.type("C")
    equal(terminal.end(), 130, f"status after a second Ctrl-C: {terminal.text!r}")
    for pid in daemons:
        os.kill(pid, signal.SIGCONT)
    # While the daemon that answers nobody any more still ends.
    after = recording.run(python, recording.script(python, recording.PLAIN, "after.py"))
    equal(after.status, 0, f"status of the next recording: {after.err}")
    check(recording.trace_of(after).named("tss_create"), "keys in the next recording")
    recording.no_daemons()
    check(lttng.read(os.path.join(terminal.directory, "it")).named("tss_create"),
          "trace after a second Ctrl-C")


def in_setup(python):
    """Before the program begins, while the session daemon makes the recording ready."""
    if not lttng.is_ours(python, "Ctrl-C in the set-up"):
        return

    def hold():
        """The daemon, at the moment when it has started another for this very recording."""
        end = time.monotonic() + 30
        while not recording.processes("lttng-consumerd"):
            check(time.monotonic() < end, "waited for a consumer daemon")
        daemon = e2e.one(recording.processes("lttng-sessiond"), "session daemons")
        os.kill(daemon, signal.SIGSTOP)
        return daemon

    terminal = Terminal(python, recording.script(python, recording.PLAIN))
    daemon = hold()
    terminal.type("C")
    time.sleep(0.2)
    os.kill(daemon, signal.SIGCONT)
    equal(terminal.end(), -signal.SIGINT, f"status after Ctrl-C before the program: {terminal.text!r}")
    equal(os.listdir(terminal.directory), [], f"left in the directory: {terminal.text!r}")
    recording.no_daemons()
    with recording.Started(python, recording.script(python, recording.PLAIN)) as started:
        daemon = hold()
        started.kill(signal.SIGKILL)
        os.kill(daemon, signal.SIGCONT)
        equal(started.end(), -signal.SIGKILL, "status of the command")
        recording.no_daemons()


def job_control(python):
    """Ctrl-Z stops the program and the command; a shell then continues both."""
    terminal = Terminal(python, ["/bin/sh", "-c", "echo ready; sleep 1; echo over"])
    terminal.wait_for("ready").type("Z")

    def state():
        with open(f"/proc/{terminal.pid}/stat", encoding="utf-8") as file:
            return file.read().rsplit(")", 1)[1].split()[0]
    # Its group is orphaned, as the terminal's first, so the kernel does not stop it; nor may we.
    time.sleep(0.2)
    if state() == "T":
        os.killpg(terminal.pid, signal.SIGCONT)
    equal(terminal.end(), 0, f"status after Ctrl-Z: {terminal.text!r}")
    check("over" in terminal.text.decode(), "the program came to its end")


def stops_itself(python):
    """As programs do that handle Ctrl-Z: a shell sees it, as without the tool."""
    program = recording.script(python, BEGIN + "os.kill(os.getpid(), signal.SIGTSTP)\nprint('con' + 'tinued')\n")
    shell = Terminal(python, ["/bin/true"], argv=["/bin/sh", "-i"])
    shell.write(shlex.join(recording.command(program, "--trace", "it")) + "\n")
    shell.wait_for("Stopped").write("fg\n")
    shell.wait_for("continued").wait_for("next, type: ")
    shell.write("exit 7\n")
    equal(shell.end(), 7, f"status of the shell: {shell.text!r}")
    check(lttng.read(os.path.join(shell.directory, "it")).named("tss_create"), "trace of one that stopped")


def stopped_alone(python):
    """Where no shell would continue the command, it waits."""
    program = recording.script(python, ASLEEP + "os.kill(os.getpid(), signal.SIGSTOP)\nprint('over', flush=True)\n")
    with recording.Started(python, program, before=["setsid", "--wait"]) as started:
        pid = int(started.hear())
        time.sleep(0.5)
        os.kill(pid, signal.SIGCONT)
        equal((started.hear(), started.end()), ("over", 0), f"one that was stopped by itself: {started.err}")


def passed_on(python):
    for number in (signal.SIGTERM, signal.SIGHUP):
        with recording.Started(python, recording.script(python, TERMINATED)) as started:
            started.hear()
            started.kill(number)
            equal(started.hear(), f"signal {number.value}", "what the program got")
            equal(started.end(), 6, f"status after {number.name}: {started.err}")
            check(recording.Said(started.err).complete, started.err)
    with recording.Started(python, recording.script(python, ASLEEP + "time.sleep(2)\n")) as started:
        started.hear()
        started.kill(signal.SIGINT)
        equal(started.end(), 0, "SIGINT is for the program, where a terminal sends it")


def killed_program(python):
    program = recording.script(python, ASLEEP + "time.sleep(60)\n")
    with recording.Started(python, program) as started:
        os.kill(int(started.hear()), signal.SIGKILL)
        equal(started.end(), -signal.SIGKILL, f"status: {started.err}")
        said = recording.Said(started.err)
        check(said.complete and lttng.read(said.place).named("tss_create"), started.err)


def killed_command(python):
    program = recording.script(python, ASLEEP + "time.sleep(2)\nprint('over')\n")
    with recording.Started(python, program, "--trace", "it") as started:
        started.hear()
        time.sleep(0.5)
        started.kill(signal.SIGKILL)
        equal(started.end(), -signal.SIGKILL, "status of the command")
        recording.no_daemons()
        equal(started.hear(), "over", "the program goes on")
        trace = os.path.join(started.directory, "it")
        lttng.wait_until(lambda: os.path.exists(os.path.join(trace, "metadata")), "the trace")
        check(lttng.read(trace).named("tss_create"), "trace of a command that was killed")


def test(python):
    interrupts(python)
    second_interrupt(python)
    in_setup(python)
    job_control(python)
    stops_itself(python)
    stopped_alone(python)
    passed_on(python)
    killed_program(python)
    killed_command(python)


lttng.main(test, choose=e2e.one_of_each_build)
