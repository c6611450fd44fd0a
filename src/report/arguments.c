/* SPDX-License-Identifier: MIT */
#include "report/arguments.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static void read_all(struct buffer *memory)
{
	int fd = open("/proc/self/cmdline", O_RDONLY | O_CLOEXEC);
	char chunk[1024];
	ssize_t got;

	if (fd < 0)
		return;
	do {
		got = read(fd, chunk, sizeof(chunk));
		if (got > 0)
			buffer_add(memory, chunk, (size_t)got);
	} while (got > 0 || (got < 0 && errno == EINTR));
	close(fd);
}

static unsigned int count_texts(const struct buffer *memory)
{
	unsigned int count = 0;

	for (size_t i = 0; i < memory->length; i++)
		count += memory->data[i] == '\0';
	return count;
}

const char *const *arguments_read(struct buffer *memory)
{
	const char *no_argument = NULL;
	size_t length, texts;
	const char **argument;

	read_all(memory);
	buffer_add(memory, "", 1); /* ends a last text that has no end of its own */
	if (memory->failed)
		return NULL;
	length = memory->length;
	texts = count_texts(memory) - (length < 2 || memory->data[length - 2] == '\0');
	while (memory->length % sizeof(no_argument) && !memory->failed)
		buffer_add(memory, "", 1);
	length = memory->length;
	for (size_t i = 0; i <= texts; i++)
		buffer_add(memory, (const char *)&no_argument, sizeof(no_argument));
	if (memory->failed)
		return NULL;
	argument = (const char **)(void *)(memory->data + length);
	for (size_t i = 0, at = 0; i < texts; i++) {
		argument[i] = memory->data + at;
		at += strlen(memory->data + at) + 1;
	}
	return argument;
}
