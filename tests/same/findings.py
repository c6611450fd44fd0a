# SPDX-License-Identifier: MIT
"""What the tool found in the processes of one run."""

import glob
import json
import os

SEVERITIES = ("error", "warning", "leak")


def read(folder):
    """One line for each finding that is no note, sorted; and for each report that cannot be read."""
    lines = set()
    for path in glob.glob(os.path.join(glob.escape(folder), "report.*.json")):
        try:
            with open(path, encoding="utf-8", errors="surrogateescape") as file:
                report = json.load(file)
        except ValueError as error:
            lines.add(f"a report is no JSON: {error}")
            continue
        lines |= {f"{finding['kind']}: {_where(finding)}" for finding in report["findings"]
                  if finding["severity"] in SEVERITIES}
    return sorted(lines)


def absence(folder, way, log):
    """What shows that the tool had no part in a run of an interpreter; or None."""
    if not glob.glob(os.path.join(glob.escape(folder), "report.*.json")):
        return "no report: the tool was not there"
    if way == "record":
        with open(log, encoding="utf-8", errors="replace") as file:
            if "pythread-trace: the trace is " not in file.read():
                return "no trace: nothing was recorded"
    return None


def _where(finding):
    """The innermost function that has a name, and its library."""
    frames = [frame for stack in finding["stacks"][:1] for frame in stack["native"] or []]
    for frame in frames:
        if frame["function"]:
            return f"{frame['function']} in {os.path.basename(frame['module'] or '?')}"
    return finding["message"]
