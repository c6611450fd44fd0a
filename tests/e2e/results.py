# SPDX-License-Identifier: MIT
"""What tests said, as a table: suite x interpreter, and why some were skipped or failed.

    results.py gather BUILD NEWER                  the results of the tests that ran after the file
                                                   NEWER was touched, as JSON
    results.py table ROW=FILE...                   a table of several such, one a row of the matrix

A test with interpreters prints a line for each, "PASS: 3.13.5 /path: reason" (see e2e.py); of any
other test only automake's verdict counts.
"""

import collections
import json
import os
import re
import sys

import interpreters

# The end-to-end tests by the first digit of their number.
GROUPS = {"0": "running", "1": "keys", "2": "mutexes", "3": "traces", "4": "faults"}
NOBODY = "-"  # in place of an interpreter

_LINE = re.compile(r"(PASS|FAIL|SKIP): ((?:embedded )?\d+\.\d+\.\d+t?d? /[^:]*)(?:: (.*))?$")
_CMOCKA = re.compile(r"\[  FAILED  \] (\w+)$")
_ABSENT = re.compile(r"SKIP: (Python 3\.\d+|free-threaded Python): none found")


def _suite(build, path):
    folder, name = os.path.split(os.path.relpath(path, os.path.join(build, "tests")))
    group = re.match(r"t(\d)\d\d_", name)
    return GROUPS.get(group[1], f"t{group[1]}xx") if group else folder


def _verdict(trs):
    with open(trs, encoding="utf-8", errors="replace") as file:
        match = re.search(r"^:global-test-result: (\w+)", file.read(), re.MULTILINE)
    return {"XFAIL": "PASS", "PASS": "PASS", "SKIP": "SKIP"}.get(match[1] if match else "", "FAIL")


def _of_test(trs):
    """(interpreter, word, reason) of one test."""
    with open(trs[:-len(".trs")] + ".log", encoding="utf-8", errors="replace") as file:
        lines = file.read().splitlines()
    found = [match.groups(default="") for line in lines if (match := _LINE.match(line))]
    said = [(name, word, reason) for word, name, reason in found]
    verdict = _verdict(trs)
    words = {word for _, word, _ in said}
    if not said or verdict == "FAIL" and "FAIL" not in words:
        reasons = [line[len("SKIP: "):] for line in lines if line.startswith(("SKIP: ", "FAIL: "))
                   and not _ABSENT.match(line)]
        reasons += list(dict.fromkeys(match[1] for line in lines if (match := _CMOCKA.match(line))))
        said.append((NOBODY, verdict, ", ".join(reasons) if verdict != "PASS" else ""))
    return said


def gather(build, newer):
    """All results since then, and the interpreters that could have been asked."""
    since = os.stat(newer).st_mtime_ns
    results = []
    for folder, _, names in sorted(os.walk(os.path.join(build, "tests"))):
        for name in sorted(names):
            path = os.path.join(folder, name)
            if name.endswith(".trs") and os.stat(path).st_mtime_ns >= since:
                results += [{"suite": _suite(build, path), "test": name[:-len(".trs")],
                             "python": python, "word": word, "reason": reason}
                            for python, word, reason in _of_test(path)]
    found, missing = interpreters.find(build)
    return {"results": results, "missing": missing,
            "pythons": [{"name": python["name"], "shared": python["shared"]} for python in found]}


def _label(name, pythons):
    """As short as tells it from the others of its row."""
    if name == NOBODY:
        return "(none)"
    version, path = re.match(r"(.*?) (/.*)", name).groups()
    shared = {python["name"]: python["shared"] for python in pythons}
    kind = " shared" if shared.get(name) and not version.startswith("embedded") else ""
    alike = [python["name"] for python in pythons if python["name"].startswith(version + " ")]
    return version + kind + (f" {path}" if len(alike) > 1 else "")


def _cell(words):
    return "/".join(str(words[word]) for word in ("PASS", "FAIL", "SKIP")) if words else ""


def _print_columns(lines):
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    for line in lines:
        print("  ".join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip())


def _several(names, most=6):
    names = list(dict.fromkeys(names))
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")


def _print_reasons(word, title, rows):
    """Each reason once, with whom it concerns."""
    tests, where = collections.defaultdict(list), collections.defaultdict(list)
    for row, gathered in rows.items():
        for result in gathered["results"]:
            if result["word"] == word:
                reason = result["reason"] or "says no reason"
                tests[reason].append(result["test"])
                label = _label(result["python"], gathered["pythons"])
                where[reason].append(row + (f" {label}" if result["python"] != NOBODY else ""))
    if tests:
        print(f"\n{title}:")
    for reason in tests:
        print(f"  {_several(tests[reason])}: {reason}\n      [{_several(where[reason])}]")


def table(rows):
    """rows: what gather found, by the name of the row. Returns whether nothing failed, and each row had
    tests that ran."""
    counts = collections.defaultdict(collections.Counter)
    suites, lines = [], []
    for row, gathered in rows.items():
        for result in gathered["results"]:
            counts[row, result["python"], result["suite"]][result["word"]] += 1
            if result["suite"] not in suites:
                suites.append(result["suite"])
    for row, gathered in rows.items():
        for name in dict.fromkeys(result["python"] for result in gathered["results"]):
            lines.append([row, _label(name, gathered["pythons"]),
                          *(_cell(counts.get((row, name, suite))) for suite in suites)])
    print("passed/failed/skipped:")
    _print_columns([["row", "interpreter", *suites], *lines])
    _print_reasons("FAIL", "failed", rows)
    _print_reasons("SKIP", "skipped", rows)
    idle = [row for row, gathered in rows.items()
            if all(result["word"] == "SKIP" for result in gathered["results"])]
    if idle:
        print(f"\nno test has run: {', '.join(idle)}")
    total = sum(counts.values(), collections.Counter())
    print("\n%d passed, %d failed, %d skipped" % (total["PASS"], total["FAIL"], total["SKIP"]))
    return not total["FAIL"] and not idle


def print_absent(rows):
    """What no row has. Of a release that is not on one machine but on another nobody need hear."""
    absent = set.intersection(*({sentence for sentence in gathered["missing"]
                                 if "none found" in sentence} for gathered in rows.values()))
    useless = [f"{row}: {sentence}" for row, gathered in rows.items()
               for sentence in gathered["missing"] if "none found" not in sentence]
    if absent or useless:
        print("\nno interpreter:")
    for sentence in sorted(absent) + useless:
        print(f"  {sentence}")


def main():
    if sys.argv[1:2] == ["gather"] and len(sys.argv) == 4:
        json.dump(gather(*sys.argv[2:]), sys.stdout)
        return 0
    if sys.argv[1:2] != ["table"]:
        sys.exit(__doc__)
    rows = {}
    for argument in sys.argv[2:]:
        name, path = argument.split("=", 1)
        with open(path, encoding="utf-8") as file:
            rows[name] = json.load(file)
    good = table(rows)
    print_absent(rows)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
