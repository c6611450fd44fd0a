/* SPDX-License-Identifier: MIT */
/*
 * Object files for readers that look for them in many places: whatever path they try, one of two
 * that were made is there. For such a reader, open_candidate() stands in for elffile_open().
 */
#ifndef PYTHREAD_TRACE_FUZZ_CANDIDATES_H
#define PYTHREAD_TRACE_FUZZ_CANDIDATES_H

#include "fuzz.h"
#include "stack/elffile.h"

static struct {
	const char *path[2]; /* of those that were made */
	uint8_t choice;	     /* a bit for each that is opened, the lowest first: which of the two */
	unsigned int opened;
} candidates;

/* The rest of the input, as two files; the first ones are those of others. */
static void candidates_make(struct input *input)
{
	size_t length;

	candidates.choice = input_byte(input);
	candidates.opened = 0;
	length = input_number(input, 2);
	length = length < input->left ? length : input->left;
	candidates.path[0] = fuzz_file_of(FUZZ_FILES - 2, input->at, length);
	candidates.path[1] = fuzz_file_of(FUZZ_FILES - 1, input->at + length, input->left - length);
}

static bool open_candidate(struct elffile *file, const char *path)
{
	REQUIRE(path[0]);
	return elffile_open(file,
			    candidates.path[candidates.choice >> candidates.opened++ % 8 & 1]);
}

#endif
