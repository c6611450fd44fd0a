# SPDX-License-Identifier: MIT
"""
A vfork child reports nothing, what it executes does, into a file of its own; a shell between them
stays silent.
"""

import glob
import os

import e2e
from e2e import check, equal, one

APP = """
import subprocess, sys
import tss_uninitialized
tss_uninitialized.run()
bug = "import tss_get_before_create as bug; bug.run()"
done = subprocess.run(["sh", "-c", '"$0" -c "$1"', sys.executable, bug], close_fds={close_fds})
missing = subprocess.run(["sh", "-c", "exit 5"], close_fds={close_fds})
print(done.returncode, missing.returncode)
try:
    subprocess.run(["/nonexistent"], close_fds={close_fds})
except FileNotFoundError:
    print("not found")
"""


def test(python):
    for close_fds in (True, False):  # False: by posix_spawn where Python can
        run = python.same_as_native(APP.format(close_fds=close_fds))
        # Emulated, posix_spawn is not told that its child, which shares no memory then, found nothing.
        check(run.out.startswith("0 5\n"), "statuses of the children")
        equal(run.err, "", "standard error")
        equal(run.report.kinds(), {"tss-uninitialized"}, "findings of the parent")
        child = one(run.children, "reports of children")
        equal(child.kinds(), {"tss-get-before-create"}, "findings of the grandchild")
    plain(python)


def plain(python):
    """Preloaded, and nothing else: a program that is executed knows all the same that it is a child."""
    run = python.script(APP.format(close_fds=True), tool="preload", options={"output": "report"})
    report = os.path.join(run.directory, "report")
    texts = {}
    for path in glob.glob(report + "*"):
        with open(path, encoding="utf-8") as file:
            texts[path] = file.read()
    equal(len(texts), 2, "files")
    check("tss-uninitialized" in texts.pop(report), "the parent's finding is not in its file")
    (path, text), = texts.items()
    check("tss-get-before-create" in text, "the child's finding is not in its file")
    check(text.startswith(f"=={path[len(report) + 1:]}=="), f"{path} is not named for the child")


e2e.main(test)
