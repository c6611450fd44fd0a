# SPDX-License-Identifier: MIT
"""Names of addresses on another machine: libraries below --sysroot, stripped ones with debug files
found by build id, and none from a file that is another one than was traced."""

import os
import shutil
import subprocess

import e2e
import lttng
import reading
from e2e import check, equal, one

APP = """
import sys
sys.path.insert(0, {place!r})
import tss_set_before_create as ext
ext.run()
"""
NAME = "tss_set_before_create"


def tool(*argv):
    subprocess.run(argv, check=True)


def build_id(path):
    notes = subprocess.run(["readelf", "-n", path], capture_output=True, text=True, check=True).stdout
    return e2e.matches(r"Build ID: ([0-9a-f]+)", notes, "build id").group(1)


class Elsewhere:
    """The trace of a program whose extension has gone."""

    def __init__(self, python, daemon):
        self.place = os.path.join(python.directory, "place")
        os.makedirs(self.place)
        self.library = os.path.join(self.place, python.extension(NAME))
        original = os.path.join(python.extensions, python.extension(NAME))
        shutil.copy(original, self.library)
        if subprocess.run(["readelf", "-n", original], capture_output=True, text=True,
                          check=True).stdout.find("Build ID") < 0:
            # The compiler leaves it out here.
            e2e.skip("extensions have no build id")
        run, self.trace = reading.record(python, daemon, APP.format(place=self.place))
        self.pid = run.pid
        self.wanted = reading.frames(self.here(run.report))[0][0]
        self.kept = os.path.join(python.directory, "kept.so")
        shutil.move(self.library, self.kept)

    @staticmethod
    def here(report):
        found = one(report.find("tss-set-before-create"), "findings")
        return one([stack for stack in found["stacks"] if stack["role"] == "here"], "stacks")

    def newest(self, *arguments):
        read = reading.Read(*arguments, self.trace)
        frame = reading.frames(self.here(read.process(self.pid)))[0][0]
        return frame, [line for line in read.warnings if self.library in line]


def test(python):
    with lttng.Daemon(python.directory) as daemon:
        elsewhere = Elsewhere(python, daemon)
    nothing = (None, None, None)
    check(elsewhere.wanted[1:] != nothing[1:], "the run's own report has no line")

    frame, warnings = elsewhere.newest()
    equal(frame, nothing, "frame of a library that is nowhere")
    check(warnings and "is not here" in warnings[0], f"warnings: {warnings}")

    sysroot = os.path.join(python.directory, "sysroot")
    moved = sysroot + elsewhere.library
    os.makedirs(os.path.dirname(moved))
    shutil.copy(elsewhere.kept, moved)
    equal(elsewhere.newest("--sysroot", sysroot), (elsewhere.wanted, []), "with --sysroot")

    debug = os.path.join(python.directory, "debug")
    identity = build_id(elsewhere.kept)
    separate = os.path.join(debug, ".build-id", identity[:2], identity[2:] + ".debug")
    os.makedirs(os.path.dirname(separate))
    tool("objcopy", "--only-keep-debug", elsewhere.kept, separate)
    tool("strip", moved)
    frame, _ = elsewhere.newest("--sysroot", sysroot)
    equal(frame[1:], nothing[1:], "line of a stripped library without its debug file")
    for extra in ([debug], [os.path.join(debug, ".build-id")], [python.directory, debug]):
        options = [f"--debug-dir={directory}" for directory in extra]
        equal(elsewhere.newest("--sysroot", sysroot, *options), (elsewhere.wanted, []),
              f"with {options}")
        equal(elsewhere.newest(*options), (elsewhere.wanted, []), f"with nothing but {options}")

    # As if it had been built anew since.
    shutil.copy(os.path.join(python.extensions, python.extension("tss_copied")), elsewhere.library)
    frame, warnings = elsewhere.newest()
    equal(frame, nothing, "frame of a library that is another one")
    check(warnings and "differs" in warnings[0], f"warnings: {warnings}")
    check("differs" in reading.report(elsewhere.trace).stdout, "the text does not say so")


lttng.main(test, choose=e2e.one_of_each_build)
