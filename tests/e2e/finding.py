# SPDX-License-Identifier: MIT
"""One kind of finding, from every side: the buggy extension and its clean twin.

The extension's source is read for its markers (see tests/ext/ext.h): they say which lines must
stand in which stacks, so no line number is written down twice.
"""

import os
import re
import signal

import e2e
from e2e import check, equal, matches

APP = """import {module} as ext

{functions}

def main():
    for turn in range({rounds}):
        {calls}

main()
print("done")
"""

FUNCTION = """def {name}():
    ext.{name}()
"""


class Mark:
    """A marked line: a frame that must be on top of a stack of that role."""

    def __init__(self, role, step, source, line, function):
        self.role, self.step = role.lower(), step
        self.source, self.line, self.function = source, line, function


# A creation that failed is a story of its own, and the report has no role for it but "other".
ROLES = {"FAILED": "other"}


def marks_of(source):
    path = os.path.join(e2e.SOURCE, "tests", "ext", source)
    found, function = [], None
    with open(path, encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            head = re.match(r"STEP\((\w+)\)|(?:NOINLINE )?(?:static )?\w[\w *]*?(\w+)\(.*\)$", line)
            function = next(filter(None, head.groups())) if head else function
            mark = re.search(r"/\* ([A-Z]+) (\w+) \*/$", line)
            if mark:
                role = ROLES.get(mark[1], mark[1])
                found.append(Mark(role, mark[2], source, number, function))
    check(found, f"no markers in {source}")
    return found


def app(module, steps, rounds):
    functions = "\n\n".join(FUNCTION.format(name=name) for name in steps)
    calls = "\n        ".join(f"{name}()" for name in steps)
    return APP.format(module=module, functions=functions, rounds=rounds, calls=calls)


def line_of(text, wanted):
    return next(n for n, line in enumerate(text.splitlines(), 1) if line.strip() == wanted)


class Case:
    """What is expected of one kind. count None: any; extra: kinds that may come along; roles
    absent: markers that this kind does not tell of; python False: no frames are wanted."""

    def __init__(self, kind, severity, count=3, rounds=3, steps=("run",), type="tss",
                 symbol="cache_key", slot=False, extra=(), status=0, options=None, source=None,
                 python=True):
        self.kind, self.severity, self.count, self.rounds = kind, severity, count, rounds
        self.steps, self.type, self.symbol, self.slot = steps, type, symbol, slot
        self.extra, self.status, self.options, self.python = set(extra), status, options, python
        self.module = source or kind.replace("-", "_")
        self.marks = marks_of(self.module + ".c")
        self.app = app(self.module, steps, rounds)
        self.clean_app = app(self.module + "_clean", steps, rounds)
        self.file = None

    def __call__(self, python):
        self.file = python.extension(self.module)
        self.json(python)
        self.text(python)
        self.suppressed(python)
        self.clean(python)

    def run(self, python, app_text=None, **options):
        how = {name: options.pop(name) for name in ("tool", "report") if name in options}
        return python.script(app_text or self.app, options={**(self.options or {}), **options},
                             **how)

    # JSON: everything that is a number or a name.

    def json(self, python):
        run = self.run(python)
        equal(run.status, self.status, "exit status, which findings do not change")
        if self.status == 0:
            equal(run.out, "done\n", "standard output")
        report = run.report
        found = [finding for finding in report.find(self.kind) if self.is_ours(finding)]
        check(found, f"no {self.kind}")
        self.check_counts(report, found)
        for finding in found:
            equal(finding["severity"], self.severity, "severity")
            self.check_object(finding["object"])
            check(finding["thread"]["tid"], "no thread")
        self.check_stacks(found)

    def is_ours(self, finding):
        """Not one that a library which the extension uses has all by itself."""
        modules = {os.path.basename(stack["native"][0]["module"] or "")
                   for stack in finding["stacks"] if stack["native"]}
        return self.file in modules

    def check_counts(self, report, found):
        others = report.kinds() - {self.kind} - self.extra
        equal(others, set(), "findings that nobody expects")
        if self.count is not None:
            equal(sum(finding["count"] for finding in found), self.count, "count")
        for severity in ("error", "warning", "leak", "note"):
            total = sum(finding["count"] for finding in report.findings
                        if finding["severity"] == severity and not finding["suppressed"])
            check(bool(report.summary[severity + "s"]) == bool(total),
                  f"summary of {severity}s does not fit the findings")

    def check_object(self, thing):
        if self.type is None:
            equal(thing, None, "object")
            return
        equal(thing["type"], self.type, "object's type")
        equal(thing["symbol"], self.symbol, "object's symbol")
        if self.type == "tss" and self.kind != "tss-null-key":
            check(thing["address"], "no address of the object")
        if self.slot:
            check(isinstance(thing["slot"], int), f"slot is {thing['slot']!r}")
        if self.symbol:
            equal(os.path.basename(thing["module"]), self.file, "object's module")

    def check_stacks(self, found):
        for mark in self.marks:
            stacks = [stack for finding in found for stack in finding["stacks"]
                      if stack["role"] == mark.role]
            check(stacks, f"no stack '{mark.role}'")
            check(any(self.fits(stack, mark) for stack in stacks),
                  f"no stack '{mark.role}' starts at {mark.function} {mark.source}:{mark.line},"
                  f" called from {mark.step}() in app.py; there is {stacks!r}")

    def fits(self, stack, mark):
        if not stack["native"]:
            return False
        top = stack["native"][0]
        native = (top["function"] == mark.function and top["line"] == mark.line
                  and os.path.basename(top["file"] or "") == mark.source
                  and os.path.basename(top["module"] or "") == self.file
                  and top["ip"] and top["offset"])
        return native and (not self.wants_python(mark) or self.python_fits(stack["python"], mark))

    def wants_python(self, _):
        """Whether that mark's stack must have Python frames."""
        return self.python

    def python_fits(self, frames, mark):
        """The newest frame, then who called it."""
        wanted = [(mark.step, line_of(self.app, f"ext.{mark.step}()")),
                  ("main", line_of(self.app, f"{mark.step}()")),
                  ("<module>", line_of(self.app, "main()"))]
        seen = [(frame["function"], frame["line"]) for frame in frames or ()
                if os.path.basename(frame["file"]) == "app.py"]
        return seen == wanted

    # Text, and the exit status that was asked for.

    def text(self, python):
        run = self.run(python, error_exitcode=e2e.MARKED, fail_on=self.kind, report=False,
                       verbose=True)
        equal(run.status, self.status or e2e.MARKED, "exit status with --error-exitcode")
        matches(rf"^=={run.pid}=={self.severity.upper()}: pythread-trace: {self.kind}: ", run.err,
                "line of the finding")
        for mark in self.marks:
            matches(rf"^\s+#0 0x[0-9a-f]+ in {mark.function} \S*{mark.source}:{mark.line}"
                    rf" \(\S*{re.escape(self.file)}\+0x[0-9a-f]+\)$", run.err, "native frame")
            if self.wants_python(mark):
                line = line_of(self.app, f"ext.{mark.step}()")
                matches(rf'^\s+File "\S*app\.py", line {line}, in {mark.step}$', run.err,
                        "Python frame")
        if self.symbol:
            matches(rf"^=={run.pid}==.*\b{self.symbol} in \S*{re.escape(self.file)}", run.err,
                    "line of the object")
        if self.status == 0:
            matches(rf"^=={run.pid}==SUMMARY: pythread-trace: \d+ errors?, \d+ warnings?,"
                    r" \d+ leaks?, \d+ notes?", run.err, "summary")

    # A suppression by the library that the bug is in. Through a plain preload, for a change.

    def suppressed(self, python):
        path = os.path.join(python.directory, "suppressions")
        with open(path, "w", encoding="utf-8") as file:
            file.write(f"# not ours\n{self.kind}:*{self.file}\n")
        run = self.run(python, tool="preload", suppressions=path, error_exitcode=e2e.MARKED,
                       fail_on=self.kind)
        equal(run.status, self.status, "exit status with all of it suppressed")
        equal(run.report.find(self.kind), [], "findings in spite of the suppression")
        check(run.report.find(self.kind, suppressed=True), "suppressed findings are not marked")
        check(run.report.summary["suppressed"], "suppressed findings are not counted")

    # The clean twin: nothing is found, nothing is different.

    def clean(self, python):
        native = self.run(python, self.clean_app, tool=None)
        run = self.run(python, self.clean_app, error_exitcode=e2e.MARKED)
        run.clean()
        equal(run.report.find(self.kind), [], "findings in the clean twin")
        for name in ("status", "out", "err"):
            equal(getattr(run, name), getattr(native, name), f"{name} as without the tool")
        check(run.report.calls(), "no call was seen")


SIGSEGV = -signal.SIGSEGV


def main(kind, severity, **expected):
    e2e.main(Case(kind, severity, **expected))


