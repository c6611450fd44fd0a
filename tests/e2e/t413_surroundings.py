# SPDX-License-Identifier: MIT
"""Bare surroundings: no /proc, no /dev/shm, another root directory, a home that cannot be written
to, an empty environment. The program does what it does there without the tool, and is watched."""

import os
import shlex
import subprocess

import e2e
import last_thread
from e2e import check, equal, matches, one

APP = """
import os, sys, threading
import tss_set_before_create as bug, calls_lazy
bug.run()
threads = [threading.Thread(target=calls_lazy.run) for n in range(4)]
for thread in threads: thread.start()
for thread in threads: thread.join()
child = os.fork()
if not child:
    bug.run()
    os._exit(4)
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), calls_lazy.run())
sys.exit(3)
"""

NO_PROC = "mount -t tmpfs -o size=4k,mode=555 tmpfs /proc"
NO_SHARED_MEMORY = "mount -t tmpfs -o size=4k,ro tmpfs /dev/shm"
PROC = "mkdir {root}/proc && mount -t proc proc {root}/proc"
HOME_TO_READ = "mount -t tmpfs -o ro tmpfs {home}"


def programs(python, app):
    """Natively, preloaded, by the command; LTTng's daemons of the machine have no part in it."""
    options = "tracer=off"
    library = f"LD_PRELOAD={e2e.LIBRARY}"
    return {
        "native": [python.path, app],
        "preload": ["env", library, f"PYTHREAD_TRACE_OPTIONS={options}", python.path, app],
        "command": [e2e.COMMAND, "run", "--tracer=off", "--", python.path, app],
    }


def verify(python, what, before, env=None, without=()):
    """before(argv): how the program is started there; not in these ways."""
    app = os.path.join(python.directory, "app.py")
    with open(app, "w", encoding="utf-8") as file:
        file.write(APP)
    for tool, argv in programs(python, app).items():
        if tool in without:
            continue
        run = python.start(before(argv), env)
        equal((run.status, run.out), (3, "4 0\n"), f"result with {what}, {tool}")
        equal("tss-set-before-create" in run.err, tool != "native", f"finding with {what}, {tool}")
        if tool != "native":
            matches(r"SUMMARY: pythread-trace: 1 error, .* hooked (\d+) of \1$", run.err, what)


def apart(commands):
    """In a mount namespace of its own, where these commands were run."""
    return lambda argv: ["unshare", "--mount", "sh", "-ec",
                         f"{commands}\nexec {shlex.join(argv)}"]


def ends_with_last_thread(python):
    """With nothing that tells how many threads there are."""
    program = [python.path, "-c", last_thread.KEY]
    options = {"tracer": "off", "format": "json", "output": "report.%p.json"}
    for tool in ([], ["env", f"LD_PRELOAD={e2e.LIBRARY}",
                      f"PYTHREAD_TRACE_OPTIONS={e2e.as_variable(options)}"]):
        run = python.start(apart(NO_PROC)(tool + program), timeout=30)
        equal((run.status, run.out), (0, last_thread.SAYS), f"result of {tool}")
    one(run.children, "reports of children")


def other_root(python, commands=()):
    """The directories that are needed, and no more, seen below another one, after these commands,
    which have {root} in them."""
    root = os.path.join(python.directory, "root")
    needed = ["/usr", e2e.BUILD, python.home, python.directory, python.extensions,
              os.path.dirname(python.path)]
    lines = [f"mkdir -p {root}", f"mount -t tmpfs tmpfs {root}"]
    for path in ("/bin", "/lib", "/lib64"):
        if os.path.islink(path):
            lines.append(f"ln -s {os.readlink(path)} {root}{path}")
        elif os.path.isdir(path):
            needed.append(path)
    # Those that lie in others are there with them.
    needed = sorted(set(map(os.path.realpath, needed)))
    needed = [path for path in needed
              if not any(path.startswith(other + "/") for other in needed)]
    lines += [command.format(root=root) for command in commands]
    lines += [f"mkdir -p {root}{path} && mount --bind {path} {root}{path}" for path in needed]
    return lambda argv: ["unshare", "--mount", "sh", "-ec",
                         "\n".join(lines) + f"\nexec chroot {root} {shlex.join(argv)}"]


def test(python):
    verify(python, "no variables",
           lambda argv: ["env", "-i", f"PYTHONPATH={python.extensions}", *argv])
    if os.geteuid() != 0:
        e2e.skip("only root can take /proc and the like away")
    probe = subprocess.run(["unshare", "--mount", "true"], capture_output=True, text=True,
                           check=False)
    if probe.returncode:
        e2e.skip(f"no mount namespaces: {probe.stderr.strip()}")
    verify(python, "no /proc", apart(NO_PROC), without=["command"])
    run = python.start(apart(NO_PROC)([e2e.COMMAND, "run", "true"]))
    equal((run.status, run.err),
          (125, "pythread-trace: cannot tell where this command is: /proc is not mounted\n"),
          "the command without /proc")
    ends_with_last_thread(python)
    verify(python, "no /proc, another root", other_root(python), without=["command"])
    verify(python, "no /dev/shm", apart(NO_SHARED_MEMORY))
    home = os.path.join(python.directory, "home")
    os.mkdir(home)
    verify(python, "a home to read", apart(HOME_TO_READ.format(home=home)), {"HOME": home})
    verify(python, "another root", other_root(python, [PROC]))
    check(os.path.exists("/proc/self"), "this test has changed its own surroundings")


e2e.main(test, choose=e2e.one_of_each_build)
