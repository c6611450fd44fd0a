# SPDX-License-Identifier: MIT
"""--on-error: abort and stop come after the report, at the first error and at nothing less."""

import os
import signal
import subprocess
import time

import e2e
from e2e import check, equal

BUG = "import tss_get_before_create as bug\nbug.run()\nprint('done')\n"
WARNING = "import tss_copied as bug\nbug.create()\nbug.run()\nprint('done')\n"


def state_of(pid):
    with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
        return file.read().rsplit(")", 1)[1].split()[0]


def stopped(python):
    """Runs until it stops, as a debugger's user would find it; then lets it go on."""
    report = os.path.join(python.new_directory(), "report.json")
    argv = [e2e.COMMAND, "run", "--on-error=stop", "--format=json", f"--output={report}",
            python.path, "-c", BUG]
    env = {**os.environ, "PYTHONPATH": python.extensions}
    with subprocess.Popen(argv, env=env, stdout=subprocess.PIPE, text=True) as process:
        try:
            deadline = time.monotonic() + 60
            while state_of(process.pid) not in "TZ" and time.monotonic() < deadline:
                time.sleep(0.02)
            equal(state_of(process.pid), "T", "state of the process")
            equal(e2e.Report(report).kinds(), {"tss-get-before-create"}, "report of the stopped")
            os.kill(process.pid, signal.SIGCONT)
            equal(process.communicate(timeout=60)[0], "done\n", "output after SIGCONT")
        finally:
            process.kill()
    equal(process.returncode, 0, "exit status after SIGCONT")


def test(python):
    run = python.script(BUG, options={"on_error": "abort"})
    equal((run.status, run.out), (-signal.SIGABRT, ""), "result with --on-error abort")
    equal(run.report.kinds(), {"tss-get-before-create"}, "findings")
    text = python.script(BUG, options={"on_error": "abort"}, report=False)
    check("tss-get-before-create" in text.err, "no text before the abort")
    for app in (WARNING, "print('done')"):
        run = python.script(app, options={"on_error": "abort"})
        equal((run.status, run.out), (0, "done\n"), "result without an error")
    stopped(python)


e2e.main(test)
