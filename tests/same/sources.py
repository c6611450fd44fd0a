# SPDX-License-Identifier: MIT
"""Debian packages: which are installed, and the sources of those that are installed without tests.

Sources are unpacked in ~/.cache/pythread-trace/same, or the like under XDG_CACHE_HOME, once for each
version.
"""

import os
import shutil
import subprocess
import tempfile


class Unavailable(Exception):
    pass


def _version(package):
    """Of an installed package; None if it is not."""
    run = subprocess.run(["dpkg-query", "-W", "-f=${db:Status-Status} ${source:Version}", package],
                         capture_output=True, text=True, check=False)
    status, _, version = run.stdout.partition(" ")
    return version if status == "installed" else None


def missing(packages):
    return [package for package in packages if _version(package) is None]


def _cache():
    home = os.environ.get("XDG_CACHE_HOME", "")
    return os.path.join(home if home.startswith("/") else os.path.expanduser("~/.cache"),
                        "pythread-trace", "same")


def _archives():
    """Where apt has this system's packages from, as lines of a sources.list."""
    run = subprocess.run(["apt-get", "indextargets", "--format", "$(SITE) $(CODENAME) $(COMPONENT)",
                          "Created-By: Packages"], capture_output=True, text=True, check=False)
    return sorted({f"deb-src {line}" for line in run.stdout.splitlines() if line.endswith(" main")})


def fetch(source, registered=None):
    """The folder with the source of what is installed of python3-SOURCE. From where apt has its packages;
    from the Python package index, where it is called registered, if that has no sources."""
    version = _version(f"python3-{source}")
    folder = os.path.join(_cache(), f"{source}_{version.replace(':', '_')}")
    if not os.path.isdir(folder):
        os.makedirs(_cache(), exist_ok=True)
        work = tempfile.mkdtemp(prefix=".new-", dir=_cache())
        try:
            if not _by_apt(f"{source}={version}", work):
                released = version.split(":")[-1].rsplit("-", 1)[0].split("+")[0]
                _by_pip(f"{registered or source}=={released}", work)
            _unpack(work)
            os.replace(os.path.join(work, "source"), folder)
        finally:
            shutil.rmtree(work, ignore_errors=True)
    return folder


def _run(argv, work):
    return subprocess.run(argv, cwd=work, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          check=False)


def _by_apt(package, work):
    """Whether it got it. apt works with lists and places of its own."""
    for name in ("lists/partial", "cache/archives/partial"):
        os.makedirs(os.path.join(work, name))
    with open(os.path.join(work, "sources.list"), "w", encoding="utf-8") as file:
        file.writelines(f"{line}\n" for line in _archives())
    apt = ["apt-get", "-q", f"-oDir::Etc::SourceList={work}/sources.list",
           "-oDir::Etc::SourceParts=/dev/null", f"-oDir::State::Lists={work}/lists",
           f"-oDir::Cache={work}/cache", "-oAPT::Sandbox::User=root", "-oAcquire::Languages=none",
           "-oAcquire::Check-Valid-Until=false"]
    return not (_run([*apt, "update"], work).returncode or
                _run([*apt, "source", "--tar-only", "--only-source", package], work).returncode)


def _by_pip(package, work):
    """Without an isolated build first, where pip only asks the source for its name; else what the source
    wants for that comes built."""
    name = package.partition("==")[0]
    for more in (["--no-build-isolation"], []):
        run = _run(["/usr/bin/python3", "-m", "pip", "download", "--no-deps", f"--no-binary={name}",
                    *more, package], work)
        if run.returncode == 0:
            return
    raise Unavailable(f"neither apt-get nor pip gives the source of {package}: {run.stderr.strip()[-500:]}")


def _unpack(work):
    archive = next(name for name in os.listdir(work) if ".tar." in name and not name.endswith(".asc"))
    os.mkdir(os.path.join(work, "source"))
    run = _run(["tar", "-xf", archive, "-C", "source", "--strip-components=1"], work)
    if run.returncode:
        raise Unavailable(f"{archive} cannot be unpacked: {run.stderr.strip()}")
