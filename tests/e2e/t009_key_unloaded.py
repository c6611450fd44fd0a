# SPDX-License-Identifier: MIT
"""A library is unloaded with a live key: the report still names it."""

import os

import e2e
from e2e import check, equal, one

APP = """
import {module} as ext
ext.run("{library}")
print("done")
"""
LIBRARY = os.path.join(e2e.EXTENSIONS, "libplugin.so")


def test(python):
    report = python.script(APP.format(module="unloaded", library=LIBRARY)).report
    equal(report.kinds(), {"tss-key-lost"}, "findings")
    found = one(report.find("tss-key-lost"), "finding")
    stack = one((stack for stack in found["stacks"] if stack["role"] == "created"), "created")
    check((stack["native"][0]["module"] or "").endswith("/libplugin.so"), f"{stack['native'][0]}")
    equal(stack["native"][0]["function"], "plugin_start", "function in the unloaded library")
    clean = python.same_as_native(APP.format(module="unloaded_clean", library=LIBRARY))
    clean.clean()


e2e.main(test)
