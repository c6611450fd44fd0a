# SPDX-License-Identifier: MIT
"""make bench, third part: how fast "report" reads a trace, and in how much memory.

Beside it stands babeltrace2 itself, which reads the same trace and throws it away: events per second
of computing time, for both use one processor. Memory is bounded by the number of objects, not of
events, so a trace of as many objects and a fifth of the events is to take as much.
"""

import os
import shutil
import subprocess
import sys
import tempfile

import figures

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "e2e"))

EVENTS, EVENTS_FEWER = 5000000, 1000000
ROUNDS = 3
MUTEXES = 50

# Rounds of requests, acquisitions and unlocks, and of uses of a key.
BLOCK = """
repeat {count} mutex_lock_req mutex={mutex:#x} caller=0x400100
repeat {count} mutex_lock_acq mutex={mutex:#x} sure=1 caller=0x400100
repeat {count} mutex_unlock mutex={mutex:#x} caller=0x400200
repeat {count} tss_get key=0x500000 slot=3 value=0x1 caller=0x400300
"""


def arguments():
    parser = figures.arguments('How fast "report" reads a trace.')
    parser.add_argument("--rounds", default=ROUNDS, type=int)
    return parser.parse_args()


ARGUMENTS = arguments()
os.environ["PT_BUILD"] = ARGUMENTS.build

import lttng  # noqa: E402


def record(daemon, events):
    """Where the trace is, and how many events are in it."""
    script = "".join(BLOCK.format(count=events // 4 // MUTEXES, mutex=0x600000 + 64 * number)
                     for number in range(MUTEXES))
    session = daemon.session(events=())
    session.lttng("enable-channel", "--userspace", "--subbuf-size=16M", "--num-subbuf=8",
                  "--blocking-timeout=inf", "big")
    session.lttng("enable-event", "--userspace", "pythread:*", "--channel=big")
    for context in ("vpid", "vtid", "procname", "ip"):
        session.lttng("add-context", "--userspace", f"--type={context}", "--channel=big")
    session.start()
    lttng.emit(daemon, script)
    daemon.lttng("stop", session.name)
    session.destroy()
    return session.output, lttng.count(session.output)


def measure(*argv):
    """Seconds of computing time, and MB of memory."""
    child = subprocess.Popen(argv, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        sys.exit(f"bench: {argv}: status {child.returncode}")
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


class Reader:
    def __init__(self, long, short):
        (self.long, self.count), (self.short, _) = long, short
        self.report = os.path.join(ARGUMENTS.build, "src", "babeltrace", "report")

    def once(self):
        """{figure: one round}"""
        bare, _ = measure("babeltrace2", "--output-format=dummy", self.long)
        seconds, memory = measure(self.report, self.long)
        _, memory_short = measure(self.report, self.short)
        return {"read_speed": [[(self.count / bare / 1e6, self.count / seconds / 1e6)]],
                "read_memory": [[(memory_short, memory)]]}


def main():
    lttng.enter()
    directory = tempfile.mkdtemp(prefix="pythread-trace-")
    try:
        with lttng.Daemon(directory) as daemon:
            daemon.env["LTTNG_UST_ALLOW_BLOCKING"] = "1"
            reader = Reader(record(daemon, EVENTS), record(daemon, EVENTS_FEWER))
        board = figures.Board(ARGUMENTS.verdicts)
        board.header(f"reading a trace of {reader.count} events")
        rounds = [reader.once() for _ in range(ARGUMENTS.rounds)]
        for figure in rounds[0]:
            board.show(figure, [pairs for one in rounds for pairs in one[figure]],
                       lambda: reader.once()[figure])
    finally:
        shutil.rmtree(directory, ignore_errors=True)


main()
