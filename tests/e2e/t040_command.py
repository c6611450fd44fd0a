# SPDX-License-Identifier: MIT
"""The command: exit statuses of its own, one clear line for each mistake."""

import os

import e2e
from e2e import check, equal

RUN = "run"
# Arguments, exit status, what the line must name.
CASES = (
    ((), 2, ""),
    (("walk",), 2, "walk"),
    ((RUN,), 2, ""),
    ((RUN, "--nonsense", "true"), 2, "nonsense"),
    ((RUN, "--format=xml", "true"), 2, "xml"),
    ((RUN, "--error-exitcode=300", "true"), 2, "300"),
    ((RUN, "--error-exitcode=", "true"), 2, "error-exitcode"),
    ((RUN, "--fail-on=error,spelling", "true"), 2, "spelling"),
    ((RUN, "--leak-check=most", "true"), 2, "most"),
    ((RUN, "--stack-depth=0", "true"), 2, "0"),
    ((RUN, "--stack-depth=9999", "true"), 2, "9999"),
    ((RUN, "--python-stack=maybe", "true"), 2, "maybe"),
    ((RUN, "--on-error=cry", "true"), 2, "cry"),
    ((RUN, "--mutex=mine", "true"), 2, "mutex"),
    ((RUN, "--watchdog=5s", "true"), 2, "watchdog"),
    ((RUN, "--hang-exitcode=500", "true"), 2, "hang-exitcode"),
    ((RUN, "--long-hold=-5", "true"), 2, "long-hold"),
    ((RUN, "--long-wait=five", "true"), 2, "long-wait"),
    ((RUN, "--trace=x", "true"), 2, "trace"),
    (("record",), 2, ""),
    (("record", "--url=x", "true"), 2, "url"),
    (("record", "--", "no-such-program-anywhere"), 127, "no-such-program-anywhere"),
    ((RUN, "--", "no-such-program-anywhere"), 127, "no-such-program-anywhere"),
    ((RUN, "/nonexistent/program"), 127, "/nonexistent/program"),
    ((RUN, "{directory}"), 126, "{directory}"),
    ((RUN, "{directory}/not-executable"), 126, "not-executable"),
    ((RUN, "{directory}/pipe"), 126, "pipe"),
    ((RUN, "--", "true"), 0, None),
    ((RUN, "sh", "-c", "exit 77"), 77, None),
    ((RUN, "--quiet", "--", "sh", "-c", "kill -9 $$"), -9, None),
)


def test(python):
    with open(os.path.join(python.directory, "not-executable"), "w", encoding="utf-8") as file:
        file.write("text\n")
    os.mkfifo(os.path.join(python.directory, "pipe"), 0o755)
    for arguments, status, named in CASES:
        arguments = [argument.format(directory=python.directory) for argument in arguments]
        run = python.start([e2e.COMMAND, *arguments])
        equal(run.status, status, f"exit status of {arguments}")
        equal(run.out, "", f"standard output of {arguments}")
        if named is None:
            equal(run.err, "", f"standard error of {arguments}")
            continue
        check(named.format(directory=python.directory) in run.err, f"{arguments}: {run.err}")
        if arguments:
            equal(len(run.err.splitlines()), 1, f"lines of {arguments}")
            check(run.err.startswith("pythread-trace: "), f"{arguments}: {run.err}")
    for arguments in (["--help"], ["run", "--help"], ["doctor", "--help"], ["--version"]):
        run = python.start([e2e.COMMAND, *arguments])
        equal((run.status, run.err), (0, ""), f"result of {arguments}")
        check("pythread-trace" in run.out, f"{arguments}: {run.out}")
    again = python.start([e2e.COMMAND, "run", "--error-exitcode", "5", "--quiet", "sh", "-c",
                          'test "$1" = --quiet', "sh", "--quiet"])
    equal(again.status, 0, "the program's own options are its own")


e2e.main(test, once=True)
