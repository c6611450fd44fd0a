/* SPDX-License-Identifier: MIT */
#include "base/alone.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* proc(5): from the state, which is the first thread's, to the number of threads. */
#define WORDS_BETWEEN 17

/* The process's own name, which comes first, may have anything in it. */
static bool judge(const char *text, size_t length)
{
	const char *at = memrchr(text, ')', length);
	bool first_has_ended = at && strncmp(at, ") Z", 3) == 0;

	for (unsigned int word = 0; at && word <= WORDS_BETWEEN; word++)
		at = strchr(at + 1, ' ');
	if (!at)
		return false;
	return strncmp(at, " 1 ", 3) == 0 || (first_has_ended && strncmp(at, " 2 ", 3) == 0);
}

bool alone_in_process(void)
{
	int error = errno, file = open("/proc/self/stat", O_RDONLY | O_CLOEXEC);
	bool alone = false;
	char text[512];
	ssize_t length;

	if (file >= 0) {
		length = read(file, text, sizeof(text) - 1);
		if (length > 0) {
			text[length] = '\0';
			alone = judge(text, (size_t)length);
		}
		close(file);
	}
	errno = error;
	return alone;
}
