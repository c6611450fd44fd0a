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
MUTEX_FUNCTIONS = "PyMutex_Lock PyMutex_Unlock PyMutex_IsLocked _PyMutex_LockTimed".split()


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


def exercise_mutex(api, ctypes, there):
    """The same for a PyMutex; an attempt to lock it with a time limit is left out."""
    mutex = ctypes.byref(ctypes.c_ubyte(0))
    api.PyMutex_Lock(mutex)
    if there["PyMutex_IsLocked"]:
        api.PyMutex_IsLocked(mutex)
    api.PyMutex_Unlock(mutex)


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


def places(api, ctypes, files, functions):
    """The file that each function's address lies in; null where there is no such function."""
    found = {}
    for name in functions:
        try:
            address = ctypes.cast(getattr(api, name), ctypes.c_void_p).value
        except AttributeError:
            found[name] = None
            continue
        found[name] = next((file for start, end, file in files if start <= address < end), "")
    return found


def inlining_header():
    """The header of this interpreter that has PyMutex, and whether it inlines it; null without."""
    try:
        import sysconfig
        include = sysconfig.get_path("include")
    except Exception:
        return None
    for name in "pylock.h", "lock.h":
        path = os.path.join(include, "cpython", name)
        try:
            with open(path, errors="replace") as header:
                return {"path": path, "inlines": "#define PyMutex_Lock _" in header.read()}
        except OSError:
            continue
    return None


def verify(answer, files):
    try:
        import ctypes
    except ImportError as error:
        answer["unverified"] = str(error)
        return
    api = ctypes.pythonapi
    keys = places(api, ctypes, files, FUNCTIONS)
    mutexes = places(api, ctypes, files, MUTEX_FUNCTIONS)
    answer["places"] = {**keys, **mutexes}
    answer["called"] = all(keys.values())
    answer["unpark"] = hasattr(api, "_PyParkingLot_Unpark")
    if answer["called"]:
        exercise(api, ctypes)
        if mutexes["PyMutex_Lock"]:
            exercise_mutex(api, ctypes, mutexes)


def main():
    files = list(mapped_files())
    answer = {
        "implementation": sys.implementation.name,
        "version": sys.version.split()[0],
        "executable": os.path.realpath("/proc/self/exe"),
        "free_threaded": "t" in getattr(sys, "abiflags", ""),
        "libpython": libpython(files),
        "gil": getattr(sys, "_is_gil_enabled", lambda: True)(),
        "has_mutex": sys.version_info >= (3, 13),
    }
    if answer["implementation"] == "cpython":
        verify(answer, files)
    if answer["has_mutex"]:
        answer["mutex_header"] = inlining_header()
    print(json.dumps(answer))


main()
