# SPDX-License-Identifier: MIT
"""Live: a viewer sees events through a real relay daemon while the program still runs."""

import os
import subprocess

import bt2text
import e2e
import lttng
from e2e import check, equal

RUN = "import calls_lazy\ncalls_lazy.run()\n"


class Viewer:
    """babeltrace2, with its output in a file."""

    def __init__(self, url, path):
        self.path = path
        with open(path, "w", encoding="utf-8") as file:
            self.process = subprocess.Popen(
                ["babeltrace2", *bt2text.OPTIONS, "--input-format=lttng-live", url], stdout=file,
                stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.communicate()

    def creations(self):
        with open(self.path, encoding="utf-8") as file:
            return sum("name = pythread:tss_create" in line and "calls_lazy" in line
                       for line in file)


def test(python):
    with lttng.Daemon(python.directory) as daemon, lttng.Relay(python.directory) as relay:
        session = daemon.session("live", create=["--live=100000", f"--set-url={relay.url}"],
                                 output="")
        session.start()
        with lttng.Python(python, daemon.env) as program, \
                Viewer(relay.live_url("live"), os.path.join(daemon.home, "viewed")) as viewer:
            daemon.wait_for_program(program.pid)
            for turn in range(1, 4):
                program.tell(RUN)
                lttng.wait_until(lambda: viewer.creations() == turn, f"event {turn} in the viewer")
                equal(program.process.poll(), None, "the program ended")
            equal(program.end(), 0, "exit status")
            session.stop()
            session.destroy()
            equal(viewer.process.wait(lttng.TIMEOUT), 0, "status of babeltrace2")
        # What the relay daemon wrote is a trace like any other.
        trace = lttng.read(relay.output)
        made = [event for event in trace.named("tss_create") if "calls_lazy" in event["module"]]
        equal(len(made), 3, "creations in the relay's trace")
        check("pythread_statedump:process" in trace.names(), "no statedump")


lttng.main(test, choose=e2e.one_of_each_build)
