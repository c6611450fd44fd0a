/* SPDX-License-Identifier: MIT */
#include "fuzz.h"

#include "report/utf8.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

void fuzz_fail(const char *file, int line, const char *condition)
{
	fprintf(stderr, "%s:%d: this does not hold: %s\n", file, line, condition);
	abort();
}

uint64_t input_number(struct input *input, unsigned int width)
{
	uint64_t number = 0;

	for (unsigned int i = 0; i < width && input->left; i++, input->at++, input->left--)
		number |= (uint64_t)*input->at << (8 * i);
	return number;
}

void *input_block(struct input *input, size_t size)
{
	size_t there = size < input->left ? size : input->left;
	char *block = malloc(size ? size : 1);

	REQUIRE(block);
	memset(block, 0, size);
	if (there)
		memcpy(block, input->at, there);
	input->at += there;
	input->left -= there;
	return block;
}

char *input_text(struct input *input, char end)
{
	const uint8_t *found = input->left ? memchr(input->at, end, input->left) : NULL;
	size_t length = found ? (size_t)(found - input->at) : input->left;
	size_t used = length + (found != NULL);
	char *text = strndup((const char *)input->at, length);

	REQUIRE(text);
	input->at += used;
	input->left -= used;
	return text;
}

const char *fuzz_file_of(unsigned int which, const void *data, size_t size)
{
	static struct {
		char path[48];
		int fd;
	} files[FUZZ_FILES];

	REQUIRE(which < FUZZ_FILES);
	if (!files[which].path[0]) {
		files[which].fd = memfd_create("input", MFD_CLOEXEC);
		snprintf(files[which].path, sizeof(files[which].path), "/proc/self/fd/%d",
			 files[which].fd);
	}
	REQUIRE(files[which].fd >= 0 && ftruncate(files[which].fd, 0) == 0);
	REQUIRE(size == 0 || pwrite(files[which].fd, data, size, 0) == (ssize_t)size);
	return files[which].path;
}

bool fuzz_is_printable(const char *text, const char *but)
{
	while (*text) {
		unsigned int length = utf8_length(text);
		const unsigned char *byte = (const unsigned char *)text;
		bool control = length == 1 ? byte[0] < ' ' || byte[0] == 0x7f
					   : byte[0] == 0xc2 && byte[1] < 0xa0;

		if (!length || (control && !strchr(but, *text)))
			return false;
		text += length;
	}
	return true;
}
