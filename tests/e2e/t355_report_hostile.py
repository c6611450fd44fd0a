# SPDX-License-Identifier: MIT
"""Traces that are damaged, cut off, foreign, empty or made up: a report of what can be read, or one
line that says why nothing can; never a crash, never an endless wait."""

import os
import random
import resource
import shutil
import struct
import subprocess

import e2e
import lttng
import reading
from e2e import check, equal

APP = """
import tss_set_before_create, tss_key_growth
for turn in range(10):
    tss_set_before_create.run()
    tss_key_growth.run()
"""
MUTANTS = 60

# Where these are in a packet, in bytes.
INSTANCE, PACKET_SIZE = 24, 56


def mutate(random_, data, reach):
    """Damages some bytes, at a place before `reach`."""
    at = random_.randrange(reach)
    how = random_.choice(("flip", "flip", "flips", "cut", "ones", "zeroes", "insert"))
    if how == "cut":
        del data[at:]
    elif how == "ones":
        data[at:at + 8] = b"\xff" * 8
    elif how == "zeroes":
        data[at:at + 64] = bytes(64)
    elif how == "insert":
        data[at:at] = random_.randbytes(16)
    else:
        for _ in range(1 if how == "flip" else 8):
            data[random_.randrange(reach)] ^= 1 << random_.randrange(8)
    return f"{how} at {at}"


def survives(trace, what):
    """It ends, with a report or with one line."""
    done = reading.subprocess.run([reading.REPORT, trace], capture_output=True, text=True, timeout=60,
                                  errors="replace", env={**os.environ, "LC_ALL": "C.UTF-8"}, check=False)
    check(done.returncode in (0, 125), f"{what}: status {done.returncode}: {done.stderr}")
    if done.returncode:
        check(done.stderr.count("\n") == 1 and done.stderr.startswith("pythread-trace: "),
              f"{what}: {done.stderr!r}")
        equal(done.stdout, "", f"{what}: standard output")
    else:
        equal(done.stderr, "", f"{what}: standard error")


def mutants(trace, directory):
    random_ = random.Random(4)
    files = [os.path.relpath(os.path.join(folder, name), trace)
             for folder, _, names in os.walk(trace) for name in names]
    files = sorted(name for name in files if os.path.getsize(os.path.join(trace, name)))
    mutant = os.path.join(directory, "mutant")
    for number in range(MUTANTS):
        name = files[number % len(files)]
        shutil.copytree(trace, mutant)
        path = os.path.join(mutant, name)
        with open(path, "rb") as file:
            data = bytearray(file.read())
        # The first page has what matters: most of a packet is padding.
        what = mutate(random_, data, min(len(data), len(data) if "metadata" in name else 20000))
        with open(path, "wb") as file:
            file.write(data)
        survives(mutant, f"mutant {number}: {name}, {what}")
        shutil.rmtree(mutant)


def refusals(trace, directory):
    place = os.path.join(directory, "place")
    os.makedirs(place)
    check("No such file" in reading.refused(os.path.join(place, "none")), "one that is not there")
    check("no trace in it" in reading.refused(place), "an empty directory")
    metadata = os.path.join(place, "metadata")
    # babeltrace2 reads CTF 2 from its version 2.1 on, and then this is no good one.
    reader = subprocess.run(["babeltrace2", "--version"], capture_output=True, text=True, check=True).stdout
    ctf2 = "CTF 2" if reader.startswith("Babeltrace 2.0") else "cannot be read"
    for content, words in ((b"", "damaged or cut off"), (b"\x1e{\"type\":\"preamble\"}", ctf2),
                           (b"nonsense", "cannot be read"), (b"/* CTF 1.8 */\n", "cannot be read")):
        with open(metadata, "wb") as file:
            file.write(content)
        check(words in reading.refused(place), f"metadata {content!r}")
    check("not one" in reading.refused(metadata), "a file")
    os.unlink(metadata)
    os.mkfifo(metadata)
    check("no trace in it" in reading.refused(place), "a pipe that is called metadata")
    os.unlink(metadata)
    os.symlink("metadata", metadata)
    reading.refused(place)
    # One of two can be read.
    os.unlink(metadata)
    shutil.copytree(trace, os.path.join(place, "deep", "er"))
    with open(metadata, "wb") as file:
        file.write(b"nonsense")
    read = reading.Read(place)
    check(any("cannot be read" in line for line in read.warnings), f"warnings: {read.warnings}")
    check(read.processes, "the good one was not read")
    # Nothing is in one of two arguments.
    empty = os.path.join(directory, "empty")
    os.makedirs(empty)
    equal([line for line in reading.Read(trace, empty).warnings if line.startswith(f"{empty}: there is no trace")],
          reading.Read(trace, empty).warnings, "warnings of an empty directory")
    for option in ("--sysroot", "--debug-dir"):
        check(f"{option}={empty}.none: " in reading.refused(f"{option}={empty}.none", trace, status=2),
              f"{option} that is not there")


def cut_stream(trace, directory):
    """As a full disk leaves it: what is whole is read."""
    place = os.path.join(directory, "cut")
    shutil.copytree(trace, place)
    streams = [os.path.join(folder, name) for folder, _, names in os.walk(place) for name in names
               if name != "metadata" and not name.endswith(".idx")]
    largest = max(streams, key=os.path.getsize)
    with open(largest, "ab") as file:
        file.write(b"\xc1\x1f\xfc\xc1" + bytes(100))
    read = reading.Read(place)
    check(any("is damaged" in line for line in read.warnings), f"warnings: {read.warnings}")
    equal(read.trace["events"], reading.Read(trace).trace["events"], "events")
    check(not [name for name in os.listdir(directory) if name.startswith("pythread-trace-report")],
          "something was left behind")
    for parent in ("/nonexistent", ""):
        equal(reading.Read(place, env={"TMPDIR": parent}).trace["events"], read.trace["events"],
              f"events with TMPDIR={parent}")


def short_stream(trace, directory):
    """Whole packets are gone, or whole files, and the index knows."""
    def warned(place):
        return [line for line in reading.Read(place).warnings if "is cut off: it had" in line]

    equal(warned(trace), [], "warnings of a whole trace")
    for number, damage in enumerate((lambda path: os.truncate(path, 0), os.unlink)):
        place = os.path.join(directory, f"short{number}")
        shutil.copytree(trace, place)
        streams = [os.path.join(folder, name) for folder, _, names in os.walk(place) for name in names
                   if name != "metadata" and not name.endswith(".idx")]
        largest = max(streams, key=os.path.getsize)
        size = os.path.getsize(largest)
        damage(largest)
        check(f"{largest} is cut off: it had {size} bytes, and has 0" in e2e.one(warned(place), "warnings"),
              f"warnings of {place}: {reading.Read(place).warnings}")


def multiply(trace, place, count, size):
    """A trace of that many streams, each the first one's first packet, and files that large."""
    streams = [os.path.join(folder, name) for folder, _, names in os.walk(trace) for name in names
               if name.startswith("channel") and not name.endswith(".idx")]
    largest = max(streams, key=os.path.getsize)
    os.mkdir(place)
    shutil.copy(os.path.join(os.path.dirname(largest), "metadata"), place)
    with open(largest, "rb") as file:
        packet = bytearray(file.read())
    length = struct.unpack_from("<Q", packet, PACKET_SIZE)[0] // 8
    for number in range(count):
        struct.pack_into("<Q", packet, INSTANCE, number)
        struct.pack_into("<Q", packet, PACKET_SIZE, 8 * max(size, length))
        with open(os.path.join(place, f"stream_{number}"), "wb") as file:
            file.write(packet[:length])
            file.truncate(max(size, length))
    return place


def many_streams(trace, directory):
    """Of many machines with many processors: more than files may be open at first, or more than
    may be in memory, where most of them are mapped."""
    few = reading.Read(multiply(trace, os.path.join(directory, "few"), 2, 0))
    for name, count, size, limit in (("open", 150, 0, 100), ("large", 420, 8 << 20, 1024)):
        place = multiply(trace, os.path.join(directory, name), count, size)
        before = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (limit, before[1]))
        try:
            read = reading.Read(place)
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, before)
        equal((read.warnings, read.trace["events"]), (few.warnings, few.trace["events"] * count // 2),
              f"streams: {name}")
        shutil.rmtree(place)


def children_ignored(trace):
    """Whoever started it ignores SIGCHLD."""
    for where, status in ((trace, 0), ("/nonexistent", 125)):
        done = subprocess.run([*e2e.CHILDREN_IGNORED, reading.REPORT, where], capture_output=True,
                              timeout=60, check=False)
        equal(done.returncode, status, f"status of report {where} where SIGCHLD is ignored")


def test(python):
    with lttng.Daemon(python.directory) as daemon:
        _, trace = reading.record(python, daemon, APP)
    os.environ["TMPDIR"] = python.directory
    cut_stream(trace, python.directory)
    short_stream(trace, python.directory)
    refusals(trace, python.directory)
    many_streams(trace, python.directory)
    children_ignored(trace)
    mutants(trace, python.directory)


lttng.main(test, once=True)
