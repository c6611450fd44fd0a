/* SPDX-License-Identifier: MIT */
#include "report/earlier.h"

#include "report/age.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* JSON and SARIF tell the process before anything whose length is not known. */
#define HEAD_SIZE 512
#define NUMBER_SIZE 24

static char kept[PATH_MAX + NUMBER_SIZE]; /* off the stack: threads may have small ones */

/* UNKNOWN: it could not be looked at for want of something, and may well be one of ours. */
enum sight { NOTHING, HEAD, UNKNOWN };

static enum sight read_open(int fd, char head[HEAD_SIZE])
{
	struct stat status;
	ssize_t length;

	if (fstat(fd, &status) != 0)
		return UNKNOWN;
	if (!S_ISREG(status.st_mode)) /* a terminal, a pipe */
		return NOTHING;
	length = read(fd, head, HEAD_SIZE - 1);
	if (length < 0)
		return UNKNOWN;
	head[length] = '\0';
	return length && age_is_after_start(&status.st_mtim) ? HEAD : NOTHING;
}

/* The beginning of a file that may have been written since this process began. */
static enum sight read_head(const char *path, char head[HEAD_SIZE])
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	enum sight sight;

	if (fd < 0)
		return errno == EMFILE || errno == ENFILE || errno == ENOMEM ? UNKNOWN : NOTHING;
	sight = read_open(fd, head);
	close(fd);
	return sight;
}

static bool begins_with_pid(const char *head)
{
	char expected[NUMBER_SIZE];
	int length = snprintf(expected, sizeof(expected), "==%d==", (int)getpid());

	return strncmp(head, expected, (size_t)length) == 0;
}

/* Quotes inside a string are escaped, so this is nobody's text. */
static bool has_pid_in(const char *head, const char *member)
{
	const char *at = strstr(head, member);

	return at && strtol(at + strlen(member), NULL, 10) == getpid();
}

bool earlier_is_text(const char *path)
{
	char head[HEAD_SIZE];
	enum sight sight = read_head(path, head);

	return sight == UNKNOWN || (sight == HEAD && begins_with_pid(head));
}

static bool is_report(const char *path)
{
	char head[HEAD_SIZE];
	enum sight sight = read_head(path, head);

	return sight == UNKNOWN ||
	       (sight == HEAD && (begins_with_pid(head) || has_pid_in(head, "\"pid\":") ||
				  has_pid_in(head, "\"processId\":")));
}

int earlier_keep(const char *path)
{
	struct stat status;
	int number = 0;

	if (!is_report(path))
		return 0;
	do
		snprintf(kept, sizeof(kept), "%s.%d", path, ++number);
	while (lstat(kept, &status) == 0);
	if (errno != ENOENT)
		return errno;
	/* What could not be looked at may not even be there. */
	return rename(path, kept) == 0 || errno == ENOENT ? 0 : errno;
}
