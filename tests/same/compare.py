# SPDX-License-Identifier: MIT
"""Compares whole suites, several units at a time, and single commands."""

import concurrent.futures
import fnmatch
import os

import outcome
import roots
import suites
import table
import verdict
from left_out import LeftOut
from once import NATIVE

OUTPUT = "(output)"
HERE = os.path.dirname(os.path.abspath(__file__))


def _listed(name):
    path = os.path.join(HERE, name)
    try:
        with open(path, encoding="utf-8") as file:
            return [line.strip() for line in file if line.strip() and not line.startswith("#")]
    except OSError as error:
        raise ValueError(f"@{name}: {error.strerror}: {path}") from error


def choose(units, wanted):
    """Those of the units that are wanted: in the order of the wanted, for lists begin with what tells
    most. A pattern of the user's that fits none is a mistake; a list is for many interpreters."""
    if not wanted:
        return units
    chosen = {}
    for pattern in wanted:
        found = []
        for one in _listed(pattern[1:]) if pattern.startswith("@") else [pattern]:
            found += [unit for unit in units if fnmatch.fnmatchcase(unit, one)]
        if not found:
            raise ValueError(f"no unit of it is called {pattern}")
        chosen.update(dict.fromkeys(found))
    return list(chosen)


def _unit(suite, unit, runner, ways, known):
    def attempt(way):
        argv, env = suite.command(unit, runner.timeout)
        run = runner.run(argv, way, f"{suite.name}.{unit}",
                         keep=[suite.xml], env=env)
        run.found += [run.absent] if run.absent else []
        return suite.results(run), run
    return verdict.judge(unit, attempt, ways, lambda test, way: known.test(unit, test, way))


def suite(name, runner, chosen):
    """The rows of the table: one for each way."""
    name, _, wanted = name.partition(":")
    wanted = [one for one in wanted.split(",") if one]
    if roots.is_root(name):
        return roots.compare(name, wanted, chosen)
    found = suites.find(name, chosen.build, chosen.use)
    known = LeftOut(os.environ.get("PT_SAME_AS", found.name))
    units = choose(found.units(), wanted)
    os.makedirs(runner.logs, exist_ok=True)
    rows = [table.Row(found.name, way) for way in chosen.ways]
    skipped = {unit: known.unit(unit) for unit in units}
    for row in rows:
        row.left_out += [f"{unit}: {reason}" for unit, reason in skipped.items() if reason]
    print(f"== {found.name}: {found.title}: {len(units)} units", flush=True)
    with concurrent.futures.ThreadPoolExecutor(chosen.jobs) as pool:
        pending = [pool.submit(_unit, found, unit, runner, chosen.ways, known)
                   for unit in units if not skipped[unit]]
        try:
            for future in concurrent.futures.as_completed(pending):
                result = future.result()
                table.progress(result)
                for row in rows:
                    row.add(result)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return rows


def command(argv, runner, ways):
    os.makedirs(runner.logs, exist_ok=True)
    name = os.path.basename(argv[0])
    first = runner.run(argv, NATIVE, f"command.{name}")
    if first.status == 127:
        raise ValueError(f"{argv[0]} cannot be run: {outcome.text_of(first.log).strip()}")
    tests = bool(outcome.from_text(first.log))

    def attempt(way):
        run = runner.run(argv, way, f"command.{name}")
        return outcome.from_text(run.log) if tests else {OUTPUT: outcome.text_of(run.log)}, run

    result = verdict.judge(name, attempt, ways, lambda test, way: None)
    rows = [table.Row(name, way) for way in ways]
    table.progress(result)
    for row in rows:
        row.add(result)
    table.show(rows)
    return table.status(rows)
