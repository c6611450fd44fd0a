# SPDX-License-Identifier: MIT
"""EVENTS.md says what the tracer says: in its list of a process, and in a trace's metadata."""

import os
import re
import subprocess

import e2e
import lttng
from e2e import equal

EVENTS = os.path.join(e2e.SOURCE, "tracepoints", "EVENTS.md")
PROVIDERS = ("pythread:", "pythread_statedump:")

# EVENTS.md's types as the metadata has them, and as the list has them.
INTEGER = "INTEGER"
TYPES = {
    "address": ((64, 0, 16), INTEGER),
    "int32": ((32, 1, 10), INTEGER),
    "int64": ((64, 1, 10), INTEGER),
    "uint32": ((32, 0, 10), INTEGER),
    "uint64": ((64, 0, 10), INTEGER),
    "flag": ((8, 0, 10), INTEGER),
    "text": ("string", "STRING"),
    "addresses": ((64, 0, 16), "OTHER"),
}


def words(cell):
    return [word.strip().strip("`") for word in cell.split(",")]


def described():
    """{event: (level, [(field, type)])}, sequences with their lengths before them."""
    with open(EVENTS, encoding="utf-8") as file:
        sections = re.split(r"^### ", file.read(), flags=re.MULTILINE)[1:]
    events = {}
    for section in sections:
        name = section.split("\n", 1)[0]
        level = e2e.matches(r"\. Log level\s`(\w+)`", section, f"log level of {name}")[1]
        fields = []
        for names, types in re.findall(r"^\| (`[^|]*`) \| ([^|]*) \|", section, re.MULTILINE):
            equal(len(words(names)), len(words(types)), f"types of {names} of {name}")
            for field, kind in zip(words(names), words(types)):
                if kind == "addresses":
                    fields.append((f"_{field}_length", "uint32"))
                fields.append((field, kind))
        events[name] = level, fields
    return events


def is_ours(name):
    return name.startswith(PROVIDERS)


def listed(program):
    """The same from the list, which has no order of fields and knows few types."""
    return {event.findtext("name"): (event.findtext("loglevel").removeprefix("TRACE_"),
                                     {field.findtext("name"): field.findtext("type")
                                      for field in event.iter("event_field")})
            for event in program.iter("event") if is_ours(event.findtext("name"))}


LEVELS = {0: "EMERG", 3: "ERR", 6: "INFO", 12: "DEBUG_FUNCTION", 13: "DEBUG_LINE"}
FIELD = re.compile(r"(?:integer \{(.*)\}|string) _?(\w+)(?:\[.*\])?;")
SIGNED = {"1": 1, "true": 1}


def kind(attributes):
    """Size, sign and base; some writers leave out what is usual."""
    if attributes is None:
        return "string"
    found = dict(re.findall(r"(\w+) = (\w+);", attributes))
    return int(found["size"]), SIGNED.get(found.get("signed"), 0), int(found.get("base", 10))


def recorded(path):
    """The same from a trace's metadata."""
    text = subprocess.run(["babeltrace2", "--output-format=ctf-metadata", path], check=True,
                          capture_output=True, text=True).stdout
    events = {}
    for part in re.split(r"^event \{", text, flags=re.MULTILINE)[1:]:
        name = e2e.matches(r'name = "(.*)";', part, "event's name")[1]
        level = int(e2e.matches(r"loglevel = (\d+);", part, "log level")[1])
        fields = [(match[2], kind(match[1])) for match in FIELD.finditer(part)]
        events[name] = LEVELS[level], fields
    return {name: event for name, event in events.items() if is_ours(name)}


def compare(told, wanted, what):
    equal(sorted(set(wanted) - set(told)), [], f"{what} lacks")
    equal(sorted(set(told) - set(wanted)), [], f"EVENTS.md lacks what {what} has")
    for name, event in wanted.items():
        equal(told[name], event, f"{what}: {name}")


def test(python):
    events = described()
    with lttng.Daemon(python.directory) as daemon, lttng.Emit(daemon) as program:
        daemon.wait_for_program(program.pid)
        compare(listed(daemon.listed()[program.pid]),
                {name: (level, {field: TYPES[kind][1] for field, kind in fields})
                 for name, (level, fields) in events.items()}, "lttng list")
        session = daemon.session()
        session.start()
        session.stop()
        compare(recorded(lttng.trace_of(session.output)),
                {name: (level, [(field, TYPES[kind][0]) for field, kind in fields])
                 for name, (level, fields) in events.items()}, "the metadata")


lttng.main(test, once=True)
