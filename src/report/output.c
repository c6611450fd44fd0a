/* SPDX-License-Identifier: MIT */
#include "report/output.h"

#include "report/earlier.h"
#include "report/filename.h"
#include "report/utf8.h"
#include "report/write.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MODE 0666 /* the program's umask decides */
#define SUFFIX_SIZE 24

static bool to_file, started, complained;
static bool no_stderr; /* closed from the first: what gets its number later is the program's */

/* Kept off the stack: a program's threads may have small ones. */
static char path[PATH_MAX], resolved[PATH_MAX], temporary[PATH_MAX + SUFFIX_SIZE];

void output_init(const char *name, pid_t root)
{
	int saved = errno;

	no_stderr = fcntl(STDERR_FILENO, F_GETFD) < 0;
	errno = saved;
	to_file = name;
	filename_init(name, root);
}

void output_stderr(const struct buffer *text)
{
	if (text->length && !no_stderr)
		write_all(STDERR_FILENO, text->data, text->length);
}

void output_no_memory(void)
{
	static const char sentence[] = "pythread-trace: no memory is left to write the report\n";
	const struct buffer text = {.data = (char *)sentence, .length = sizeof(sentence) - 1};

	output_stderr(&text);
}

static void complain(int error)
{
	struct buffer line = {0};

	if (complained)
		return;
	complained = true;
	buffer_printf(&line, "pythread-trace: cannot write the report to ");
	utf8_add_printable(&line, path);
	buffer_printf(&line, ": %s\n", strerrordesc_np(error));
	if (line.failed)
		output_no_memory();
	else
		output_stderr(&line);
	buffer_free(&line);
}

/* Devices and /proc/self/fd are other names of somebody's stream: append, never replace. */
static bool is_stream(void)
{
	struct stat status;

	if (strncmp(path, "/dev/", strlen("/dev/")) == 0 ||
	    strncmp(path, "/proc/", strlen("/proc/")) == 0)
		return true;
	return stat(path, &status) == 0 && !S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode);
}

static bool make_path(void)
{
	if (filename_make(path, sizeof(path)))
		return true;
	complain(ENAMETOOLONG);
	return false;
}

bool output_replaceable(void)
{
	return to_file && make_path() && !is_stream();
}

static int write_and_close(int fd, const struct buffer *text)
{
	int error = write_all(fd, text->data, text->length);

	/* Some file systems tell only here that there was no room. */
	if (close(fd) != 0 && error == 0 && errno != EINTR)
		error = errno;
	return error;
}

static int append(const struct buffer *text)
{
	int flags = O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY;
	int fd;

	if (!started && !is_stream() && !earlier_is_text(path))
		flags |= O_TRUNC;
	fd = open(path, flags, MODE);
	if (fd < 0)
		return errno;
	started = true;
	return write_and_close(fd, text);
}

void output_append(const struct buffer *text)
{
	int error;

	if (text->length == 0)
		return;
	if (!to_file) {
		output_stderr(text);
		return;
	}
	if (!make_path())
		return;
	error = append(text);
	if (error)
		complain(error);
}

/* Through a symbolic link, so that the link stays and its target is the one replaced. */
static const char *real_path(void)
{
	return realpath(path, resolved) ? resolved : path;
}

static int replace(const struct buffer *text)
{
	const char *target = real_path();
	int error, fd;

	snprintf(temporary, sizeof(temporary), "%s.%d.tmp", target, (int)getpid());
	fd = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, MODE);
	if (fd < 0)
		return errno;
	error = write_and_close(fd, text);
	if (error == 0 && !started)
		error = earlier_keep(target);
	if (error == 0 && rename(temporary, target) != 0)
		error = errno;
	if (error)
		unlink(temporary);
	else
		started = true;
	return error;
}

void output_replace(const struct buffer *text)
{
	int error;

	if (!output_replaceable()) {
		output_append(text);
		return;
	}
	error = text->failed ? ENOMEM : replace(text);
	if (error)
		complain(error);
}

void output_after_fork(void)
{
	started = false;
	complained = false;
	filename_after_fork();
}
