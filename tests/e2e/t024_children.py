# SPDX-License-Identifier: MIT
"""A vfork child reports nothing, what it executes does; a shell between them stays silent."""

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


e2e.main(test)
