# SPDX-License-Identifier: MIT
"""What the comparison gave, for people and for programs."""

import json


class Row:
    """A suite under one way of using the tool."""

    def __init__(self, suite, way, natively=0, same=0, different=(), once=(), flaky=(), left_out=(),
                 units=0):
        self.suite, self.way, self.units = suite, way, units
        self.natively, self.same = natively, same
        self.different, self.once = list(different), list(once)
        self.flaky, self.left_out = list(flaky), list(left_out)

    def add(self, verdict):
        if verdict.broken:
            self.left_out.append(f"{verdict.unit}: {verdict.broken}")
            return
        self.units += 1
        self.natively += verdict.natively
        self.same += verdict.same[self.way]
        self.left_out += [f"{verdict.unit}: {test}: {reason}"
                          for test, way, reason in verdict.left_out if way == self.way]
        places = {"differs": self.different, "once": self.once, "flaky": self.flaky}
        for difference in verdict.differences:
            if difference.way == self.way:
                places[difference.kind].append(f"{verdict.unit}: {difference}")


def progress(verdict):
    if verdict.broken:
        print(f"   {verdict.unit}: {verdict.broken}", flush=True)
    for difference in verdict.differences:
        print(f"   {difference.kind}: {verdict.unit}: {difference}", flush=True)
    if not verdict.broken and not verdict.differences:
        print(f"   same: {verdict.unit}: {verdict.natively}", flush=True)


def show(rows):
    if not rows:
        return
    width = max(len(row.suite) for row in rows)
    print(f"\n{'suite':{width}}  with    units  natively    same  different  once  flaky  left out")
    for row in rows:
        print(f"{row.suite:{width}}  {row.way:6}  {row.units:5}  {row.natively:8}  {row.same:6}  "
              f"{len(row.different):9}  {len(row.once):4}  {len(row.flaky):5}  {len(row.left_out):8}")
    for word, of in (("different, each time or nearly", "different"),
                     ("different once, and not again", "once"), ("flaky natively, not counted", "flaky"),
                     ("left out", "left_out")):
        lines = [f"   {row.suite}, {row.way}: {line}" for row in rows for line in sorted(getattr(row, of))]
        if lines:
            print(f"\n{word}:", *lines, sep="\n")


def show_absent(reasons):
    """reasons: {suite: why it cannot be run here}"""
    if reasons:
        print("\nnot there:", *(f"   {suite}: {reason}" for suite, reason in reasons.items()), sep="\n")


def write(rows, path):
    with open(path, "w", encoding="utf-8") as file:
        json.dump([vars(row) for row in rows], file, indent=1)


def read(path, prefix):
    """Rows that another process wrote, their suites named from here."""
    with open(path, encoding="utf-8") as file:
        rows = [Row(**row) for row in json.load(file)]
    for row in rows:
        row.suite = f"{prefix}/{row.suite}"
    return rows


def status(rows):
    """Not 0, either, where a suite has nothing that could be compared."""
    return 1 if any(row.different or not row.units for row in rows) else 0
