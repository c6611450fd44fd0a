# SPDX-License-Identifier: MIT
# What "doctor" runs in the interpreter: who are you, and where do these functions lead? Each is
# looked up as an extension would, and called once. The answer is one line of JSON.
import json
import os
import sys

FUNCTIONS = """
    PyThread_tss_alloc PyThread_tss_free PyThread_tss_is_created PyThread_tss_create
    PyThread_tss_delete PyThread_tss_set PyThread_tss_get PyThread_create_key
    PyThread_delete_key PyThread_set_key_value PyThread_get_key_value
    PyThread_delete_key_value PyThread_ReInitTLS
""".split()


def exercise(api, ctypes):
    """Calls every function exactly once, in an order that is correct use."""
    pointer, value = ctypes.c_void_p, ctypes.c_void_p(1)
    api.PyThread_tss_alloc.restype = pointer
    api.PyThread_tss_get.restype = pointer
    api.PyThread_get_key_value.restype = pointer
    key = pointer(api.PyThread_tss_alloc())
    api.PyThread_tss_create(key)
    api.PyThread_tss_is_created(key)
    api.PyThread_tss_set(key, value)
    api.PyThread_tss_get(key)
    api.PyThread_tss_delete(key)
    api.PyThread_tss_free(key)
    number = api.PyThread_create_key()
    api.PyThread_set_key_value(number, value)
    api.PyThread_get_key_value(number)
    api.PyThread_delete_key_value(number)
    api.PyThread_delete_key(number)
    api.PyThread_ReInitTLS()


def mapped_files():
    """(start, end, file) of everything that is mapped from a file."""
    with open("/proc/self/maps", errors="surrogateescape") as maps:
        for line in maps:
            fields = line.rstrip("\n").split(None, 5)
            if len(fields) == 6 and fields[5].startswith("/"):
                start, end = (int(part, 16) for part in fields[0].split("-"))
                yield start, end, fields[5]


def libpython(files):
    """The shared library that the interpreter is in; null when it is in the executable."""
    names = (file for _, _, file in files)
    return next((name for name in names if os.path.basename(name).startswith("libpython")), None)


def places(api, ctypes, files):
    """The file that each function's address lies in; null where there is no such function."""
    found = {}
    for name in FUNCTIONS:
        try:
            address = ctypes.cast(getattr(api, name), ctypes.c_void_p).value
        except AttributeError:
            found[name] = None
            continue
        found[name] = next((file for start, end, file in files if start <= address < end), "")
    return found


def verify(answer, files):
    try:
        import ctypes
    except ImportError as error:
        answer["unverified"] = str(error)
        return
    api = ctypes.pythonapi
    answer["places"] = places(api, ctypes, files)
    answer["called"] = all(answer["places"].values())
    if answer["called"]:
        exercise(api, ctypes)


def main():
    files = list(mapped_files())
    answer = {
        "implementation": sys.implementation.name,
        "version": sys.version.split()[0],
        "executable": os.path.realpath("/proc/self/exe"),
        "free_threaded": "t" in getattr(sys, "abiflags", ""),
        "libpython": libpython(files),
        "gil": getattr(sys, "_is_gil_enabled", lambda: True)(),
    }
    if answer["implementation"] == "cpython":
        verify(answer, files)
    print(json.dumps(answer))


main()
