/* SPDX-License-Identifier: MIT */
#include "report/age.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define NANOSECONDS INT64_C(1000000000)

/* Start times and the times of files are kept in ticks of two clocks. */
#define TOLERANCE (NANOSECONDS / 10)

/* The fields of /proc/self/stat after the program's name in brackets begin with the third. */
#define FIRST_FIELD 3
#define START_FIELD 22

static int64_t nanoseconds(const struct timespec *time)
{
	return time->tv_sec * NANOSECONDS + time->tv_nsec;
}

static bool read_stat(char *text, size_t size)
{
	int fd = open("/proc/self/stat", O_RDONLY | O_CLOEXEC);
	ssize_t got;

	if (fd < 0)
		return false;
	got = read(fd, text, size - 1);
	close(fd);
	if (got <= 0)
		return false;
	text[got] = '\0';
	return true;
}

/* When this process began, in nanoseconds since the machine did; -1 when it cannot be told. */
static int64_t start_since_boot(void)
{
	long ticks = sysconf(_SC_CLK_TCK);
	char text[1024], *at;

	if (ticks <= 0 || !read_stat(text, sizeof(text)))
		return -1;
	at = strrchr(text, ')');
	for (int field = FIRST_FIELD; at && field <= START_FIELD; field++)
		at = strchr(at + 1, ' ');
	return at ? strtoll(at, NULL, 10) * (NANOSECONDS / ticks) : -1;
}

bool age_is_after_start(const struct timespec *when)
{
	struct timespec now, since_boot;
	int64_t start = start_since_boot();

	if (start < 0 || clock_gettime(CLOCK_REALTIME, &now) != 0 ||
	    clock_gettime(CLOCK_BOOTTIME, &since_boot) != 0)
		return true;
	return nanoseconds(when) - nanoseconds(&now) >=
	       start - nanoseconds(&since_boot) - TOLERANCE;
}
