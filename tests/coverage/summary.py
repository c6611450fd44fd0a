# SPDX-License-Identifier: MIT
"""What a coverage build has counted: a table by folder, and what nothing reached.

    summary.py --build DIRECTORY --goal PERCENT FOLDER...

Reads what gcc's own gcov says of all object files of src/ in the build. For each FOLDER the unreached
lines are listed, and lines from which some way was never taken, by function; with the reason for those
functions that the file "unreached" names. Functions that nothing entered, and have no reason there, are
told at once. Ends with 1 where a FOLDER is below the goal.
"""

import argparse
import collections
import json
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.path.dirname(os.path.dirname(HERE))
NO_NAME = "(unnamed)"  # what gcov calls by no name: all of a file of which nothing ran


class File:
    """One source file, as all objects that have code of it say together."""

    def __init__(self):
        self.lines = collections.Counter()
        self.branches = collections.Counter()
        self.functions = {}

    def add(self, line):
        # Processes that are forked or end while others count can leave a difference below zero.
        number, ran = line["line_number"], line["count"] != 0
        self.lines[number] |= ran
        self.functions[number] = line.get("function_name", NO_NAME)
        for index, branch in enumerate(line["branches"]):
            if not branch["throw"]:
                self.branches[number, index] |= branch["count"] != 0

    def ways(self):
        """(taken, all) of each line that ran and from which there are several ways."""
        ways = collections.defaultdict(list)
        for (number, _), taken in self.branches.items():
            if self.lines[number]:
                ways[number].append(bool(taken))
        return {number: (sum(taken), len(taken)) for number, taken in ways.items()}

    def missing(self):
        """By line what is missing of it: {number: text}."""
        found = {number: "not reached" for number, ran in self.lines.items() if not ran}
        for number, (taken, all_ways) in self.ways().items():
            if taken < all_ways:
                found[number] = f"{taken} of {all_ways} ways"
        return dict(sorted(found.items()))

    def never_entered(self):
        """Functions none of whose lines ran."""
        ran = collections.Counter()
        for number, function in self.functions.items():
            ran[function] |= self.lines[number]
        return sorted(function for function, any_line in ran.items() if not any_line)


def objects(build):
    return sorted(os.path.join(place, name)
                  for place, _, names in os.walk(os.path.join(build, "src"))
                  for name in names if name.endswith(".gcno"))


def read(build):
    """Files by their path in the source tree."""
    files = collections.defaultdict(File)
    gcov = subprocess.run(["gcov", "--json-format", "--stdout", "--branch-probabilities",
                           *objects(build)], capture_output=True, text=True, check=False, cwd=build)
    if gcov.returncode:
        sys.exit(f"gcov cannot read what was counted:\n{gcov.stderr}")
    for answer in filter(str.strip, gcov.stdout.splitlines()):
        answer = json.loads(answer)
        for entry in answer["files"]:
            path = os.path.join(answer["current_working_directory"], entry["file"])
            path = os.path.relpath(os.path.realpath(path), os.path.realpath(SOURCE))
            if path.startswith("src" + os.sep):
                for line in entry["lines"]:
                    files[path].add(line)
    return files


def share(counts):
    return 100 * sum(counts) / len(counts) if counts else 100


class Folder:
    def __init__(self, name, files):
        self.name = name
        self.files = {path: file for path, file in sorted(files.items())
                      if os.path.dirname(path) == os.path.join("src", name)}
        self.lines = [ran for file in self.files.values() for ran in file.lines.values()]
        self.branches = [ran for file in self.files.values() for ran in file.branches.values()]

    def row(self):
        return (f"{self.name:<12}{sum(self.lines):6} of {len(self.lines):<6}{share(self.lines):6.1f} %"
                f"{sum(self.branches):8} of {len(self.branches):<6}{share(self.branches):6.1f} %")


def read_reasons(path):
    """Reasons by file and function. "file function: reason", one a line."""
    reasons = {}
    with open(path, encoding="utf-8") as file:
        for line in file:
            if line.strip() and not line.startswith("#"):
                place, reason = line.rstrip("\n").split(": ", 1)
                reasons[tuple(place.split())] = reason
    return reasons


def tell_missing(folder, reasons, out):
    """Returns the places, file and function, that are told."""
    told = set()
    for path, file in folder.files.items():
        with open(os.path.join(SOURCE, path), encoding="utf-8") as source:
            text = source.read().splitlines()
        for number, what in file.missing().items():
            place = (path, file.functions[number])
            if place not in told:
                told.add(place)
                print(f"{path} {place[1]}: {reasons.get(place, 'no reason is given')}", file=out)
            print(f"  {path}:{number}: {what}: {text[number - 1].strip()}", file=out)
    return told


def tell_never_entered(folders, reasons):
    places = [(path, function) for folder in folders for path, file in folder.files.items()
              for function in file.never_entered()]
    unexplained = [place for place in places if place not in reasons]
    print(f"functions that nothing entered: {len(places)}, {len(unexplained)} of them without a reason in "
          "tests/coverage/unreached")
    for path, function in unexplained:
        print(f"  {path} {function}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", required=True)
    parser.add_argument("--goal", type=float, required=True)
    parser.add_argument("--unreached", required=True)
    parser.add_argument("folders", nargs="+")
    given = parser.parse_args()
    files = read(os.path.abspath(given.build))
    reasons = read_reasons(os.path.join(HERE, "unreached"))
    names = sorted({path.split(os.sep)[1] for path in files})
    folders = [Folder(name, files) for name in names]
    print(f"{'src/':<12}{'lines run':>15}{'':10}{'branches taken':>18}")
    for folder in folders:
        print(folder.row())
    judged = [folder for folder in folders if folder.name in given.folders]
    with open(given.unreached, "w", encoding="utf-8") as out:
        told = set().union(*(tell_missing(folder, reasons, out) for folder in judged))
    for path, function in sorted(set(reasons) - told):
        print(f"all of {path} {function} is reached: tests/coverage/unreached need not explain it")
    tell_never_entered(judged, reasons)
    print(f"unreached lines, and ways not taken, of {', '.join(given.folders)}: {given.unreached}")
    missed = [folder.name for folder in judged if share(folder.lines) < given.goal]
    if missed or len(judged) != len(given.folders):
        print(f"below {given.goal:g} % of lines: {', '.join(missed) or 'a folder without any'}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
