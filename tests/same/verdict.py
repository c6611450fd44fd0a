# SPDX-License-Identifier: MIT
"""Compares what a unit (a test module, mostly) gives natively and under the tool.

What differs is run again, natively and under the tool, to tell what our tool changes from what
changes by itself.
"""

import outcome
from once import NATIVE

AGAIN = 3
# So often more, where it was seen once: what our tool does to one run of many, it does to another.
AGAIN_FOR_ONE = 8

# What part of its time: a unit that natively takes more may take all of it another time.
SLOW = 0.5

EXIT = "(exit-status)"
FINDINGS = "(findings)"
TOO_LONG = "none, it took too long"
ABSENT = "absent"


class Difference:
    """native, traced: what was seen, one of each run. slow: whether the unit takes long natively. kind:
    "differs", "once" (under the tool, and not again), or "flaky" (natively, too)."""

    def __init__(self, test, way, native, traced, slow=False):
        self.test, self.way, self.native, self.traced = test, way, native, traced
        if test == EXIT and _ends_badly(native, traced, slow):
            self.kind = "differs"
        elif sum(result not in native for result in traced) > 1:
            self.kind = "differs"
        elif not _usual(native) & set(traced):
            self.kind = "differs"  # a rare failure is no excuse for one each time
        else:
            self.kind = "flaky" if len(set(native)) > 1 else "once"

    def __str__(self):
        return (f"{self.test}: natively {_counted(self.native)}, "
                f"under {self.way} {_counted(self.traced)}")


def _ends_badly(native, traced, slow):
    """A crash, or a hang, that is only seen under the tool: once is enough. What takes too long is no sure
    hang where the unit takes long anyway, on a busy machine for example."""
    kinds = [_is_crash] if slow else [_is_crash, _is_hang]
    return any(any(map(bad, traced)) and not any(map(bad, native)) for bad in kinds)


def _is_crash(status):
    return status.startswith("-")


def _is_hang(status):
    return status.startswith(TOO_LONG)


def _usual(results):
    """The most common of them; several, if they are equally so."""
    most = max(map(results.count, results))
    return {one for one in results if results.count(one) == most}


def _counted(results):
    if len(set(results)) == 1:
        return results[0]
    return ", ".join(f"{results.count(one)}x {one}" for one in sorted(set(results)))


class Verdict:
    """Of one unit. ways: {way: number of tests with the same result}. left_out: [(test, way, reason)].
    broken: why nothing can be compared, as the unit does not run natively."""

    def __init__(self, unit):
        self.unit, self.natively, self.same = unit, 0, {}
        self.differences, self.left_out, self.broken = [], [], None


class _Facts(dict):
    """Results, and more that is compared. complete: it came to an end, so what is not there was not
    run."""

    def __init__(self, results, run):
        super().__init__(results)
        place = outcome.broken_off_in(run.log) if run.status != 0 else None
        self.too_long = run.status is None or run.status == 1 and outcome.gave_up_in(run.log)
        self.complete = not place and not self.too_long and run.status >= 0
        self.used = run.used
        self[EXIT] = (TOO_LONG if self.too_long else str(run.status)) + (f" in {place}" if place else "")
        self[FINDINGS] = "; ".join(run.found) or "none"

    def of(self, test):
        """None: not known."""
        return self.get(test, ABSENT if self.complete else None)


def _differing(native, traced):
    return {name for name in native.keys() | traced.keys()
            if None not in (native.of(name), traced.of(name)) and native.of(name) != traced.of(name)}


def _seen(test, runs):
    return [result for result in (facts.of(test) for facts in runs) if result is not None]


def _why_not_run(run):
    """Of a native run without results. None: it went well, there are no tests in it."""
    skipped = outcome.skipped_in(run.log)
    if skipped:
        return f"skipped natively: {skipped}"
    return f"does not run natively: exit status {_Facts({}, run)[EXIT]}" if run.status != 0 else None


def judge(unit, attempt, ways, reason_for, again=AGAIN):
    """attempt(way) returns (results, run). reason_for(test, way): why a difference of that test is known
    and none of ours, or None."""
    verdict = Verdict(unit)
    results, run = attempt(NATIVE)
    verdict.broken = None if results else _why_not_run(run)
    if verdict.broken:
        return verdict
    verdict.natively = len(results)
    natives = [_Facts(results, run)]
    for way in ways:
        _judge_way(verdict, attempt, way, natives, reason_for, again)
    return verdict


def _run_again(times, attempt, way, natives, traced):
    for _ in range(times):
        if len(natives) <= len(traced):
            natives.append(_Facts(*attempt(NATIVE)))
        traced.append(_Facts(*attempt(way)))


def _difference(test, way, natives, traced):
    slow = any(facts.used > SLOW for facts in natives)
    return Difference(test, way, _seen(test, natives), _seen(test, traced), slow)


def _judge_way(verdict, attempt, way, natives, reason_for, again):
    traced = [_Facts(*attempt(way))]
    differing = _differing(natives[0], traced[0])
    reasons = {test: reason_for(test, way) for test in differing}
    verdict.left_out += [(test, way, reason) for test, reason in sorted(reasons.items()) if reason]
    suspects = {test for test, reason in reasons.items() if not reason}
    if suspects == {EXIT} and any(reasons.values()) and traced[0].complete:
        suspects = set()  # it says that some failed, and those are left out
    differences = {}
    for times in (again, AGAIN_FOR_ONE):
        if suspects:
            _run_again(times, attempt, way, natives, traced)
        differences.update({test: _difference(test, way, natives, traced) for test in suspects})
        suspects = {test for test in suspects if differences[test].kind == "once"}
    verdict.differences += [differences[test] for test in sorted(differences)]
    verdict.same[way] = len([test for test in natives[0] if test not in (EXIT, FINDINGS, *differing)
                             and traced[0].of(test) is not None])
