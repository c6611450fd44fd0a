# SPDX-License-Identifier: MIT
"""What the tests share of a process that ends with its last thread, in the exit that the C library calls
for that: a child forked in a thread, whose first thread that is."""

import textwrap

_APP = """
import os, threading, time, warnings
import {module} as ext
warnings.simplefilter("ignore")
def fork():
    child = os.fork()
    if child:
        print("parent", os.waitpid(child, 0)[1])
    else:
{body}
        os.write(1, b"child\\n")
thread = threading.Thread(target=fork)
thread.start()
thread.join()
"""
SAYS = "child\nparent 0\n"


def app(module, body):
    """body: what the child does, with the module as `ext`."""
    return _APP.format(module=module, body=textwrap.indent(body, " " * 8))


KEY = app("tss_key_live", "ext.run()")
