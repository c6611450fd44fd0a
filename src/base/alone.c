/* SPDX-License-Identifier: MIT */
#include "base/alone.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* proc(5): from the state, which is the first thread's, to the number of threads. */
#define WORDS_BETWEEN 17

#define TEXT_SIZE 512

/* From the first thread's state on; the process's own name, before it, may have anything in it. */
static const char *read_stat(char text[TEXT_SIZE])
{
	int error = errno, file = open("/proc/self/stat", O_RDONLY | O_CLOEXEC);
	ssize_t length = -1;

	if (file >= 0) {
		length = read(file, text, TEXT_SIZE - 1);
		close(file);
	}
	errno = error;
	if (length <= 0)
		return NULL;
	text[length] = '\0';
	return memrchr(text, ')', (size_t)length);
}

static bool says_ended(const char *at)
{
	return at && strncmp(at, ") Z", 3) == 0;
}

bool first_thread_has_ended(void)
{
	char text[TEXT_SIZE];

	return says_ended(read_stat(text));
}

bool alone_in_process(void)
{
	char text[TEXT_SIZE];
	const char *at = read_stat(text);
	bool ended = says_ended(at);

	for (unsigned int word = 0; at && word <= WORDS_BETWEEN; word++)
		at = strchr(at + 1, ' ');
	if (!at)
		return false;
	return strncmp(at, " 1 ", 3) == 0 || (ended && strncmp(at, " 2 ", 3) == 0);
}
