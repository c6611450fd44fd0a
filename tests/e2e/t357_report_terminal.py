# SPDX-License-Identifier: MIT
"""What a report draws on a terminal: a bar while it reads what takes long, wiped away in the end; a
live report's tables, drawn anew."""

import os
import pty
import re
import signal
import subprocess
import threading
import time

import lttng
import reading
from e2e import check, equal

# Enough, where the reader is slowed down, for a bar to appear.
MANY = """
repeat 400000 tss_get key=0x500000 slot=3 value=0x1 caller=0x400300
"""
CONTENDED = """
mutex_lock_req mutex=0x600000 caller=0x400100
mutex_lock_acq mutex=0x600000 contended=1 sure=1 caller=0x400100
mutex_unlock mutex=0x600000 caller=0x400200
"""
ANEW = "\033[H\033[J"
BAR = re.compile(r"\r\[(#* *)\] +(\d+) %, (\d+) events")


class Terminal:
    """A report whose standard output and error are one, and what it has written there."""

    def __init__(self, *arguments):
        own, its = pty.openpty()
        self.process = subprocess.Popen([reading.REPORT, *arguments], stdout=its, stderr=its,
                                        stdin=subprocess.DEVNULL, start_new_session=True,
                                        env={**os.environ, "LC_ALL": "C.UTF-8"})
        os.close(its)
        self.text = ""
        self.reader = threading.Thread(target=self._read, args=(own,))
        self.reader.start()

    def _read(self, terminal):
        with os.fdopen(terminal, "rb", buffering=0) as file:
            while True:
                try:
                    some = file.read(65536)
                except OSError:  # the other side is closed
                    some = b""
                if not some:
                    return
                self.text += some.decode(errors="replace").replace("\r\n", "\n")

    def slow_down(self):
        """As what is done at once has no bar: for some seconds it works a twentieth of the time."""
        for _ in range(40):
            if self.process.poll() is not None:
                return
            os.killpg(self.process.pid, signal.SIGSTOP)
            time.sleep(0.1)
            os.killpg(self.process.pid, signal.SIGCONT)
            time.sleep(0.005)

    def end(self):
        equal(self.process.wait(lttng.TIMEOUT), 0, f"exit status: {self.text[-1000:]}")
        self.reader.join()
        return self.text

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.reader.join()


def recorded(daemon, name, script):
    session = daemon.session(name, events=("pythread:*",), contexts=reading.CONTEXTS)
    session.start()
    lttng.emit(daemon, script)
    daemon.lttng("stop", session.name)
    session.destroy()
    return session.output


def progress(daemon):
    with Terminal(recorded(daemon, "many", MANY)) as terminal:
        terminal.slow_down()
        text = terminal.end()
    shown = BAR.findall(text)
    check(shown, f"no bar: {text[-1000:]!r}")
    for bar, percent, _ in shown:
        equal((len(bar), bar.count("#")), (40, int(percent) * 40 // 100), f"the bar at {percent} %")
    numbers = [(int(percent), int(events)) for _, percent, events in shown]
    equal(numbers, sorted(numbers), "how it went on")
    before, _, after = text.rpartition("\r\033[K")
    check(before and not BAR.search(after), f"the bar stays: {after[:200]!r}")
    check("SUMMARY: pythread-trace: 0 errors" in after, f"no report: {after!r}")
    # Elsewhere, nothing of it.
    done = reading.report(recorded(daemon, "again", MANY))
    equal((done.stderr, "\r" in done.stdout), ("", False), "into a file")


def live(daemon, relay):
    session = daemon.session("live", events=("pythread:*",), contexts=reading.CONTEXTS, output="",
                             create=["--live", f"--set-url={relay.url}"])
    session.start()
    lttng.emit(daemon, CONTENDED)
    with Terminal("--live", relay.live_url("live")) as terminal:
        lttng.wait_until(lambda: "0x600000" in terminal.text, f"the mutex: {terminal.text!r}", 30)
        drawn = terminal.text.count(ANEW)
        check(drawn, f"not drawn over what was there: {terminal.text!r}")
        lttng.emit(daemon, CONTENDED.replace("0x600000", "0x700000"))
        lttng.wait_until(lambda: "0x700000" in terminal.text, "the second mutex", 30)
        check(terminal.text.count(ANEW) > drawn, "not drawn anew")
        # What is on the screen now has both.
        screen = terminal.text.rpartition(ANEW)[2]
        check("0x600000" in screen and "0x700000" in screen, f"a part only: {screen!r}")
        session.daemon.lttng("stop", session.name)
        session.destroy()
        text = terminal.end()
    check("0x700000" in text.rpartition(ANEW)[2], "the last report")


def test(python):
    with lttng.Daemon(python.directory) as daemon, lttng.Relay(python.directory) as relay:
        progress(daemon)
        live(daemon, relay)


lttng.main(test, once=True)
