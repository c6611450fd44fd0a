/* SPDX-License-Identifier: MIT */
#include "record/left.h"

#include "base/buffer.h"
#include "cli/command.h"
#include "options/options.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define NAMED_MAX 5 /* more are only counted */
#define MOMENT_MS 500
#define PAUSE_MS 50

/* A process's environment as it was when it began, or nothing. */
static void read_environment(struct buffer *text, const char *pid)
{
	char path[64], part[4096];
	ssize_t got;
	int fd;

	buffer_clear(text);
	snprintf(path, sizeof(path), "/proc/%.20s/environ", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	while ((got = read(fd, part, sizeof(part))) > 0)
		buffer_add(text, part, (size_t)got);
	close(fd);
}

/* Whether these options name the program: they end with what request_add_root() put there. */
static bool names_root(const struct buffer *environment, const char *root)
{
	const char *at = environment->data, *end = at + environment->length;

	for (size_t length; at && at < end; at += length + 1) {
		length = strlen(at);
		if (strncmp(at, OPTIONS_VARIABLE "=", strlen(OPTIONS_VARIABLE "=")) == 0)
			return length > strlen(root) &&
			       strcmp(at + length - strlen(root), root) == 0;
	}
	return false;
}

static bool is_number(const char *text)
{
	return *text && text[strspn(text, "0123456789")] == '\0';
}

static void add(struct buffer *names, unsigned int *count, const char *pid)
{
	if ((*count)++ < NAMED_MAX)
		buffer_printf(names, "%s%s", names->length ? ", " : "", pid);
	else if (*count == NAMED_MAX + 1)
		buffer_printf(names, ", ...");
}

/* How many there are now, and their numbers. */
static unsigned int list(struct buffer *names, const char *option)
{
	struct buffer environment = {0};
	DIR *directory = opendir("/proc");
	struct dirent *entry;
	unsigned int count = 0;

	buffer_clear(names);
	while (directory && (entry = readdir(directory))) {
		if (!is_number(entry->d_name))
			continue;
		read_environment(&environment, entry->d_name);
		if (environment.length && names_root(&environment, option))
			add(names, &count, entry->d_name);
	}
	if (directory)
		closedir(directory);
	buffer_free(&environment);
	return count;
}

/* Helpers such as multiprocessing's end by themselves once the program has: they get a moment. */
void left_report(pid_t root)
{
	struct timespec pause = {.tv_nsec = PAUSE_MS * 1000000};
	struct buffer names = {0};
	unsigned int count;
	char option[32];

	snprintf(option, sizeof(option), ":root=%d", (int)root);
	count = list(&names, option);
	for (int waited = 0; count && waited < MOMENT_MS; waited += PAUSE_MS) {
		nanosleep(&pause, NULL);
		count = list(&names, option);
	}
	if (count && names.data)
		complain("%u %s that the program started still %s (%s): the recording ends here",
			 count, count == 1 ? "process" : "processes", count == 1 ? "runs" : "run",
			 names.data);
	buffer_free(&names);
}
