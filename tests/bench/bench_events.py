# SPDX-License-Identifier: MIT
"""make bench, second part: what the events cost, recorded and not.

A session daemon of its own, as the tests have it. What an event costs is what a call costs more
when it is recorded than when it is not; beside it, in the same process and session, a bare LTTng
tracepoint with the same payload is measured. That session is a snapshot session, in whose buffers
nothing is lost and nobody reads. Then a program that does other work half of its time, with the
buffers that LTTng has by default, and a trace: is anything lost?
"""

import json
import os
import re
import statistics
import subprocess
import sys
import tempfile

import figures

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "e2e"))

# The slices of a round, and the rounds, each with processes of its own.
SLICES = 15
ROUNDS = 8
# Events of one call of each figure.
EVENTS = {"get": 1, "mutex": 3}


def arguments():
    parser = figures.arguments("What the events cost, recorded and not.")
    parser.add_argument("--rounds", default=ROUNDS, type=int)
    return parser.parse_args()


ARGUMENTS = arguments()
os.environ["PT_BUILD"] = ARGUMENTS.build

import e2e  # noqa: E402
import interpreters  # noqa: E402
import lttng  # noqa: E402


class Measured:
    """An interpreter under the tool that measures what it is asked for."""

    def __init__(self, python, daemon, *options):
        self.process = subprocess.Popen(
            [e2e.COMMAND, "run", "--quiet", *options, "--", python["path"], "-S",
             os.path.join(HERE, "measure_events.py"), os.path.join(e2e.BUILD, "tests", "bench")],
            env={**os.environ, **daemon.env}, text=True, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.communicate()
        if self.process.returncode != 0:
            sys.exit(f"bench: {self.process.args}: status {self.process.returncode}")

    def ask(self, figure):
        print(figure, file=self.process.stdin, flush=True)
        return json.loads(self.process.stdout.readline())


def slices(sides, count):
    """(first side's, second side's) of functions that measure, the order turned round each time."""
    pairs = []
    for number in range(count):
        first = number % 2
        pair = {which: sides[which]() for which in (first, 1 - first)}
        pairs.append((pair[0], pair[1]))
    return pairs


class Bench:
    def __init__(self, daemon, board):
        self.daemon = daemon
        self.board = board

    def show(self, figure, measure, rounds):
        """measure(): one round."""
        self.board.show(figure, [measure() for _ in range(rounds)], lambda: [measure()])

    def idle(self, python, figure):
        """The provider loaded, and not."""
        with Measured(python, self.daemon, "--tracer", "off") as without, \
                Measured(python, self.daemon) as under:
            return slices([lambda: without.ask(figure), lambda: under.ask(figure)], SLICES)

    def recorded(self, python, figure, session):
        """An event, bare and ours."""
        with Measured(python, self.daemon) as measured:
            idle = statistics.median(measured.ask(figure) for _ in range(5))
            session.start()
            pairs = slices([lambda: measured.ask(f"bare_{figure}") / EVENTS[figure],
                            lambda: (measured.ask(figure) - idle) / EVENTS[figure]], SLICES)
            session.stop()
        return pairs

    def lost(self, python):
        """Of the events of a program that does other work half of its time."""
        session = self.daemon.session(events=["pythread:tss_get"])
        session.start()
        with Measured(python, self.daemon) as measured:
            seconds, events = measured.ask("half")
        self.daemon.lttng("stop", session.name)
        discarded = sum(map(int, re.findall(r"Discarded events: (\d+)",
                                            self.daemon.lttng("list", session.name))))
        recorded = lttng.count(session.output)
        session.destroy()
        print(f"  {recorded} of {events} events recorded in {seconds:.1f} s", flush=True)
        # What is neither recorded nor told to be discarded is lost, too.
        return [(recorded, max(discarded, events - recorded))]

    def interpreter(self, python):
        self.board.header(f"{python['name']}: events, bare tracepoints and ours")
        for figure in EVENTS:
            if figure == "mutex" and python["version"] < [3, 13]:
                continue
            self.show(f"idle_{figure}", lambda: self.idle(python, figure), ARGUMENTS.rounds)
            session = self.daemon.session(events=["pythread:*", "pythread_bench:*"],
                                          create=["--snapshot"], output="")
            self.show(f"event_{figure}", lambda: self.recorded(python, figure, session),
                      ARGUMENTS.rounds)
            session.destroy()
        self.show("events_lost", lambda: self.lost(python), 1)


def main():
    lttng.enter()
    found, _ = interpreters.find(ARGUMENTS.build)
    with tempfile.TemporaryDirectory() as directory, lttng.Daemon(directory) as daemon:
        bench = Bench(daemon, figures.Board(ARGUMENTS.verdicts))
        for python in e2e.one_of_each_build(found):
            bench.interpreter(python)


main()
