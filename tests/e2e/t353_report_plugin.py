# SPDX-License-Identifier: MIT
"""The plug-in in babeltrace2's own command, alone and among other components; the form of the JSON."""

import json
import os
import subprocess

import e2e
import lttng
import reading
from e2e import check, equal, matches

APP = """
import tss_set_before_create, tss_key_growth
tss_set_before_create.run()
for turn in range(10):
    tss_key_growth.run()
"""
# Names and types of what every report has; the manual has them too.
NUMBER, TEXT, FLAG = int, str, bool
WHOLE = {"tool": TEXT, "version": TEXT, "format": NUMBER, "trace": dict, "processes": list, "lost": dict,
         "warnings": list}
TRACE = {"path": (TEXT, type(None)), "begin_ns": NUMBER, "end_ns": NUMBER, "events": NUMBER,
         "other_events": NUMBER}
LOST = {"events": NUMBER, "packets": NUMBER, "uncounted": FLAG, "damaged": NUMBER}
PROCESS = {"tool": TEXT, "version": TEXT, "format": NUMBER, "process": dict, "python": dict,
           "hooks": list, "findings": list, "keys": dict, "mutexes": list, "waits": list,
           "dropped": NUMBER, "summary": dict, "host": TEXT, "program": TEXT, "begin_ns": NUMBER,
           "end_ns": NUMBER, "events": NUMBER, "longest_waits": list, "keys_over_time": dict}


def shaped(thing, shape, what):
    for name, kind in shape.items():
        check(name in thing, f"{what} has no {name}")
        check(isinstance(thing[name], kind), f"{name} of {what}: {thing[name]!r}")


def babeltrace(*arguments, status=0):
    done = subprocess.run(["babeltrace2", f"--plugin-path={reading.PLUGINS}", *arguments],
                          capture_output=True, text=True, check=False,
                          env={**os.environ, "LC_ALL": "C.UTF-8"})
    equal(done.returncode, status, f"babeltrace2 {arguments}: {done.stderr}")
    return done


def component(**params):
    return ["--component=sink.pythread.report",
            "--params=" + ",".join(f"{name.replace('_', '-')}={json.dumps(value)}"
                                   for name, value in params.items())]


def test(python):
    with lttng.Daemon(python.directory) as daemon:
        run, output = reading.record(python, daemon, APP)
    listed = babeltrace("list-plugins").stdout
    equal(listed.count("sink.pythread.report"), 1, "how often the plug-in is listed")
    check("format" in babeltrace("help", "sink.pythread.report").stdout, "the help")

    text = babeltrace(output, *component(format="text")).stdout
    matches(r"^==\d+==ERROR: pythread-trace: tss-set-before-create: ", text, "the text")
    equal(babeltrace(output, "--component=filter.utils.trimmer", *component(format="text")).stdout, text,
          "the text behind a filter")

    whole = json.loads(babeltrace(output, *component(format="json", top=3)).stdout)
    shaped(whole, WHOLE, "the report")
    shaped(whole["trace"], TRACE, "trace")
    shaped(whole["lost"], LOST, "lost")
    equal((whole["tool"], whole["format"]), ("pythread-trace", 1), "tool and format")
    process = e2e.one([one for one in whole["processes"] if one["process"]["pid"] == run.pid], "process")
    shaped(process, PROCESS, "a process")
    series = process["keys_over_time"]
    owner = e2e.one([one for one in series["owners"] if "tss_key_growth" in (one["module"] or "")],
                    "the series of the library that makes keys")
    equal((owner["peak"], max(owner["most"]), owner["most"][-1]), (10, 10, 10), "its keys over time")
    check(series["step_ns"] > 0 and len(owner["most"]) <= 64, "its steps")

    command = json.loads(reading.report("--format=json", output).stdout)
    for one in (whole, command):
        one["trace"]["path"] = None
    equal(command, whole, "the command and the plug-in")
    to_file = os.path.join(python.directory, "out.json")
    equal(reading.report("--format=json", f"--output={to_file}", output).stdout, "", "standard output")
    with open(to_file, encoding="utf-8") as file:
        equal(json.load(file)["processes"][0]["findings"], command["processes"][0]["findings"], "file")
    babeltrace(output, *component(colour="red"), status=1)
    babeltrace(output, *component(format="xml"), status=1)

    rules = os.path.join(python.directory, "rules")
    with open(rules, "w", encoding="utf-8") as file:
        file.write("tss-set-before-create:*\n")
    read = reading.Read(f"--suppressions={rules}", output).process(run.pid)
    equal(read.summary["suppressed"], 1, "suppressed")
    check("ERROR" not in reading.report(f"--suppressions={rules}", output).stdout, "it is still there")
    reading.refused(f"--suppressions={rules}.none", output, status=2)
    reading.refused("--format=xml", output, status=2)
    reading.refused(status=2)


lttng.main(test, once=True)
