# SPDX-License-Identifier: MIT
"""pythread-trace views: where the files are, and how they come to Trace Compass."""

import filecmp
import os
import shutil
import subprocess

import e2e
from e2e import check, equal, matches

PLUGIN = "org.eclipse.tracecompass.tmf.analysis.xml.core"
BELOW = os.path.join(".metadata", ".plugins", PLUGIN, "xml_files")
NAMES = ["pythread-keys.xml", "pythread-mutexes.xml", "pythread-waits.xml"]
# Arguments, and what the one line must name.
BAD_USAGE = ((("path", "x"), "x"), (("list", "x"), "x"), (("show",), "show"), (("--path",), "--path"),
             (("install", "--workspace"), "DIR"), (("install", "--workspace="), "DIR"),
             (("install", "--into=x"), "--into=x"), (("install", "a", "b"), "b"),
             (("install", "--workspace", "a", "b"), "b"))


def views(python, *arguments, env=None, before=()):
    return python.start([*before, e2e.COMMAND, "views", *arguments], env)


def fails(run, status, *named):
    equal((run.status, run.out), (status, ""), f"outcome of {run.argv}")
    equal(len(run.err.splitlines()), 1, f"lines: {run.err}")
    check(run.err.startswith("pythread-trace: "), run.err)
    for name in named:
        check(name in run.err, f"{name} is not named: {run.err}")


def installed(run, workspace, source):
    equal((run.status, run.err), (0, ""), f"result of {run.argv}")
    target = os.path.join(workspace, BELOW)
    equal(sorted(os.listdir(target)), NAMES, "installed")
    for name in NAMES:
        check(filecmp.cmp(os.path.join(source, name), os.path.join(target, name), shallow=False), name)
        equal(os.stat(os.path.join(target, name)).st_mode & 0o777, 0o644, f"mode of {name}")
        check(f"  {name}\n" in run.out, f"{name} is not told")
    check(target in run.out, "it is not told where")
    matches(r"Manage XML", run.out, "how to go on")


def new_workspace(python, name):
    path = os.path.join(python.directory, name)
    os.makedirs(os.path.join(path, ".metadata"))
    return path


def good(python, source):
    home = os.path.join(python.directory, "home")
    installed(views(python, "install", env={"HOME": home}), os.path.join(home, ".tracecompass"), source)
    one, other = (new_workspace(python, name) for name in ("my workspace", "other"))
    installed(views(python, "install", one), one, source)
    installed(views(python, "install", "--workspace", other), other, source)
    with open(os.path.join(one, BELOW, NAMES[0]), "w", encoding="utf-8") as file:
        file.write("an older one\n")
    installed(views(python, "install", f"--workspace={one}", env={"HOME": None}), one, source)


def bad(python):
    for arguments, named in BAD_USAGE:
        fails(views(python, *arguments), 2, named)
    for home in (None, ""):
        fails(views(python, "install", env={"HOME": home}), 125, "HOME", "install DIR")
    nowhere = os.path.join(python.directory, "nowhere")
    fails(views(python, "install", nowhere), 125, nowhere, "No such file")
    empty = os.path.join(python.directory, "empty")
    os.mkdir(empty)
    fails(views(python, "install", empty), 125, empty, ".metadata")
    check(not os.listdir(empty), "something was left in a folder that is no workspace")
    blocked = new_workspace(python, "blocked")
    with open(os.path.join(blocked, ".metadata", ".plugins"), "w", encoding="utf-8"):
        pass
    fails(views(python, "install", blocked), 125, blocked, "Not a directory")
    occupied = new_workspace(python, "occupied")
    os.makedirs(os.path.join(occupied, BELOW, NAMES[0], "folder"))
    fails(views(python, "install", occupied), 125, NAMES[0], "directory")
    equal(os.listdir(os.path.join(occupied, BELOW)), [NAMES[0]], "what is left there")


def full_disk(python):
    """A file that cannot be written to its end leaves the old one as it was."""
    workspace = new_workspace(python, "full")
    folder = os.path.join(workspace, BELOW)
    os.makedirs(folder)
    old = os.path.join(folder, NAMES[0])
    with open(old, "w", encoding="utf-8") as file:
        file.write("an older one\n")
    run = views(python, "install", workspace,
                before=("sh", "-c", 'trap "" XFSZ; ulimit -f 8; exec "$@"', "sh"))
    fails(run, 125, NAMES[0], "too large")
    with open(old, encoding="utf-8") as file:
        equal(file.read(), "an older one\n", "the old file")
    equal(os.listdir(folder), [NAMES[0]], "what is left there")
    mounted = os.path.join(python.directory, "mounted")
    os.mkdir(mounted)
    script = ('mount -t tmpfs -o size=16k,nr_inodes=99 tmpfs "$1" && mkdir "$1/.metadata" || exit 77; '
              '"$2" views install "$1"; status=$?; find "$1" -type f >&2; exit $status')
    if os.getuid() == 0 and shutil.which("unshare") and subprocess.run(
            ["unshare", "--mount", "true"], check=False, capture_output=True).returncode == 0:
        run = python.start(["unshare", "--mount", "sh", "-c", script, "sh", mounted, e2e.COMMAND])
        if run.status != 77:
            fails(run, 125, "No space left on device")


def unwritable(python):
    """As a user: root may write anywhere."""
    if os.getuid() != 0 or not shutil.which("setpriv"):
        return
    workspace = new_workspace(python, "unwritable")
    os.chmod(python.directory, 0o755)
    command = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
    probe = subprocess.run([*command, e2e.COMMAND, "--version"], check=False, capture_output=True)
    if probe.returncode == 0:
        fails(views(python, "install", workspace, before=command), 125, workspace, "Permission denied")


def test(python):
    run = views(python, "path")
    equal((run.status, run.err), (0, ""), "result of path")
    source = run.out.rstrip("\n")
    check(os.path.isabs(source) and set(NAMES) <= set(os.listdir(source)), f"path: {source}")
    equal(views(python).out, views(python, "list").out, "views without an argument")
    for option in ("--help", "-h"):
        run = views(python, option)
        equal((run.status, run.err), (0, ""), "result of --help")
        check("install" in run.out, run.out)
    good(python, source)
    bad(python)
    full_disk(python)
    unwritable(python)


e2e.main(test, once=True)
