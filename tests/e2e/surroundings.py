# SPDX-License-Identifier: MIT
"""Bare surroundings for programs, and a program for them: without /proc, below another root
directory. They are made of mounts, which only root can do, and which are the program's alone."""

import os
import shlex
import subprocess

import e2e

# It has the finding ERROR twice: itself, and in a child.
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
RESULT = (3, "4 0\n")
ERROR = "tss-set-before-create"

NO_PROC = "mount -t tmpfs -o size=4k,mode=555 tmpfs /proc"
# For a place below another root directory, which is {root}.
PROC = "mkdir {root}/proc && mount -t proc proc {root}/proc"


def needed():
    if os.geteuid() != 0:
        e2e.skip("only root can take /proc and the like away")
    probe = subprocess.run(["unshare", "--mount", "true"], capture_output=True, text=True,
                           check=False)
    if probe.returncode:
        e2e.skip(f"no mount namespaces: {probe.stderr.strip()}")


def program(python):
    """The arguments that run APP."""
    path = os.path.join(python.directory, "app.py")
    with open(path, "w", encoding="utf-8") as file:
        file.write(APP)
    return [python.path, path]


def no_variables(python):
    """A function as the others return: how an argv is started there."""
    return lambda argv: ["env", "-i", f"PYTHONPATH={python.extensions}", *argv]


def apart(commands):
    """In a mount namespace of its own, where these commands were run."""
    return lambda argv: ["unshare", "--mount", "sh", "-ec",
                         f"{commands}\nexec {shlex.join(argv)}"]


def other_root(python, commands=()):
    """The directories that are needed, and no more, seen below another one, after these commands,
    which have {root} in them."""
    root = os.path.join(python.directory, "root")
    needed_here = ["/usr", e2e.BUILD, python.home, python.directory, python.extensions,
                   os.path.dirname(python.path)]
    lines = [f"mkdir -p {root}", f"mount -t tmpfs tmpfs {root}"]
    for path in ("/bin", "/lib", "/lib64"):
        if os.path.islink(path):
            lines.append(f"ln -s {os.readlink(path)} {root}{path}")
        elif os.path.isdir(path):
            needed_here.append(path)
    # Those that lie in others are there with them.
    places = sorted(set(map(os.path.realpath, needed_here)))
    places = [path for path in places
              if not any(path.startswith(other + "/") for other in places)]
    lines += [command.format(root=root) for command in commands]
    lines += [f"mkdir -p {root}{path} && mount --bind {path} {root}{path}" for path in places]
    return lambda argv: ["unshare", "--mount", "sh", "-ec",
                         "\n".join(lines) + f"\nexec chroot {root} {shlex.join(argv)}"]
