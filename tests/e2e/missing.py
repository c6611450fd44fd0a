# SPDX-License-Identifier: MIT
"""What a process's report tells, as tables by name, and what it says is missing. A line excuses the
table that it is about, and no other. A number of records that were dropped, or a function that is
not hooked, excuses each, as it may be behind all that is missing."""

import json
import re

import e2e
from e2e import check

# On standard error: there is no report, or an earlier one.
UNWRITTEN = re.compile(r"^pythread-trace: (?:cannot write the report to |no memory is left to write the report|"
                       r"no JSON can be written: )", re.MULTILINE)
DROPPED = re.compile(r"; ([1-9]\d*) dropped for lack of memory or time$", re.MULTILINE)
CUT_SHORT = "no memory is left to tell more"

# Keys are told to come from one place by their stacks.
BY_STACK = {"tss-key-growth", "tss-key-live"}

# Notes, which text only counts.
NOTES = {"tss-key-live"}


class Json:
    def __init__(self, text):
        try:
            self.report = json.loads(text)
        except ValueError as error:
            raise AssertionError(f"the report is no JSON: {error}: {text[:200]!r}") from error
        self.findings = self.report["findings"]
        self.hooks = {hook["function"]: hook for hook in self.report["hooks"]}
        self.dropped = self.report["dropped"]

    @property
    def ended(self):
        """Whether it was written at the process's end, not before an exec or meanwhile."""
        return self.report["process"]["exit"] is not None

    def told(self):
        return {
            "findings": sorted((finding["kind"], finding["count"]) for finding in self.findings),
            "frames": [len(names) for names in sorted(map(_functions, self.findings))],
            "keys": {owner["module"]: (owner["live"], owner["created"])
                     for owner in self.report["keys"]["owners"]
                     if (owner["module"] or "").startswith(e2e.EXTENSIONS)},
            "calls": {name: hook["calls"] for name, hook in self.hooks.items()},
            "hooked": [name for name, hook in self.hooks.items() if hook["hooked"]],
            # Those on stacks share places as threads come and go.
            "mutexes": sorted((mutex["symbol"], mutex["acquired"])
                              for mutex in self.report["mutexes"] if mutex["symbol"]),
        }

    def kinds(self):
        return {finding["kind"] for finding in self.findings}

    def unhooked(self):
        return {name for name, hook in self.hooks.items() if not hook["hooked"] and hook["how"]}

    def _without_frames(self):
        return self.report["stack_support"]["native"] or any(
            stack["native_absent"] for finding in self.findings for stack in finding["stacks"])

    def excuses(self, table, usual):
        """Whether it says of this table that something may be missing there."""
        if table == "hooked":
            return set(usual) <= {*self.told()["hooked"], *self.unhooked()}
        if table == "calls":
            different = {name for name in usual if self.told()["calls"].get(name) != usual[name]}
            return bool(self.dropped) or different <= self.unhooked()
        if table == "frames" and self._without_frames():
            return True
        if table == "findings" and self.report["stack_support"]["native"] and \
                {kind for kind, _ in {*self.told()[table]} ^ {*usual}} <= BY_STACK:
            return True
        return bool(self.dropped or self.unhooked())


class Text:
    ended = True

    def __init__(self, text):
        self.text = text
        numbers = DROPPED.search(text)
        self.dropped = int(numbers[1]) if numbers else 0

    def told(self):
        return {
            "findings": sorted(re.findall(r"pythread-trace: ([a-z-]+): ", self.text)),
            "frames": len(re.findall(r"^    #\d+ 0x[0-9a-f]+ in ", self.text, re.MULTILINE)),
            "summary": re.findall(r"SUMMARY: pythread-trace: ([^;]*);", self.text),
            "hooked": re.findall(r"hooked (\d+ of \d+)", self.text),
        }

    def unhooked(self):
        return any(some != every for some, every in re.findall(r"hooked (\d+) of (\d+)", self.text))

    def excuses(self, table, usual):
        if self.dropped or CUT_SHORT in self.text:
            return True
        no_stacks = re.search("    no (?:further frames|native stack): ", self.text)
        if table in ("findings", "summary") and no_stacks and \
                (table == "summary" or {*self.told()[table]} ^ {*usual} <= BY_STACK):
            return True
        if table == "frames" and (no_stacks or "  no names for addresses: " in self.text):
            return True
        return self.unhooked()


def _functions(finding):
    """The named frames of its stacks."""
    return [finding["kind"],
            *(f"{stack['role']}: {frame['function']}" for stack in finding["stacks"]
              for frame in stack["native"] or () if frame["function"])]


def _lost(usual, report):
    """What of the tables is not in the report, which does not say so."""
    if not report:
        return ["there is no report"]
    told = report.told()
    return [f"{table}: {wanted!r} became {told[table]!r}" for table, wanted in usual.items()
            if wanted and told[table] != wanted and not report.excuses(table, wanted)]


def _stands_in(usual, report, err):
    """Text that is written in place of a report in JSON tells what that would have told."""
    text = Text(err)
    kinds = {kind for kind, _ in usual["findings"]} - NOTES - set(report.kinds() if report else ())
    check(kinds <= {*text.told()["findings"]} or text.excuses("findings", None) or "no memory is left" in err,
          f"neither the report nor the text in its place tells of {sorted(kinds)}")


def account(usual, report, err):
    """That a report (None: there is none), and standard error, tell all that is in the tables, or
    that it is missing."""
    lost = _lost(usual, report)
    if not lost:
        return
    check(UNWRITTEN.search(err), f"nothing says that this is missing: {'; '.join(lost)}")
    if "no JSON can be written: " in err:
        _stands_in(usual, report, err)
