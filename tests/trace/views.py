# SPDX-License-Identifier: MIT
"""The table of intervals.py, from what our XML analyses make of the same trace."""

import intervals
import statesystem

# Rows of a time graph by view and by how deep they are: below the process, the row, the row below it.
_TIME_GRAPHS = {"pythread.view.mutexes": "mutexes", "pythread.view.threads": "threads"}


def _keys(row):
    """Rows of the view of keys: process / Findings / finding [/ message], process / kind / key."""
    process, group, *rest = row
    if group == "Findings":
        return "findings", process, rest[0], rest[1] if len(rest) > 1 else ""
    return "keys", process, group, rest[0]


def _processes(system):
    """The name of each process in this state system, by its number."""
    return {path[1]: system.first(path + ("label",)) or path[1]
            for path in system.below(("Processes",), "*")}


def _segments(file, events, processes):
    for name, pattern in file.patterns.items():
        for since, until, kind, content in pattern.run(events):
            mutex = content.get("mutex", str(content.get("address", "")))
            yield ("segments", processes[str(content["pid"])], mutex,
                   f"{content['thread']} {content['tid']}", since, until, kind)


def rows(file, events):
    """(view, process, row, row below it, from, to, state)."""
    systems = {name: provider.run(events) for name, provider in file.providers.items()}
    processes = {}
    for system in systems.values():
        processes.update(_processes(system))
    for name, view in _TIME_GRAPHS.items():
        for row, since, until, state in file.time_graphs[name].draw(systems["pythread.mutexes"]):
            yield (_TIME_GRAPHS[name], row[0], row[1], row[2] if len(row) > 2 else "", since, until,
                   state)
    for row, since, until, state in file.time_graphs["pythread.view.keys"].draw(systems["pythread.keys"]):
        yield (*_keys(row), since, until, state)
    for row, since, until, count in file.charts["pythread.view.live"].draw(systems["pythread.keys"]):
        yield "live keys", processes[row[0].rsplit(" ", 1)[1]], row[0], "", since, until, str(count)
    for row, since, until, count in file.charts["pythread.view.process"].draw(systems["pythread.keys"]):
        yield "live keys", row[0], row[0], "", since, until, str(count)
    yield from _segments(file, events, processes)


def lines(paths, events):
    return intervals.table((row for row in rows(statesystem.File(*paths), events) if row[4] < row[5]
                            or row[0] == "segments"))
