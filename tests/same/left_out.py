# SPDX-License-Identifier: MIT
"""Reads the list of what is left out, tests/same/left_out: see there."""

import fnmatch
import os

LIST = os.path.join(os.path.dirname(os.path.abspath(__file__)), "left_out")


class LeftOut:
    def __init__(self, suite, path=LIST):
        self.entries = []
        with open(path, encoding="utf-8") as file:
            for number, line in enumerate(file, 1):
                line = line.strip()
                if not line or line.startswith("#"):
                    continue
                try:
                    what, reason = line.split(": ", 1)
                    suites, ways, unit, test = what.split()
                except ValueError:
                    raise ValueError(f"{path}:{number}: not SUITE WAY UNIT TEST: REASON") from None
                if any(fnmatch.fnmatchcase(suite, one) for one in suites.split(",")):
                    self.entries.append((ways, unit, test, reason))

    def unit(self, unit):
        """Why a unit is not run at all, or None."""
        return next((reason for ways, pattern, test, reason in self.entries
                     if (ways, test) == ("*", "-") and fnmatch.fnmatchcase(unit, pattern)), None)

    def test(self, unit, name, way):
        """Why a test may differ under the tool, or None."""
        return next((reason for ways, pattern, test, reason in self.entries if test != "-"
                     and fnmatch.fnmatchcase(way, ways) and fnmatch.fnmatchcase(unit, pattern)
                     and fnmatch.fnmatchcase(name, test)), None)
