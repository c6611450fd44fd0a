# SPDX-License-Identifier: MIT
"""make bench, make bench-check: all parts one after the other, and what became of their figures.

With --check it ends with 1 if a figure is over its threshold, or could not be measured, or a part did
not come to its end.
"""

import argparse
import collections
import os
import subprocess
import sys
import tempfile
import time

import figures
import judging

HERE = os.path.dirname(os.path.abspath(__file__))
PARTS = ("bench.py", "bench_events.py", "trace_read.py")
EXIT_SKIPPED = 77


def run(part, *arguments):
    """Whether it came to its end; one that cannot be run on this machine says why."""
    argv = [sys.executable, "-B", os.path.join(HERE, part), *arguments]
    status = subprocess.run(argv, check=False).returncode
    if status not in (0, EXIT_SKIPPED):
        print(f"{part} did not come to its end: status {status}", flush=True)
    return status in (0, EXIT_SKIPPED)


def summary(path):
    """Says how many figures have each verdict, and names those that are not ok, or that nothing here could
    be measured for. Whether there is none that is over or lacks."""
    names = collections.defaultdict(list)
    with open(path, encoding="utf-8") as file:
        for line in file:
            verdict, name = line.rstrip("\n").split("\t")
            names[verdict].append(name)
    print()
    for verdict in (judging.NOISE, judging.OVER):
        for name in names[verdict]:
            print(f"{verdict + ':':6} {name}")
    said = [name for each in names.values() for name in each]
    lacking = [label for _, _, label in figures.FIGURES.values()
               if not any(name.endswith(f": {label}") for name in said)]
    for label in lacking:
        print(f"not measured: {label}")
    print(", ".join(f"{len(names[verdict])} {verdict}"
                    for verdict in (judging.OK, judging.NOISE, judging.OVER)))
    return not names[judging.OVER] and not lacking


def main():
    parser = argparse.ArgumentParser(description="All that make bench measures.")
    parser.add_argument("--build", required=True, help="the build directory")
    parser.add_argument("--check", action="store_true",
                        help="end with 1 if a figure is over or lacks; compare with no other tools")
    arguments = parser.parse_args()
    load, processors = os.getloadavg()[0], os.cpu_count()
    if load > processors / 2:
        print(f"This machine does other things (load {load:.1f}, {processors} processors): what is "
              "measured by the clock will be too long.", flush=True)
    start = time.monotonic()
    with tempfile.NamedTemporaryFile() as verdicts:
        ended = [run(part, f"--build={arguments.build}", f"--verdicts={verdicts.name}")
                 for part in PARTS]
        if not arguments.check:
            ended.append(run("compare.py", f"--build={arguments.build}"))
        met = summary(verdicts.name)
    print(f"({time.monotonic() - start:.0f} s)")
    if arguments.check and not (met and all(ended)):
        sys.exit(1)


if __name__ == "__main__":
    main()
