# SPDX-License-Identifier: MIT
"""What Trace Compass makes of an XML analysis and a trace: the part of it that our analyses use.

A small interpreter of state providers, patterns and views, after the documented behaviour of Trace
Compass 11, whose own engine gave the same for the golden traces and for random ones. It is stricter
where that would go on in silence or end the whole analysis without a word: an undefined location, test,
action, target or value, an element that is not known here, a path with a null in it, and an attribute
whose type changes are errors.

Values are Int and Long as in Java, text, and None. null compares as the text "null".
"""

import re
import xml.etree.ElementTree


class Error(Exception):
    """What Trace Compass would refuse, ignore with a line in its log, or die of."""


class Int(int):
    pass


class Long(int):
    pass


def _fail(element, what):
    raise Error(f"<{element.tag}{''.join(f' {k}={v!r}' for k, v in element.attrib.items())}>: {what}")


# Children, then attributes, by element; the order and number of children is the schema's matter.
_CHILDREN = {
    "tmfxml": {"stateProvider", "pattern", "timeGraphView", "xyView"},
    "stateProvider": {"head", "definedValue", "location", "eventHandler"},
    "pattern": {"head", "definedValue", "location", "patternHandler"},
    "head": {"traceType", "label", "viewLabelPrefix", "analysis"},
    "location": {"stateAttribute"},
    "eventHandler": {"stateChange"},
    "stateChange": {"stateAttribute", "stateValue", "if", "then", "else"},
    "if": {"condition", "not", "and", "or"},
    "condition": {"stateAttribute", "field", "stateValue"},
    "stateAttribute": {"stateAttribute"},
    "stateValue": {"stateAttribute", "stateValue"},
    "patternHandler": {"test", "action", "fsm"},
    "test": {"if"},
    "action": {"stateChange", "segment"},
    "segment": {"segType", "segTime", "segContent"},
    "segType": {"segName"},
    "segName": {"stateValue"},
    "segTime": {"begin", "end"},
    "segContent": {"segField"},
    "segField": {"stateValue"},
    "fsm": {"state", "final"},
    "state": {"transition"},
    "timeGraphView": {"head", "definedValue", "entry"},
    "xyView": {"head", "entry"},
    "entry": {"display", "name", "entry"},
}
_CHILDREN.update({"then": _CHILDREN["stateChange"], "else": _CHILDREN["stateChange"],
                  "begin": _CHILDREN["stateValue"], "end": _CHILDREN["stateValue"],
                  "not": _CHILDREN["if"], "and": _CHILDREN["if"], "or": _CHILDREN["if"]})
_VALUE = {"type", "value", "increment", "update", "forcedType", "id"}
_ATTRIBUTES = {
    "stateProvider": {"id", "version"}, "pattern": {"id", "version"},
    "traceType": {"id"}, "label": {"value"}, "viewLabelPrefix": {"value"}, "analysis": {"id"},
    "definedValue": {"name", "value", "color"}, "location": {"id"}, "eventHandler": {"eventName"},
    "condition": {"operator"}, "field": {"name"}, "stateAttribute": {"type", "value"},
    "stateValue": _VALUE, "begin": _VALUE, "end": _VALUE,
    "test": {"id"}, "action": {"id"}, "segType": {"segName"}, "segField": {"name", "type"},
    "fsm": {"id", "initial", "multiple"}, "state": {"id"}, "final": {"id"},
    "transition": {"event", "cond", "target", "action"},
    "timeGraphView": {"id"}, "xyView": {"id"}, "entry": {"path", "displayText"},
    "display": {"type", "value"}, "name": {"type", "value"},
}
TRACE_TYPE = "org.eclipse.linuxtools.lttng2.ust.tracetype"
_OPERATORS = {"eq": lambda order: order == 0, "ne": lambda order: order != 0,
              "ge": lambda order: order >= 0, "gt": lambda order: order > 0,
              "le": lambda order: order <= 0, "lt": lambda order: order < 0}


def _check_words(element):
    known = _ATTRIBUTES.get(element.tag, set())
    for name in element.attrib:
        if name not in known and not name.startswith("{"):
            _fail(element, f"unknown attribute {name!r}")
    for child in element:
        if child.tag not in _CHILDREN.get(element.tag, ()):
            _fail(element, f"unknown child {child.tag!r}")
        _check_words(child)


class File:
    """An XML file: analyses and views by their ids. Building it finds what is undefined."""

    def __init__(self, *paths):
        self.providers, self.patterns, self.time_graphs, self.charts = {}, {}, {}, {}
        kinds = {"stateProvider": (self.providers, StateProvider), "pattern": (self.patterns, Pattern),
                 "timeGraphView": (self.time_graphs, TimeGraph), "xyView": (self.charts, Chart)}
        ids = set()
        for path in paths:
            root = xml.etree.ElementTree.parse(path).getroot()
            if root.tag != "tmfxml":
                _fail(root, "is not tmfxml")
            _check_words(root)
            for element in root:
                name = element.get("id", "")
                if not re.fullmatch(r"[A-Za-z_][\w.-]*", name) or name in ids:
                    _fail(element, "its id is no NCName, or not the only one")
                ids.add(name)
                found, kind = kinds[element.tag]
                found[name] = kind(element)
        for view in (*self.time_graphs.values(), *self.charts.values()):
            if not view.analyses or not view.analyses <= {*self.providers, *self.patterns}:
                raise Error(f"{view.label}: shows an analysis that is not there")


class _Analysis:
    def __init__(self, element):
        head = element.find("head")
        if head is None or [kind.get("id") for kind in head.iter("traceType")] != [TRACE_TYPE]:
            _fail(element, "is not for traces of LTTng-UST")
        if not element.get("version", "").isdigit():
            _fail(element, "has no version")
        self.label = head.find("label").get("value")
        self.defined = {}
        for value in element.findall("definedValue"):
            self.defined[value.get("name")] = value.get("value")
        self.locations = {}
        for location in element.findall("location"):
            if location.get("id") in self.locations:
                _fail(location, "is there twice")
            self.locations[location.get("id")] = self.path(location.findall("stateAttribute"))

    def text(self, value):
        """A value as written, or the defined value that it names."""
        if value is not None and value.startswith("$"):
            if value[1:] not in self.defined:
                raise Error(f"{value} is not defined")
            return self.defined[value[1:]]
        return value

    def path(self, attributes):
        """A function of (event, system, scenario) that gives the path."""
        parts = []
        for attribute in attributes:
            parts += self.attribute(attribute)

        def resolve(event, system, scenario):
            path = ()
            for part in parts:
                value = part(event, system, scenario)
                if value is None:
                    raise Error(f"null in a path after {path}, at {event}")
                path += value if isinstance(value, tuple) else (str(value),)
            return path
        resolve.parts = parts
        return resolve

    def attribute(self, element):
        kind, value = element.get("type"), self.text(element.get("value"))
        if kind == "constant" and value == "#CurrentScenario":
            return [lambda event, system, scenario: scenario.root]
        if kind == "constant" and value:
            return [lambda event, system, scenario: value]
        if kind == "eventField" and value:
            return [lambda event, system, scenario: field_of(event, value)]
        if kind == "location":
            if value not in self.locations:
                _fail(element, "is not defined, or only later")
            return self.locations[value].parts
        if kind == "query" and len(element):
            path = self.path(element.findall("stateAttribute"))
            return [lambda event, system, scenario: system.query(path(event, system, scenario))]
        return _fail(element, "a kind of attribute that is not known")

    def value(self, element):
        kind, value = element.get("type"), self.text(element.get("value"))
        forced = element.get("forcedType")
        if forced not in (None, "string"):
            _fail(element, "a forced type that is not known")
        resolve = self._value(element, kind, value)
        if not forced:
            return resolve

        def as_text(event, system, scenario):
            result = resolve(event, system, scenario)
            return None if result is None else str(result)
        return as_text

    def _value(self, element, kind, value):
        if kind in ("int", "long"):
            number = (Int if kind == "int" else Long)(value)
            return lambda event, system, scenario: number
        if kind == "string":
            return lambda event, system, scenario: value
        if kind == "null":
            return lambda event, system, scenario: None
        if kind == "eventField" and value:
            return lambda event, system, scenario: field_of(event, value)
        if kind == "query" and element.findall("stateAttribute"):
            path = self.path(element.findall("stateAttribute"))
            return lambda event, system, scenario: system.query(path(event, system, scenario))
        if kind == "script":
            return self.script(element, value)
        return _fail(element, "a kind of value that is not known")

    def script(self, element, value):
        """Terms with + between: 'text', name, or the last part of a path. No other scripts are used."""
        values = {child.get("id"): self.value(child) for child in element.findall("stateValue")}
        parts = []
        for term in value.split(" + "):
            match = re.fullmatch(r"'([^']*)'|(\w+)|String\((\w+)\)\.split\('/'\)\.pop\(\)", term)
            name = match and (match[2] or match[3])
            if not match or name and name not in values:
                _fail(element, f"{term} is no text, and not made from a value with an id")
            parts.append((match[1], values.get(name), "/" if match[3] else None))

        def run(*now):
            texts = []
            for text, value, separator in parts:
                text = _java_text(value(*now)) if value else text
                texts.append(text.split(separator)[-1] if separator else text)
            return "".join(texts)
        return run

    def condition(self, element):
        kind = element.tag
        if kind == "if" or kind == "not":
            if len(element) != 1:
                _fail(element, "takes one condition")
            inner = self.condition(element[0])
            return inner if kind == "if" else lambda *now: not inner(*now)
        if kind in ("and", "or"):
            inner = [self.condition(child) for child in element]
            join = all if kind == "and" else any
            return lambda *now: join(one(*now) for one in inner)
        if element.get("operator", "eq") not in _OPERATORS:
            _fail(element, "an operator that is not known")
        operator = _OPERATORS[element.get("operator", "eq")]
        values = [self.value(child) for child in element.findall("stateValue")]
        field = element.find("field")
        if field is not None:
            name = field.get("name")
            values.insert(0, lambda event, system, scenario: field_of(event, name))
        elif element.findall("stateAttribute"):
            path = self.path(element.findall("stateAttribute"))
            values.insert(0, lambda event, system, scenario: system.query(path(event, system, scenario)))
        if len(values) != 2:
            _fail(element, "does not compare two values")
        return lambda *now: operator(_compare(values[0](*now), values[1](*now)))

    def change(self, element):
        test = element.find("if")
        if test is not None:
            condition, then = self.condition(test), self.change(element.find("then"))
            otherwise = element.find("else")
            other = self.change(otherwise) if otherwise is not None else lambda *now: None
            return lambda *now: then(*now) if condition(*now) else other(*now)
        path = self.path(element.findall("stateAttribute"))
        target = element.find("stateValue")
        value = self.value(target)
        increment, update = (target.get(name) == "true" for name in ("increment", "update"))

        def change(event, system, scenario):
            where = path(event, system, scenario)
            what = value(event, system, scenario)
            if increment and what is not None:
                what = type(what)(what + (system.query(where, type(what)) or 0))
            if update:
                system.update(where, what)
            else:
                system.modify(event.ns, where, what)
        return change


def field_of(event, name):
    if name.startswith("context._"):
        value = event.context.get(name[len("context._"):])
    elif name == "timestamp":
        value = event.ns
    else:
        value = event.fields.get(name)
    return Long(value) if isinstance(value, int) else value


def _java_text(value):
    return "null" if value is None else str(value)


def _compare(one, other):
    if not (isinstance(one, int) and isinstance(other, int)):
        one, other = _java_text(one), _java_text(other)
    return (one > other) - (one < other)


class StateSystem:
    """What became of each attribute. Intervals are (from, to, value), to being when the next begins."""

    def __init__(self, start):
        self.start, self.end = start, start
        self.ongoing = {}
        self.past = {}

    def _attribute(self, path):
        for depth in range(1, len(path) + 1):
            self.ongoing.setdefault(path[:depth], (self.start, None))
            self.past.setdefault(path[:depth], [])
        return self.ongoing[path]

    def query(self, path, wanted=None):
        value = self._attribute(path)[1]
        if wanted and value is not None and type(value) is not wanted:
            raise Error(f"{path} is {type(value).__name__}, incremented as {wanted.__name__}")
        return value

    def _check_type(self, path, value):
        types = {type(old) for _, _, old in self.past[path] if old is not None}
        current = self.ongoing[path][1]
        types |= {type(item) for item in (current, value) if item is not None}
        if len(types) > 1:
            raise Error(f"{path} changes its type: {types}")

    def modify(self, now, path, value):
        since, current = self._attribute(path)
        self._check_type(path, value)
        if value == current:
            return
        if since != now:
            self.past[path].append((since, now, current))
        self.ongoing[path] = (now, value)

    def update(self, path, value):
        since, _ = self._attribute(path)
        self._check_type(path, value)
        self.ongoing[path] = (since, value)

    def recycle(self, now, root):
        for path in [path for path in self.ongoing if path[:len(root)] == root]:
            self.modify(now, path, None)

    def intervals(self, path):
        if path not in self.ongoing:
            return []
        since, value = self.ongoing[path]
        return [*self.past[path], (since, self.end, value)]

    def first(self, path):
        """The first value that is not null, as text, or nothing."""
        return next((str(value) for _, _, value in self.intervals(path) if value is not None), "")

    def below(self, path, name):
        """Attributes whose last part matches, in the order of their creation."""
        pattern = re.compile(name.replace("*", "(.*)"))
        return [found for found in self.ongoing
                if len(found) == len(path) + 1 and found[:-1] == path and pattern.fullmatch(found[-1])]


def _names(pattern):
    return re.compile(pattern.replace("*", ".*"))


class StateProvider(_Analysis):
    def __init__(self, element):
        super().__init__(element)
        self.handlers = []
        for handler in element.findall("eventHandler"):
            changes = [self.change(change) for change in handler.findall("stateChange")]
            self.handlers.append((_names(handler.get("eventName")), changes))

    def run(self, events):
        """The state system of this trace."""
        system = StateSystem(events[0].ns)
        for event in events:
            for name, changes in self.handlers:
                if name.fullmatch(event.name):
                    for change in changes:
                        change(event, system, None)
        system.end = events[-1].ns
        return system


class _Scenario:
    def __init__(self, root, state):
        self.root, self.state, self.active = root, state, True


class _Fsm:
    def __init__(self, element, tests, actions):
        self.name = element.get("id")
        self.states = {state.get("id"): None for state in element}
        for state in element.findall("state"):
            self.states[state.get("id")] = [self.transition(item, tests, actions) for item in state]
        self.initial = element.get("initial")
        if self.initial not in self.states:
            _fail(element, "its initial state is not defined")
        self.multiple = element.get("multiple", "true") == "true"

    def transition(self, element, tests, actions):
        if element.get("target") not in self.states:
            _fail(element, "its target is not defined")
        names = [_names(name) for name in element.get("event").split("|")]
        try:
            conditions = [tests[name] for name in element.get("cond", "").split(":") if name]
            steps = [actions[name] for name in element.get("action", "").split(":") if name]
        except KeyError as missing:
            _fail(element, f"{missing} is not defined")
        return names, conditions, steps, element.get("target")


class _FsmRun:
    """Scenarios of one machine: active ones take an event first, and one that does consumes it."""

    def __init__(self, fsm, system, segments):
        self.fsm, self.system, self.segments = fsm, system, segments
        self.count = 0
        self.active = []
        self.pending = None

    def new(self):
        self.count += 1
        return _Scenario(("scenarios", self.fsm.name, str(self.count)), self.fsm.initial)

    def offer(self, event, scenario):
        for names, conditions, steps, target in self.fsm.states[scenario.state]:
            now = (event, self.system, scenario)
            if not any(name.fullmatch(event.name) for name in names):
                continue
            if not all(condition(*now) for condition in conditions):
                continue
            for step in steps:
                self.segments += step(*now) or ()
            scenario.state = target
            if not self.fsm.states[target]:
                scenario.active = False
                self.system.recycle(event.ns, scenario.root)
            return True
        return False

    def handle(self, event):
        if self.pending is None and (self.fsm.multiple or not self.count):
            self.pending = self.new()
        self.active = [scenario for scenario in self.active if scenario.active]
        if any(self.offer(event, scenario) for scenario in self.active):
            return
        if self.pending and self.offer(event, self.pending):
            self.active.append(self.pending)
            self.pending = None


class Pattern(_Analysis):
    def __init__(self, element):
        super().__init__(element)
        self.prefix = element.find("head/viewLabelPrefix").get("value")
        handler = element.find("patternHandler")
        self.tests = {test.get("id"): self.condition(test.find("if")) for test in handler.findall("test")}
        self.actions = {item.get("id"): self.action(item) for item in handler.findall("action")}
        self.machines = [_Fsm(fsm, self.tests, self.actions) for fsm in handler.findall("fsm")]

    def action(self, element):
        steps = [self.segment(step) if step.tag == "segment" else self.change(step) for step in element]

        def run(*now):
            segments = []
            for step in steps:
                segments += step(*now) or ()
            return segments
        return run

    def segment(self, element):
        kind = element.find("segType")
        name = kind.get("segName")
        call = self.value(kind.find("segName/stateValue")) if name is None else lambda *now: name
        begin, end = (self.value(element.find(f"segTime/{what}")) for what in ("begin", "end"))
        fields = {}
        for field in element.findall("segContent/segField"):
            if field.get("type") not in ("string", "long"):
                _fail(field, "a type that is not known")
            fields[field.get("name")] = self.value(field.find("stateValue"))

        def make(*now):
            content = {name: value(*now) for name, value in fields.items()}
            return [(begin(*now), end(*now), str(call(*now)),
                     {name: value for name, value in content.items() if value is not None})]
        return make

    def run(self, events):
        """Segments as (from, to, name, content), in the order in which they end."""
        segments = []
        system = StateSystem(events[0].ns)
        runs = [_FsmRun(fsm, system, segments) for fsm in self.machines]
        for event in events:
            for run in runs:
                run.handle(event)
        return segments


class _View:
    def __init__(self, element):
        self.label = element.find("head/label").get("value")
        self.analyses = {item.get("id") for item in element.find("head").iter("analysis")}
        for entry in element.iter("entry"):
            for child in entry:
                if child.tag in ("display", "name") and (
                        child.get("type") not in ("self", "constant") or
                        (child.get("type") == "constant") != bool(child.get("value"))):
                    _fail(child, "not known")
            if entry.find("display") is None and entry.find("entry") is None:
                _fail(entry, "shows nothing")
        self.entries = element.findall("entry")

    def rows(self, system, entries=None, base=(), above=()):
        """Yields the names of the rows from the root on, and the intervals that are shown or None."""
        for entry in self.entries if entries is None else entries:
            paths = [base]
            for part in entry.get("path").split("/"):
                paths = [found for path in paths for found in system.below(path, part)]
            for path in paths:
                row = above + (self.name(system, entry, path),)
                display = entry.find("display")
                shown = None
                if display is not None:
                    where = path if display.get("type") == "self" else path + (display.get("value"),)
                    if where not in system.ongoing:
                        continue
                    shown = [one for one in system.intervals(where) if one[2] is not None]
                yield row, shown
                yield from self.rows(system, entry.findall("entry"), path, row)

    @staticmethod
    def name(system, entry, path):
        name = entry.find("name")
        return (system.first(path + (name.get("value"),)) if name is not None else "") or path[-1]


class TimeGraph(_View):
    """Rows with what is drawn: states by the names that the view gives to numbers, or text."""

    def __init__(self, element):
        super().__init__(element)
        self.states = {}
        for state in element.findall("definedValue"):
            if not re.fullmatch("#[0-9A-F]{6}", state.get("color", "")) or not state.get("value").isdigit():
                _fail(state, "is no number with a colour")
            self.states[int(state.get("value"))] = state.get("name")

    def draw(self, system):
        for row, shown in self.rows(system):
            for since, until, value in shown or ():
                if isinstance(value, int) and value not in self.states:
                    raise Error(f"{self.label}: {row} has the state {value}, which has no name")
                yield row, since, until, self.states[value] if isinstance(value, int) else value


class Chart(_View):
    def draw(self, system):
        for row, shown in self.rows(system):
            for since, until, value in shown or ():
                yield row, since, until, value
