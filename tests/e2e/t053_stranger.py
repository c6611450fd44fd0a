# SPDX-License-Identifier: MIT
"""A key that was never created is number 0, somebody else's: the report says whose."""

import os

from e2e import check, equal, main, matches, one


def test(python):
    source = "import tss_set_before_create as bug\nbug.run()\n"
    finding = one(python.script(source).report.find("tss-set-before-create"), "finding")
    equal(finding["object"]["slot"], 0, "slot")
    owner = finding["object"]["slot_owner"]
    check(owner, "nobody owns number 0")
    matches("python|launcher", os.path.basename(owner), "its owner")
    text = python.script(source, report=False).err
    matches(rf"^==\d+==  slot 0 belongs to another key, created by {os.path.basename(owner)}$", text,
            "text")


main(test)
