# SPDX-License-Identifier: MIT
"""The extensions of tests/ext, as an interpreter can load them.

They are built once, for the stable ABI. Free-threaded interpreters have another one, up to 3.14 with
no stable part: for each of these the build tree gets the same extensions once more.
"""

import fcntl
import hashlib
import os
import subprocess

STABLE = ".abi3.so"


def made_for(python, shared):
    """The folder that has them for this interpreter, and their suffix; shared: that of all others."""
    if not python.free_threaded:
        return shared, STABLE
    place = hashlib.sha256(python.include.encode()).hexdigest()[:8]
    name = f"for-{python.abi}-{place}"
    folder = os.path.join(shared, name)
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "lock"), "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # tests run side by side
        _make(shared, EXT_DIR=f"{name}/", EXT_SUFFIX=python.suffix, EXT_API="",
              EXT_INCLUDES=f"-I{python.include}")
    return folder, python.suffix


def _make(directory, **variables):
    """make does what is left to do, if anything; not as a part of the make that runs the tests."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")
           and name != "MFLAGS"}
    settings = [f"{name}={value}" for name, value in variables.items()]
    result = subprocess.run(["make", "-C", directory, "extensions", *settings], env=env, text=True,
                            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    if result.returncode:
        raise RuntimeError(f"make extensions failed:\n{result.stdout}")
