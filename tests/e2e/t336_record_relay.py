# SPDX-License-Identifier: MIT
"""record --url: two hosts send to a relay daemon on a third; one is killed; the daemon restarts.

Each host is a network namespace with its own name and session daemon. Where these cannot be made
both senders are on loopback.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import time

import e2e
import lttng
import reading
import recording
from e2e import check, equal, matches

NETWORK = "10.177.0"
PORTS = (5342, 5343)
APP = recording.PLAIN + """
import time
print("ready", flush=True)
for turn in range({turns}):
    calls_lazy.run()
    time.sleep(0.1)
print("over", flush=True)
"""
# A host's own places, and name: not those of the test.
HOST = ("mount -t tmpfs tmpfs /var/run && mount -t tmpfs -o mode=1777 tmpfs /dev/shm && "
        "hostname {name} && exec \"$@\"")


def ip(*arguments):
    return subprocess.run(["ip", *arguments], check=False, capture_output=True, text=True)


class Hosts:
    """alpha and beta, each with a link to the relay's."""

    def __init__(self, stack):
        self.real = (os.getuid() == 0 and shutil.which("ip") and shutil.which("unshare") and
                     bool(os.environ.get("PT_LTTNG_INSIDE")) and self._make(stack))
        self.relay_address = {name: f"{NETWORK}{number}.1" if self.real else "127.0.0.1"
                              for number, name in enumerate(("alpha", "beta"))}

    @staticmethod
    def _make(stack):
        for name in ("relay", "alpha", "beta"):
            if ip("netns", "add", name).returncode:
                return False
            stack.callback(ip, "netns", "del", name)
            ip("-n", name, "link", "set", "lo", "up")
        for number, name in enumerate(("alpha", "beta")):
            if ip("-n", "relay", "link", "add", f"to-{name}", "type", "veth", "peer", "name", "up0",
                  "netns", name).returncode:
                return False
            for host, device, last in (("relay", f"to-{name}", 1), (name, "up0", 2)):
                ip("-n", host, "address", "add", f"{NETWORK}{number}.{last}/24", "dev", device)
                ip("-n", host, "link", "set", device, "up")
        return True

    def before(self, name):
        if not self.real:
            return []
        if name == "relay":
            return ["ip", "netns", "exec", "relay"]
        return ["ip", "netns", "exec", name, "unshare", "--mount", "--uts", "sh", "-c",
                HOST.format(name=name), "sh"]

    def url(self, name, ports):
        return f"net://{self.relay_address[name]}:{ports[0]}:{ports[1]}"

    def kill(self, name, started):
        """Everything on that host, at once; on loopback the recording, and then its daemons go."""
        pids = [started.process.pid]
        if self.real:
            pids += map(int, ip("netns", "pids", name).stdout.split())
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


class Relay:
    """A relay daemon on the third host. It is up when both ports listen there."""

    def __init__(self, hosts, directory):
        self.hosts, self.output = hosts, os.path.join(directory, "relayed")
        self.ports = PORTS if hosts.real else lttng.free_ports(2)
        self.home = os.path.join(directory, "relay")
        os.makedirs(self.home, exist_ok=True)
        os.makedirs(self.output, exist_ok=True)
        self.process = None

    def start(self):
        live = lttng.free_ports(1)[0]
        self.process = subprocess.Popen(
            [*self.hosts.before("relay"), "lttng-relayd", "-o", self.output,
             "-C", f"tcp://0.0.0.0:{self.ports[0]}", "-D", f"tcp://0.0.0.0:{self.ports[1]}",
             "-L", f"tcp://127.0.0.1:{live}"],
            env={**os.environ, "LTTNG_HOME": self.home}, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        listing = [*self.hosts.before("relay"), "cat", "/proc/net/tcp"]

        def listens():
            check(self.process.poll() is None, "lttng-relayd ended")
            table = subprocess.run(listing, capture_output=True, text=True, check=True).stdout
            return all(any(f":{port:04X} 00000000:0000 0A" in line for line in table.splitlines())
                       for port in self.ports)
        lttng.wait_until(listens, "lttng-relayd")

    def stop(self):
        if self.process:
            self.process.terminate()
            self.process.wait(lttng.TIMEOUT)
            self.process = None


def sender(python, hosts, relay, name, turns):
    return recording.Started(python, recording.script(python, APP.format(turns=turns), f"{turns}.py"),
                             f"--url={hosts.url(name, relay.ports)}", before=hosts.before(name))


def both(python, hosts, relay):
    """Both at once, and one of them is killed with all that is on its host."""
    with sender(python, hosts, relay, "alpha", 30) as alpha, \
            sender(python, hosts, relay, "beta", 300) as beta:
        equal((alpha.hear(), beta.hear()), ("ready", "ready"), "first lines")
        time.sleep(2.2)
        hosts.kill("beta", beta)
        equal(alpha.hear(), "over", "last line of alpha")
        equal(alpha.end(), 0, f"exit status of alpha: {alpha.err}")
        said = recording.Said(alpha.err)
        equal(said.place, hosts.relay_address["alpha"], said.line)
        check(said.rest.startswith("none lost;"), said.line)
        beta.end()
    trace = lttng.read(relay.output)
    made = trace.named("tss_create")
    if hosts.real:
        count = {name: sum(event.hostname == name for event in made) for name in ("alpha", "beta")}
        equal(set(os.listdir(relay.output)), {"alpha", "beta"}, "folders, one a host")
        equal(count["alpha"], 31, "keys made on alpha")
        check(count["beta"] >= 5, f"keys made on beta before it was killed: {count}")
    else:
        check(len({event.context["vpid"] for event in made}) == 2, "processes in the traces")
    times = [event.ns for event in trace]
    equal(times, sorted(times), "order of the events of both")


def restarted(python, hosts, relay):
    """The daemon goes away in the middle, and comes back: the program goes on, and it is told."""
    with sender(python, hosts, relay, "alpha", 40) as alpha:
        equal(alpha.hear(), "ready", "first line")
        time.sleep(1.5)
        relay.stop()
        relay.start()
        equal(alpha.hear(), "over", "the program goes on")
        equal(alpha.end(), 0, f"exit status: {alpha.err}")
        check("the relay daemon went away in between" in alpha.err, alpha.err)
    with sender(python, hosts, relay, "alpha", 1) as again:
        equal(again.end(), 0, f"exit status with the new daemon: {again.err}")
        check("none lost;" in again.err and "went away" not in again.err, again.err)
    trace = lttng.read(relay.output)
    equal(len({event.context["vpid"] for event in trace.named("tss_create")}) >= 3, True,
          "what was there before and after")
    read = reading.Read(relay.output)
    equal(len(read.processes) >= 3, True, "processes that report tells of")


def with_path(python, hosts, relay):
    """A path in the URL takes the place of the session's name, which the last line then says."""
    run = recording.run(python, recording.script(python, recording.PLAIN),
                        f"--url={hosts.url('alpha', relay.ports)}/some/where", before=hosts.before("alpha"))
    equal(run.status, 0, f"exit status: {run.err}")
    there = matches(r"the trace (\S+) is at \S+: none lost; the events are counted there, type: ",
                    run.err, "last line").group(1)
    check(there.endswith("/some/where"), run.err)
    check(lttng.read(os.path.join(relay.output, there)).named("tss_create"), f"trace at {there}")


def test(python):
    with contextlib.ExitStack() as stack:
        hosts = Hosts(stack)
        print(f"two hosts: {'network namespaces' if hosts.real else 'loopback'}")
        relay = Relay(hosts, python.directory)
        stack.callback(relay.stop)
        relay.start()
        both(python, hosts, relay)
        restarted(python, hosts, relay)
        with_path(python, hosts, relay)


lttng.main(test, once=True)
