/* SPDX-License-Identifier: MIT */
/*
 * Files are closed by number. A program that becomes a daemon, or is about to call exec, closes all
 * that it knows nothing of, and LTTng's threads would stumble over a file of theirs that is gone,
 * and abort. So these are spared, as by LTTng's own helper library, and closed by an exec. Not
 * spared are those that another file is put in the place of, by dup2().
 */
#include "hook/process.h"
#include "hook/real.h"
#include "hook/trace.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

EXPORT int close(int file);
EXPORT int close_range(unsigned int first, unsigned int last, int flags);
EXPORT void closefrom(int first);

/* A vfork child has files of its own, and no threads of LTTng's. */
static bool some_are_spared(void)
{
	return unlikely(__atomic_load_n(&trace_safe_close, __ATOMIC_RELAXED) != NULL) &&
	       process_is_own();
}

static int close_nothing(int file)
{
	(void)file;
	return 0;
}

/*
 * Whether it is one of LTTng's, which its library says with a lock held: no handler may leave by a
 * jump meanwhile, and the file, whose closing may take its time, is closed without.
 */
static bool is_spared(int file)
{
	sigset_t all, before;
	bool spared;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	spared = trace_safe_close(file, close_nothing) != 0;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return spared;
}

/*
 * LTTng does not strike a file off when it closes it for lack of memory, and the next one of that
 * number is the program's. What has a name, or is a directory or a device, was never LTTng's.
 */
static bool may_be_lttngs(int file)
{
	struct stat status;

	if (fstat(file, &status) != 0)
		return true;
	return !S_ISDIR(status.st_mode) && !S_ISCHR(status.st_mode) && !S_ISBLK(status.st_mode) &&
	       !(S_ISREG(status.st_mode) && status.st_nlink > 0);
}

static int close_unless_spared(int file)
{
	int flags, saved = errno;

	if (!is_spared(file) || !may_be_lttngs(file)) {
		errno = saved;
		return real()->close(file);
	}
	flags = fcntl(file, F_GETFD);
	if (flags >= 0)
		fcntl(file, F_SETFD, flags | FD_CLOEXEC);
	errno = EBADF;
	return -1;
}

int close(int file)
{
	return some_are_spared() ? close_unless_spared(file) : real()->close(file);
}

static void close_entries(const char *bytes, long size, int folder, unsigned int first,
			  unsigned int last)
{
	for (long at = 0; at < size;) {
		const struct dirent64 *entry = (const struct dirent64 *)(bytes + at);
		unsigned long file = strtoul(entry->d_name, NULL, 10);

		if (entry->d_name[0] != '.' && file >= first && file <= last &&
		    file != (unsigned)folder)
			close_unless_spared((int)file);
		at += entry->d_reclen;
	}
}

/* It cannot be told which are open: each number that LTTng may have is tried. */
static void close_one_by_one(unsigned int first, unsigned int last)
{
	struct rlimit files;
	unsigned int file, end = 0;

	if (getrlimit(RLIMIT_NOFILE, &files) == 0)
		end = files.rlim_cur > INT_MAX ? INT_MAX : (unsigned int)files.rlim_cur;
	for (file = first; file < end && file <= last; file++)
		close_unless_spared((int)file);
	if (file >= end && file <= last)
		syscall(SYS_close_range, file, last, 0);
}

static void close_listed(int folder, unsigned int first, unsigned int last)
{
	char bytes[1024] __attribute__((aligned(8)));
	long size;

	while ((size = syscall(SYS_getdents64, folder, bytes, sizeof(bytes))) > 0)
		close_entries(bytes, size, folder, first, last);
	real()->close(folder);
}

/* Allocates nothing: also for a child before exec. Keeps errno: neither caller can fail. */
static void close_between(unsigned int first, unsigned int last)
{
	int saved = errno, folder = open("/proc/self/fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (folder >= 0)
		close_listed(folder, first, last);
	else
		close_one_by_one(first, last);
	errno = saved;
}

int close_range(unsigned int first, unsigned int last, int flags)
{
	if (flags != 0 || first > last || !some_are_spared())
		return (int)syscall(SYS_close_range, first, last, flags);
	close_between(first, last);
	return 0;
}

void closefrom(int first)
{
	if (some_are_spared())
		close_between(first < 0 ? 0 : (unsigned int)first, UINT_MAX);
	else if (real()->closefrom)
		real()->closefrom(first);
}
