# SPDX-License-Identifier: MIT
"""Events from babeltrace2's text."""

import re

# Times as seconds, no differences, and each part by its name.
OPTIONS = ("--clock-seconds", "--no-delta", "--names=all", "--fields=loglevel,trace:hostname")

_TOKEN = re.compile(r"""\s*(?:(?P<text>"(?:[^"\\]|\\.)*")|(?P<number>-?0x[0-9A-Fa-f]+|-?\d+(?:\.\d+)?)
                        |(?P<word>[\w.:]+)|(?P<sign>[{}\[\]=,()]))""", re.VERBOSE)
_LINE = re.compile(r"^(?:timestamp = )?\[?(?P<seconds>\d+)\.(?P<fraction>\d{9})\]?,? ?(?P<rest>.*)$")
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "v": "\v", "f": "\f", "a": "\a", "b": "\b", "e": "\x1b"}


class Event:
    """ns: since the epoch. event["field"] is the payload; context and packet are dictionaries."""

    def __init__(self, line):
        match = _LINE.match(line)
        if not match:
            raise AssertionError(f"this is no event: {line!r}")
        self.line = line
        self.ns = int(match["seconds"]) * 10**9 + int(match["fraction"])
        parts = _Parser(match["rest"]).members(None)
        self.name = parts["name"]
        self.loglevel = parts.get("loglevel")
        self.hostname = parts.get("trace:hostname")
        self.packet = parts.get("stream.packet.context", {})
        self.context = parts.get("stream.event.context", {})
        self.fields = parts.get("event.fields", {})

    def __getitem__(self, name):
        return self.fields[name]

    def __repr__(self):
        return self.line


class Trace(list):
    """Events in order. warnings is what babeltrace2 says besides, as of lost events."""

    def __init__(self, run):
        super().__init__(Event(line) for line in run.stdout.splitlines())
        self.warnings = run.stderr

    def named(self, *names):
        """Those events; names without a provider are of "pythread"."""
        names = {name if ":" in name else f"pythread:{name}" for name in names}
        return [event for event in self if event.name in names]

    def names(self):
        return {event.name for event in self}


class _Parser:
    """{ a = 1, b = "x", c = [ [0] = 0x1, [1] = 0x2 ] }, and the same without braces."""

    def __init__(self, text):
        self.text, self.at = text, 0

    def next(self):
        match = _TOKEN.match(self.text, self.at)
        if not match:
            return None, None
        self.at = match.end()
        return match.lastgroup, match[match.lastgroup]

    def peek(self):
        at = self.at
        token = self.next()
        self.at = at
        return token

    def expect(self, sign):
        kind, text = self.next()
        if text != sign or kind != "sign":
            raise AssertionError(f"{sign!r} expected at {self.at} of {self.text!r}")

    def members(self, end):
        found = {}
        while self.peek()[1] not in (end, None):
            _, name = self.next()
            self.expect("=")
            found[name] = self.value()
            if self.peek()[1] == ",":
                self.next()
        if end:
            self.expect(end)
        return found

    def elements(self):
        found = []
        while self.peek()[1] != "]":
            self.expect("[")
            self.next()
            self.expect("]")
            self.expect("=")
            found.append(self.value())
            if self.peek()[1] == ",":
                self.next()
        self.expect("]")
        return found

    def value(self):
        kind, text = self.next()
        if kind == "text":
            return re.sub(r"\\(.)", lambda m: _ESCAPES.get(m[1], m[1]), text[1:-1])
        if kind == "number":
            return float(text) if "." in text else int(text, 0)
        if text == "{":
            return self.members("}")
        if text == "[":
            return self.elements()
        if self.peek()[1] == "(": # a log level's number
            for _ in range(3):
                self.next()
        return text
