# SPDX-License-Identifier: MIT
"""Mutates the traces of tests/trace and has the program `report` read them, babeltrace2 and all.

A script, not a target of libFuzzer: babeltrace2 itself may break down on a damaged trace, which
`report` outlives as it reads in processes of its own. It must end in time, with a report or with
one line; where it is built with sanitizers, none of them may find anything in its own code.

Traces that have broken something once are read first: the archives in trace_files. With no seconds to
fill they are all that is read, which is a test.
"""

import argparse
import glob
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
TRACES = os.path.join(HERE, "..", "trace")
FOUND = os.path.join(HERE, "trace_files")
PATIENCE = 120  # seconds; it is built with sanitizers, on a busy machine
PAGE = 4096


def mutate(chance, data):
    """Damages some bytes, mostly near the beginning of a packet: most of its end is padding."""
    at = chance.randrange(len(data)) if chance.random() < 0.3 else \
        min(chance.randrange(len(data)) // PAGE * PAGE + chance.randrange(600), len(data) - 1)
    how = chance.choice(("flip", "flip", "flips", "set", "ones", "zeroes", "cut", "insert", "erase", "copy"))
    if how == "flip":
        data[at] ^= 1 << chance.randrange(8)
    elif how == "flips":
        for _ in range(8):
            data[min(at + chance.randrange(64), len(data) - 1)] ^= 1 << chance.randrange(8)
    elif how == "set":
        data[at] = chance.randrange(256)
    elif how == "ones":
        data[at:at + 8] = b"\xff" * 8
    elif how == "zeroes":
        data[at:at + 16] = bytes(16)
    elif how == "cut":
        del data[at:]
    elif how == "insert":
        data[at:at] = chance.randbytes(1 + chance.randrange(16))
    elif how == "erase":
        del data[at:at + 1 + chance.randrange(16)]
    else:
        start = chance.randrange(len(data))
        data[at:at] = data[start:start + 64]


def damage(chance, trace):
    names = sorted(os.listdir(trace))
    for _ in range(chance.choice((1, 1, 2, 4))):
        path = os.path.join(trace, chance.choice(names))
        with open(path, "rb") as file:
            data = bytearray(file.read())
        if data:
            mutate(chance, data)
        with open(path, "wb") as file:
            file.write(data)


def is_own(frames):
    """Whether the newest frame that is the project's or babeltrace2's is the project's: what they call in
    other libraries goes wrong for them."""
    return next(("/src/" in frame for frame in frames
                 if "/src/" in frame or re.search(r"\bbabeltrace|libbabeltrace2", frame)), False)


def own_faults(logs):
    """What sanitizers have found in the project's code, not in babeltrace2's."""
    for log in glob.glob(logs + "*"):
        with open(log, errors="replace") as file:
            text = file.read()
        os.unlink(log)
        if "runtime error" in text or is_own(re.findall(r"^ *#\d+ 0x\w+ (?:in )?(.*)$", text, re.M)):
            yield text


def is_sanitized(program):
    with open(program, "rb") as file:
        return b"__asan_init" in file.read()


def judge(report, trace, json_wanted, logs):
    """None, or what went wrong."""
    # A sanitizer needs the address space that `report` else limits: babeltrace2 believes any length.
    options = f"log_path={logs}:abort_on_error=0:detect_leaks=0:max_allocation_size_mb=256:allocator_may_return_null=1"
    try:
        done = subprocess.run([report, *(["--format=json"] if json_wanted else ["--all"]), trace],
                              capture_output=True, timeout=PATIENCE, check=False,
                              env={**os.environ, "LC_ALL": "C.UTF-8", "ASAN_OPTIONS": options, "UBSAN_OPTIONS": options})
    except subprocess.TimeoutExpired:
        return f"it took more than {PATIENCE} s"
    for fault in own_faults(logs):
        return fault
    if done.returncode and is_sanitized(report):
        return None  # a sanitizer ends it where babeltrace2 breaks down, and its reasons are not hushed up
    if done.returncode not in (0, 125):
        return f"status {done.returncode}: {done.stderr[-2000:]}"
    if done.returncode == 125 and done.stderr.count(b"\n") != 1:
        return f"not one line: {done.stderr!r}"
    if done.returncode == 0 and json_wanted:
        try:
            json.loads(done.stdout)
        except ValueError as error:
            return f"not JSON: {error}"
    if done.returncode == 0 and not json_wanted and re.search(rb"[\x00-\x09\x0b-\x1f\x7f]", done.stdout):
        return "control characters in the text"
    return None


def same_for_all(member):
    member.uid = member.gid = member.mtime = 0
    member.uname = member.gname = ""
    member.mode = 0o755 if member.isdir() else 0o644
    return member


def keep(trace, path):
    """Small, as most of a packet is padding."""
    with tarfile.open(path, "w:xz") as archive:
        archive.add(trace, "trace", filter=same_for_all)


def replay(report):
    """How many of those that were found break something again."""
    broke = 0
    for path in sorted(glob.glob(os.path.join(FOUND, "*.tar.xz"))):
        for json_wanted in (False, True):
            with tempfile.TemporaryDirectory() as directory:
                with tarfile.open(path) as archive:
                    archive.extractall(directory)
                wrong = judge(report, os.path.join(directory, "trace"), json_wanted, os.path.join(directory, "sanitizer"))
            if wrong:
                broke += 1
                print(f"broke down again: {os.path.basename(path)}: {wrong}")
    return broke


def try_mutant(report, seed, run, trace, kept):
    """Whether it broke something."""
    chance = random.Random(seed * 1000000 + run)
    with tempfile.TemporaryDirectory() as directory:
        mutant = os.path.join(directory, "trace")
        shutil.copytree(trace, mutant)
        damage(chance, mutant)
        wrong = judge(report, mutant, run % 2 == 1, os.path.join(directory, "sanitizer"))
        if wrong:
            path = os.path.join(kept, f"trace-{seed}-{run}.tar.xz")
            keep(mutant, path)
            print(f"broke down: {path}: {wrong}")
    return wrong is not None


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=0, help="to mutate traces (default: none)")
    parser.add_argument("--found", default=".", help="where a trace is left that breaks it")
    parser.add_argument("report", nargs="?", default=os.environ.get("PT_REPORT"))
    arguments = parser.parse_args()
    seed = int(os.environ.get("PYTHREAD_TRACE_SEED", time.time()))
    broke, runs, begin = replay(arguments.report), 0, time.monotonic()
    if arguments.seconds:
        print(f"PYTHREAD_TRACE_SEED={seed}")
    traces = [os.path.dirname(path) for path in sorted(glob.glob(os.path.join(TRACES, "*", "metadata")))]
    while time.monotonic() - begin < arguments.seconds:
        broke += try_mutant(arguments.report, seed, runs, traces[runs % len(traces)], arguments.found)
        runs += 1
    elapsed = time.monotonic() - begin
    print(f"stat::number_of_executed_units: {runs}\nstat::average_exec_per_sec: {runs / max(elapsed, 0.1):.1f}\n"
          f"stat::new_units_added: 0")
    sys.exit(1 if broke else 0)


main()
