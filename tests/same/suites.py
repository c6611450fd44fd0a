# SPDX-License-Identifier: MIT
"""The suites that scripts/same knows.

CPython's own tests, by a version ("3.11", "3.13t") of an interpreter of this machine or by its path;
and those of extensions in Debian packages, by the package's name without "python3-".
"""

import os
import re
import shutil
import subprocess
import sys

import outcome
import sources

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(1, os.path.join(os.path.dirname(HERE), "e2e"))
import interpreters  # noqa: E402 (needs the path)

XML = "result.xml"
SYSTEM_PYTHON = "/usr/bin/python3"


class Unavailable(Exception):
    pass


def _printed(argv):
    run = subprocess.run(argv, capture_output=True, text=True, check=False,
                         env={**os.environ, "LD_PRELOAD": ""})
    return run.stdout if run.returncode == 0 else None


class Suite:
    """check(): raises Unavailable if it cannot be run here. units(): names. command(unit, timeout):
    (argv, environment). Results are in the file XML, in the folder that argv is started in."""

    xml = XML

    def results(self, run):
        return outcome.from_xml(f"{run.log}.{XML}", run.log)


class CPython(Suite):
    def __init__(self, name, python, resources=None):
        self.name, self.python = name, python
        self.use = ["-u", resources] if resources else []
        self.title = f"CPython's tests, {python}"

    def check(self):
        self.units()

    def units(self):
        listed = _printed([self.python, "-m", "test", "--list-tests"])
        if listed is None:
            raise Unavailable(f"{self.python} has no tests of CPython's (Debian package "
                              "libpythonX.Y-testsuite)")
        # Some versions name modules of packages test.test_asyncio.test_tasks; all take them as the rest.
        return [name.removeprefix("test.") for name in listed.split()]

    def command(self, unit, timeout):
        # In time to print where every thread is.
        return [self.python, "-m", "test", "-v", f"--timeout={timeout * 9 // 10}",
                *self.use, f"--junit-xml={{work}}/{XML}", unit], {}


class Pytest(Suite):
    """modules: names of what is imported. needs: Debian packages. source: that of a Debian package,
    whose folder below has the tests, for packages that are installed without them."""

    def __init__(self, name, needs, modules=(), source=None, registered=None,
                 below="", arguments=()):
        self.name, self.needs, self.modules = name, ("python3-pytest", *needs), modules
        self.source, self.registered = source, registered
        self.below, self.arguments = below, list(arguments)
        self.python = SYSTEM_PYTHON
        self.title = f"tests of Debian's {' '.join(needs)}, {SYSTEM_PYTHON}"
        self.folder = None

    def check(self):
        missing = sources.missing(self.needs)
        if missing:
            raise Unavailable(f"missing packages: apt-get install {' '.join(missing)}")

    def units(self):
        self.check()
        if not self.source:
            return list(self.modules)
        try:
            self.folder = os.path.join(sources.fetch(self.source, self.registered), self.below)
        except sources.Unavailable as error:
            raise Unavailable(str(error)) from error
        return sorted(name for name in os.listdir(self.folder)
                      if re.fullmatch(r"test_\w+\.py", name))

    def command(self, unit, timeout):
        what = [os.path.join(self.folder, unit)] if self.folder else ["--pyargs", unit]
        rootdir = [f"--rootdir={self.folder}"] if self.folder else []
        return [self.python, "-m", "pytest", "-v", "-o", "cache_dir={work}/cache", *rootdir,
                f"--junit-xml={{work}}/{XML}", *self.arguments, *what], {}


_NUMPY = [f"numpy.{module}" for module in (
    "core.tests.test_array_coercion", "core.tests.test_multiarray",
    "core.tests.test_nditer", "core.tests.test_ufunc", "core.tests.test_mem_policy",
    "core.tests.test_errstate", "core.tests.test_records", "core.tests.test_dtype",
    "fft.tests.test_pocketfft", "linalg.tests.test_linalg", "random.tests.test_generator_mt19937",
    "random.tests.test_random", "tests.test_ctypeslib", "tests.test_reloading", "lib.tests.test_io")]

_SCIPY = [f"scipy.{module}" for module in (
    "fft._pocketfft.tests.test_basic", "fft.tests.test_multithreading", "fft.tests.test_helper",
    "optimize.tests.test__linprog_clean_inputs", "optimize.tests.test_direct",
    "optimize.tests.test_minpack", "spatial.tests.test_distance", "spatial.tests.test_kdtree",
    "special.tests.test_basic", "stats.tests.test_qmc", "integrate.tests.test_quadpack",
    "interpolate.tests.test_interpolate", "_lib.tests.test_ccallback",
    "_lib.tests.test__threadsafety", "sparse.tests.test_base", "linalg.tests.test_decomp",
    "ndimage.tests.test_c_api", "signal.tests.test_signaltools")]

_MATPLOTLIB = [f"matplotlib.tests.test_{module}" for module in (
    "animation", "artist", "backends_interactive", "backend_tools", "cbook", "colors", "contour",
    "figure", "font_manager", "ft2font", "path", "patches", "pyplot", "rcparams", "sphinxext", "text",
    "ticker", "transforms", "triangulation")]

PACKAGES = {suite.name: suite for suite in (
    Pytest("contourpy", ["python3-contourpy", "python3-matplotlib"], source="contourpy", below="tests"),
    Pytest("iminuit", ["python3-iminuit", "python3-matplotlib", "python3-scipy"], source="iminuit",
           below="tests"),
    Pytest("pyosmium", ["python3-pyosmium", "python3-shapely"], source="pyosmium",
           registered="osmium", below="test"),
    Pytest("numpy", ["python3-numpy", "python3-hypothesis"], _NUMPY),
    Pytest("scipy", ["python3-scipy", "python3-hypothesis"], _SCIPY),
    Pytest("matplotlib", ["python3-matplotlib"], _MATPLOTLIB),
)}


_ASK = """import sys, sysconfig
print("%d.%d" % sys.version_info[:2] + "t" * bool(sysconfig.get_config_var("Py_GIL_DISABLED"))
      + "d" * hasattr(sys, "gettotalrefcount"))"""


def _version(python):
    return f"{python['version'][0]}.{python['version'][1]}" + "t" * python["free_threaded"] + \
        "d" * python["debug"]


def find(name, build, resources=None):
    """The suite of that name. resources: what CPython's tests may use, as for their -u."""
    if name in PACKAGES:
        return PACKAGES[name]
    if "/" in name:
        version = _printed([name, "-c", _ASK]) if shutil.which(name) else None
        if not version:
            raise Unavailable(f"{name} is no Python that runs")
        return CPython(version.strip(), os.path.abspath(name), resources)
    for python in interpreters.find(build)[0]:
        if _version(python) == name and _printed([python["path"], "-c", "import test.support"]) is not None:
            return CPython(name, python["path"], resources)
    raise Unavailable(f"no suite is called that, nor is there a CPython {name} with its tests")


def known(build):
    """{name: why it cannot be run, or None}, of one CPython of each version and of all packages."""
    versions = dict.fromkeys(_version(python) for python in interpreters.find(build)[0])
    return {name: _why_not(name, build) for name in [*versions, *PACKAGES]}


def _why_not(name, build):
    try:
        find(name, build).check()
    except Unavailable as error:
        return str(error)
    return None


def show(build):
    for name, reason in known(build).items():
        print(f"{name}: {reason or find(name, build).title}")
