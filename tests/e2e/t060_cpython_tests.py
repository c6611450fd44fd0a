# SPDX-License-Identifier: MIT
"""CPython's own tests give the same result with the tool and without."""

import re

import e2e
from e2e import check, equal

TESTS = (("test_capi", "-m", "test_pythread_tss_key_state"), ("test_threading_local",),
         ("test_tracemalloc",), ("test_fork1",))
OUTCOME = re.compile(r"^(test\w+ \(.*?\)).*? \.\.\. (?:.*\n)*?.*?\b(ok|FAIL|ERROR|skipped .*)$", re.M)
# Their order within a class is fixed; where they print nothing the last line is what counts.
LAST = re.compile(r"^(?:Tests result|Result): (.*)$", re.M)


def outcomes(run):
    text = run.out + run.err
    last = LAST.search(text)
    return sorted(OUTCOME.findall(text)), last and last[1], run.status


def test(python):
    ran = 0
    for name, *selection in TESTS:
        if not python.can(f"import test.{name}, test.libregrtest"):
            print(f"  {python.name} ships no {name}")
            continue
        argv = [python.path, "-m", "test", "--timeout", "100", "-v", name, *selection]
        env = {"PYTHONPATH": None}
        native = outcomes(python.run(argv, tool=None, env=env))
        run = python.run(argv, env=env)
        equal(outcomes(run), native, f"results of {name}")
        check(native[0], f"{name} ran no test")
        for report in run.reports.values():
            equal(report.kinds(), set(), f"findings in {name}")
        ran += 1
    if not ran:
        e2e.skip("ships none of the tests")


e2e.main(test)
