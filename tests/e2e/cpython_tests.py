# SPDX-License-Identifier: MIT
"""CPython's own tests, without the tool and with it."""

import re

import e2e
from e2e import check, equal

OUTCOME = re.compile(r"^(test\w+ \(.*?\)).*? \.\.\. (?:.*\n)*?.*?\b(ok|FAIL|ERROR|skipped .*)$", re.M)
# Their order within a class is fixed; where they print nothing the last line is what counts.
LAST = re.compile(r"^(?:Tests result|Result): (.*)$", re.M)


def outcomes(run):
    text = run.out + run.err
    last = LAST.search(text)
    return sorted(OUTCOME.findall(text)), last and last[1], run.status


def compare(python, tests, timeout=e2e.TIMEOUT, options=None):
    """Runs tests, (name, argument...), that this interpreter has: the same results, no finding."""
    ran = 0
    for name, *selection in tests:
        if not python.can(f"import test.{name}, test.libregrtest"):
            print(f"  {python.name} has no {name}, or cannot run it")
            continue
        argv = [python.path, "-m", "test", "--timeout", str(timeout - 20), "-v", name, *selection]
        how = {"env": {"PYTHONPATH": None}, "timeout": timeout}
        native = outcomes(python.run(argv, tool=None, **how))
        run = python.run(argv, options=options, **how)
        equal(outcomes(run), native, f"results of {name}")
        check(native[0], f"{name} ran no test")
        check(run.reports, f"no report of {name}: the tool was not there")
        for report in run.reports.values():
            equal(report.kinds(), set(), f"findings in {name}")
        ran += 1
    if not ran:
        e2e.skip("has none of the tests")
