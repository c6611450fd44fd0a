# SPDX-License-Identifier: MIT
"""The XML files for Trace Compass are well-formed, valid, and name nothing that is not there.

Trace Compass's schemas belong to it; they are used where PT_TRACE_COMPASS_XSD names their directory.
"""

import glob
import os
import shutil
import subprocess
import sys

import e2e
from e2e import check, equal

sys.path.insert(0, os.path.join(e2e.SOURCE, "tests", "trace"))
import statesystem  # noqa: E402

FILES = sorted(glob.glob(os.path.join(e2e.SOURCE, "scripts", "trace-compass", "*.xml")))
SCHEMAS = os.environ.get("PT_TRACE_COMPASS_XSD")
# What to break in which file, and what must be said about it.
MISTAKES = (
    ("mutexes", 'type="location" value="awaited/thread"', 'type="location" value="waiter"', "waiter"),
    ("mutexes", 'value="$CONTENDED"', 'value="$CONTENTED"', "CONTENTED"),
    ("mutexes", "<else>", "<otherwise>", "otherwise"),
    ("mutexes", 'type="null"', 'type="nothing"', "nothing"),
    ("mutexes", '<analysis id="pythread.mutexes"/>', '<analysis id="pythread.locks"/>', "not there"),
    ("mutexes", 'id="pythread.view.threads"', 'id="pythread.view.mutexes"', "not the only one"),
    ("mutexes", 'color="#E67E22"', 'color="orange"', "colour"),
    ("mutexes", "name + ' ' + tid", "name + ' ' + number", "number"),
    ("waits", 'cond="sure"', 'cond="certain"', "certain"),
    ("waits", 'target="done" action="wait"', 'target="done" action="segment"', "segment"),
    ("waits", 'target="held"', 'target="kept"', "target"),
    ("waits", 'id="hold" initial="start"', 'id="hold" initial="begin"', "initial"),
    ("keys", 'operator="ge"', 'operator="least"', "operator"),
    ("keys", 'forcedType="string"', 'forcedType="text"', "forced"),
)


def xmllint(*arguments):
    run = subprocess.run(["xmllint", "--noout", "--nonet", *arguments], capture_output=True, text=True,
                         check=False)
    equal(run.returncode, 0, f"xmllint {' '.join(arguments)}: {run.stderr}")


def well_formed():
    equal(len(FILES), 3, "XML files")
    if not shutil.which("xmllint"):
        print("not checked with xmllint, which is not installed (Debian package libxml2-utils)")
        return
    xmllint(*FILES)
    if SCHEMAS:
        xmllint("--schema", os.path.join(SCHEMAS, "xmlDefinition.xsd"), *FILES)
    else:
        print("not checked against the schemas: PT_TRACE_COMPASS_XSD does not say where they are")


def mistakes_are_found(directory):
    for name, right, wrong, said in MISTAKES:
        path = os.path.join(directory, "broken.xml")
        with open(next(file for file in FILES if name in file), encoding="utf-8") as file:
            text = file.read()
        check(right in text, f"{right} is not in {name}")
        text = text.replace(right, wrong).replace("</else>", "</otherwise>" if wrong == "<otherwise>"
                                                  else "</else>")
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        try:
            statesystem.File(path)
        except statesystem.Error as error:
            check(said in str(error), f"{wrong}: {error}")
        else:
            check(False, f"nothing is said about {wrong}")


def listed(python, file):
    """What the command tells of the views is what Trace Compass shows."""
    run = python.start([e2e.COMMAND, "views", "list"])
    equal((run.status, run.err), (0, ""), "result of list")
    lines = run.out.splitlines()
    for analysis in (*file.providers.values(), *file.patterns.values()):
        check(analysis.label in lines, f"analysis {analysis.label} is not listed")
    for view in (*file.time_graphs.values(), *file.charts.values()):
        check(any(line.startswith(f"  {view.label}  ") for line in lines), f"{view.label} is not listed")
    for pattern in file.patterns.values():
        check(any(line.startswith(f"  {pattern.prefix} Table") for line in lines), pattern.prefix)


def test(python):
    well_formed()
    listed(python, statesystem.File(*FILES))
    mistakes_are_found(python.directory)


e2e.main(test, once=True)
