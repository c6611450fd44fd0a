# SPDX-License-Identifier: MIT
"""record: where the trace goes, and directories and programs that are no good."""

import os
import shlex
import subprocess

import e2e
import lttng
import recording
from e2e import check, equal, matches

BUSY = """import calls_lazy, time
end = time.monotonic() + 4
while time.monotonic() < end:
    for turn in range(20):
        calls_lazy.run()
    time.sleep(0.01)
print("program done")
"""
SMALL = 3 << 20


def refused(python, place, *what, options=None):
    run = recording.run(python, ["/bin/true"], *(options or ["--trace", place]))
    equal((run.status, len(run.err.splitlines())), (125, 1), f"result for {place}: {run.err}")
    for text in what:
        check(text in run.err, f"{text!r} is not in {run.err!r}")
    equal(os.listdir(run.directory), [], "left in the directory")
    recording.no_daemons()


def bad_places(python):
    full = os.path.join(python.directory, "full")
    os.mkdir(full)
    with open(os.path.join(full, "file"), "w", encoding="utf-8"):
        pass
    refused(python, full, full, "it is not empty")
    equal(os.listdir(full), ["file"], "what was there")
    refused(python, os.path.join(full, "file"), "it is a file")
    refused(python, "/nonexistent/place", "/nonexistent/place", "No such file")
    refused(python, "/proc/place", "/proc/place")
    if os.getuid() == 0:
        mount = os.path.join(python.directory, "mount")
        os.mkdir(mount)
        subprocess.run(["mount", "-t", "tmpfs", "-o", "ro", "tmpfs", mount], check=True)
        refused(python, os.path.join(mount, "it"), "Read-only file system")
        refused(python, mount, "Read-only file system")
        subprocess.run(["umount", mount], check=True)
    refused(python, "relay", "no lttng-relayd answers at 127.0.0.1 port 1: Connection refused",
            options=["--url=net://127.0.0.1:1"])


def no_directory(python):
    """The current one is gone."""
    before = ["/bin/sh", "-c", 'mkdir gone && cd gone && rmdir ../gone && exec "$@"', "sh"]
    run = recording.run(python, ["/bin/true"], before=before)
    equal((run.status, len(run.err.splitlines())), (125, 1), f"result: {run.err}")
    matches(r"No such file or directory; --trace DIR names another place$", run.err, "what to do")
    place = os.path.join(run.directory, "it")
    run = recording.run(python, recording.script(python, recording.PLAIN), "--trace", place, before=before)
    equal((run.status, recording.Said(run.err).place), (0, place), f"with --trace: {run.err}")
    recording.no_daemons()


def bad_programs(python):
    broken = os.path.join(python.directory, "broken")
    with open(broken, "wb") as file:
        file.write(b"\x7fELF")
    os.chmod(broken, 0o755)
    for program, status in ((broken, 126), ("/nonexistent", 127), ("/", 126)):
        run = recording.run(python, [program])
        equal((run.status, len(run.err.splitlines())), (status, 1), f"{program}: {run.err}")
        equal(os.listdir(run.directory), [], f"left in the directory for {program}")
        recording.no_daemons()
    script = os.path.join(python.directory, "script")
    with open(script, "w", encoding="utf-8") as file:
        file.write("exit 0\n")
    os.chmod(script, 0o755)
    for options in ([], ["--live"]):
        place = os.path.join(python.directory, "empty")
        os.mkdir(place)
        run = recording.run(python, [script], "--trace", place, *options)
        equal(run.status, 126, f"status for {script}: {run.err}")
        equal(os.listdir(place), [], f"left in a directory that was empty, {options}")
        os.rmdir(place)
        recording.no_daemons()


def good_places(python):
    program = recording.script(python, recording.PLAIN)
    place = os.path.join(python.directory, "it")
    os.mkdir(place)
    run = recording.run(python, program, f"--url=file://{place}")
    equal((run.status, recording.Said(run.err).place), (0, place), "an empty directory, as URL")
    check(recording.trace_of(run).named("tss_create"), "keys are in the trace")
    run = recording.run(python, program, "--trace", "with space")
    equal(recording.Said(run.err.replace(" space", "-space")).place,
          os.path.join(run.directory, "with-space"), "a name with a space in it")
    matches(r"none lost; next", run.err, "last line")
    for name in ("two  spaces", "it's", "x" * 250 + "/" + "y" * 250):
        place = os.path.join(run.directory, name)
        os.makedirs(os.path.dirname(place), exist_ok=True)
        said = recording.run(python, program, "--trace", place).err
        what = said.rpartition("next, type: ")[2]
        equal(shlex.split(what), ["pythread-trace", "report", os.path.realpath(place)], f"what to type: {said}")


def full_disk(python):
    if os.getuid() != 0:
        python.lacks("a full disk: only root can make one")
        return
    mount = os.path.join(python.directory, "disk")
    os.mkdir(mount)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SMALL}", "tmpfs", mount], check=True)
    try:
        run = recording.run(python, recording.script(python, BUSY), "--trace", mount)
        equal((run.status, run.out), (0, "program done\n"), "the program's own result")
        said = recording.Said(run.err)
        check("the disk is full, and what came after that is lost" in said.rest, said.line)
        trace = lttng.read(said.place)
        check(trace.named("tss_create"), "what there was room for can be read")
        equal(said.count, len(trace), said.line)
        recording.no_daemons()
    finally:
        subprocess.run(["umount", mount], check=True)


def small_memory(python):
    """Less room for buffers than they have by default, as in a container; then none."""
    if os.getuid() != 0:
        python.lacks("little room for buffers: only root can make it")
        return
    program = recording.script(python, recording.PLAIN)
    for room, fits in (("2m", True), ("64k", False)):
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={room}", "tmpfs", "/dev/shm"], check=True)
        try:
            run = recording.run(python, program)
            if not fits:
                equal(run.status, 125, "status without room")
                check("nothing can be recorded: LTTng needs" in run.err, run.err)
                equal(os.listdir(run.directory), [], "left in the directory")
            elif os.cpu_count() <= 8:
                equal(run.status, 0, "the program's own status")
                check(recording.trace_of(run).named("tss_create"), "keys are in the trace")
            recording.no_daemons()
        finally:
            subprocess.run(["umount", "/dev/shm"], check=True)


def test(python):
    bad_places(python)
    no_directory(python)
    bad_programs(python)
    good_places(python)
    full_disk(python)
    small_memory(python)


lttng.main(test, once=True)
