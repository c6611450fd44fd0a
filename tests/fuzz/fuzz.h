/* SPDX-License-Identifier: MIT */
/*
 * What the targets share. A target is one function that is given bytes which anybody may have
 * written, feeds them to a reader, and aborts when something does not hold that must hold whatever
 * the bytes are. libFuzzer calls it (scripts/fuzz), and so does replay.c, which is a test.
 */
#ifndef PYTHREAD_TRACE_FUZZ_H
#define PYTHREAD_TRACE_FUZZ_H

#include "base/common.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Says what does not hold, and aborts. */
#define REQUIRE(condition)                                                                         \
	do {                                                                                       \
		if (!(condition))                                                                  \
			fuzz_fail(__FILE__, __LINE__, #condition);                                 \
	} while (0)

__attribute__((noreturn)) void fuzz_fail(const char *file, int line, const char *condition);

/* Bytes that are taken from the front. What is not there any more reads as zeroes. */
struct input {
	const uint8_t *at;
	size_t left;
};

/* A number below 2^(8 * width), its lowest byte first. */
uint64_t input_number(struct input *input, unsigned int width);

static inline uint8_t input_byte(struct input *input)
{
	return (uint8_t)input_number(input, 1);
}

/* So many bytes in memory of exactly that size, zeroes at the end of them; the caller frees it. */
void *input_block(struct input *input, size_t size);

/* All up to the next byte of that value, or the end, as a text that the caller frees. */
char *input_text(struct input *input, char end);

#define FUZZ_FILES 3

/* The path of a file with this content, one of several. It stays the same until the process ends.
 */
const char *fuzz_file_of(unsigned int which, const void *data, size_t size);

static inline const char *fuzz_file(const void *data, size_t size)
{
	return fuzz_file_of(0, data, size);
}

/* Whether the text is well-formed UTF-8 without control characters other than these. */
bool fuzz_is_printable(const char *text, const char *but);

/* Gives back what base/arena.h has handed out: arena.c here stands in for src/base/arena.c. */
void fuzz_forget(void);

#endif
