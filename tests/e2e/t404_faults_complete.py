# SPDX-License-Identifier: MIT
"""Every function of libc that the tool calls is one whose failure is tested, or is known not to
fail, or not to matter."""

import os
import re
import shutil
import subprocess

import e2e
import faults
from e2e import check

OBJECTS = (("src", "hook", ".libs", "libpythread-trace.so"), ("src", "report", ".libs", "report.so"),
           ("tracepoints", ".libs", "libpythread-trace-lttng.so"))
COMMANDS = (("src", "record", "record"), ("src", "babeltrace", "report"), ("src", "cli", "doctor"))

# They do not fail, or say so of arguments that no caller has.
SURE = """
    __assert_fail bcmp __cxa_at_quick_exit __cxa_finalize __errno_location __isoc99_sscanf abort exit
    _dl_find_object dladdr1 clock_gettime dl_iterate_phdr dlerror free fnmatch getenv secure_getenv getpid
    getppid gettid memchr memcmp memcpy memmem memmove memrchr memset munmap pthread_attr_destroy
    pthread_attr_getstack pthread_attr_setdetachstate pthread_equal pthread_self pthread_detach
    pthread_join pthread_getspecific pthread_mutex_init pthread_mutex_lock pthread_mutex_trylock
    pthread_mutex_unlock pthread_cancel pthread_setcancelstate pthread_sigmask raise sem_destroy sem_init sem_post
    sem_wait sigaddset sigaltstack sigdelset sigemptyset sigfillset sigismember sigpending sigtimedwait
    snprintf vsnprintf strchr strcmp strcspn strerror strerrordesc_np strlen strncmp strrchr strstr
    __isoc23_sscanf __isoc23_strtol __isoc23_strtoll __isoc23_strtoul
    strtol strtoll strtoul sysconf _setjmp longjmp __longjmp_chk fcntl sched_yield getauxval
""".split()
# Their memory is asked for by malloc(), which fails there: what calls them is a place like others.
BY_MALLOC = """
    qsort setenv strdup strndup tsearch vasprintf __cxa_thread_atexit_impl __register_atfork on_exit
""".split()
# Of commands alone. A process of theirs is stopped, waited for and set up: none of that fails.
SURE_OF_COMMANDS = """
    __ctype_b_loc __libc_start_main _exit alarm argp_help argp_parse closedir dirfd dladdr dup2 ferror fclose
    get_nprocs_conf getgid getuid isatty kill localtime_r nl_langinfo pause readdir setitimer setpgid setrlimit
    setsid sigaction signal sigprocmask strftime strsignal strspn time usleep waitid waitpid
""".split()
BY_MALLOC_OF_COMMANDS = "asprintf fts_open fts_read fts_close nftw setlocale".split()
HARMLESS_OF_COMMANDS = "fgetxattr remove rmdir unlinkat".split()
# Of answers that were written a moment before, and to standard output: a flag tells in the end.
TOLD_BY_FLAG = "fgets fread printf puts".split()
# Relay daemons that cannot be found, refuse or go away: t336.
OF_NETWORK = "bind freeaddrinfo gai_strerror getaddrinfo getsockname getsockopt recv".split()
# What is lost by a failure is the call alone.
HARMLESS = "close dlclose fflush fprintf fputs prctl".split()


def undefined(path):
    said = subprocess.run(["nm", "-D", "--undefined-only", path], text=True, check=True,
                          stdout=subprocess.PIPE).stdout
    return set(re.findall(r"^\s+[Uw] (\w+)@GLIBC", said, re.MULTILINE))


def stood_in_for():
    said = subprocess.run(["nm", "-D", "--defined-only", faults.LIBRARY], text=True, check=True,
                          stdout=subprocess.PIPE).stdout
    return set(re.findall(r" T (\w+)$", said, re.MULTILINE))


def test(_):
    if not shutil.which("nm"):
        e2e.skip("nm is not installed")
    faults.needed()
    known = {*SURE, *BY_MALLOC, *HARMLESS} | stood_in_for()
    of_commands = known | {*SURE_OF_COMMANDS, *BY_MALLOC_OF_COMMANDS, *HARMLESS_OF_COMMANDS, *TOLD_BY_FLAG, *OF_NETWORK}
    data = {"environ", "__environ", "stderr", "stdout", "program_invocation_short_name", "__progname",
            "__libc_single_threaded"}
    check(all(os.path.exists(os.path.join(e2e.BUILD, *parts)) for parts in OBJECTS + COMMANDS), "not all is built")
    for parts in OBJECTS + COMMANDS:
        unknown = undefined(os.path.join(e2e.BUILD, *parts)) - data - (known if parts in OBJECTS else of_commands)
        check(not unknown, f"{parts[-1]} calls what no fault is tried of: {sorted(unknown)}")


e2e.main(test, once=True)
