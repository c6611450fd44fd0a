# SPDX-License-Identifier: MIT
"""The results of a run, test by test: {name: one of the words below}."""

import re
from xml.etree import ElementTree

# From best to worst: of several results of one name the worst counts.
WORDS = ("passed", "skipped", "expected failure", "unexpected success", "failed", "error")

_ADDRESS = re.compile(r"0x[0-9a-f]{6,}")

# unittest and regrtest with -v, and pytest with -v.
_UNITTEST = re.compile(
    r"^(?P<method>test\w*) \((?P<owner>[\w.]+)\)(?:\n(?!test\w* \().*?)?? \.\.\. (?:[^\n]*\n(?!test\w* \())*?"
    r"[^\n]*?(?P<word>ok|FAIL|ERROR|skipped|expected failure|unexpected success)\b[^\n]*$", re.M)
_PYTEST = re.compile(r"^(?P<name>\S+::.*?) (?P<word>PASSED|FAILED|ERROR|SKIPPED|XFAIL|XPASS)\b", re.M)
_HEADING = re.compile(r"^(?P<word>FAIL|ERROR): (?P<method>\S+) \((?P<owner>[\w.]+)\)", re.M)
# What regrtest and unittest print before a test is run, and something else than a result follows.
_STARTED = re.compile(r"^(test\w* \([\w.]+\))(?:\n(?!test\w* \().*?)?? \.\.\. "
                      r"(?!ok|FAIL|ERROR|skipped|expected failure|unexpected success)", re.M)
_SKIPPED = re.compile(r"^test[\w.]* skipped -- (?P<reason>.+)$", re.M)
# What faulthandler prints before it ends the process, with 1: regrtest lets it, when a test takes too long.
_GAVE_UP = re.compile(r"^Timeout \(\d+:\d\d:\d\d(\.\d+)?\)!$", re.M)
_ENDED = re.compile(r"^(Ran \d+ tests? in|Tests result:|Result:) ", re.M)
_PRINTED = {"ok": "passed", "PASSED": "passed", "SKIPPED": "skipped", "FAIL": "failed",
            "FAILED": "failed", "ERROR": "error", "XFAIL": "expected failure",
            "XPASS": "unexpected success"}


def _add(results, name, word):
    name = _ADDRESS.sub("0x...", name)
    results[name] = max(results.get(name, word), word, key=WORDS.index)


def _unittest_name(match):
    """3.11 and later print the method twice."""
    method, owner = match["method"], match["owner"]
    return owner if owner.endswith(f".{method}") else f"{owner}.{method}"


def _read(path):
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read()
    except OSError:
        return ""


def _word(case):
    for tag, word in (("error", "error"), ("failure", "failed"), ("skipped", "skipped"),
                      ("output", "expected failure")):
        if case.find(tag) is not None:
            return word
    return "unexpected success" if case.find("outcome") is not None else "passed"


def from_xml(path, log):
    """What regrtest or pytest wrote with --junit-xml, or, if it came to no end, what it printed. What
    subtests fail is only printed."""
    results = {}
    try:
        cases = list(ElementTree.fromstring(_read(path)).iter("testcase"))
    except ElementTree.ParseError:
        return from_text(log)
    for case in cases:
        name = ".".join(filter(None, (case.get("classname"), case.get("name"))))
        if name:
            _add(results, name, _word(case))
    for match in _HEADING.finditer(_read(log)):
        _add(results, _unittest_name(match), _PRINTED[match["word"]])
    return results


def from_text(log):
    results = {}
    text = _read(log)
    for match in _UNITTEST.finditer(text):
        _add(results, _unittest_name(match), _PRINTED.get(match["word"], match["word"]))
    for match in _PYTEST.finditer(text):
        _add(results, match["name"], _PRINTED[match["word"]])
    for match in _HEADING.finditer(text):
        _add(results, _unittest_name(match), _PRINTED[match["word"]])
    return results


def broken_off_in(log):
    """The test that printed no result, of a run that came to no end; or None."""
    text = _read(log)
    started = [] if _ENDED.search(text) else _STARTED.findall(text)
    return started[-1] if started else None


def gave_up_in(log):
    """Whether regrtest ended itself because it took too long."""
    return bool(_GAVE_UP.search(_read(log)))


def skipped_in(log):
    """Why regrtest skipped the whole module, or None."""
    match = _SKIPPED.search(_read(log))
    return match["reason"] if match else None


def text_of(log):
    """For a command without tests: what it printed, but for what the tool says at the end."""
    return "".join(line for line in _read(log).splitlines(True)
                   if not line.startswith("pythread-trace: the trace is "))
