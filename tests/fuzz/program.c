/* SPDX-License-Identifier: MIT */
/* The program to run: a script's first line, or an ELF header. */
#include "cli/program.h"

#include "cli/command.h"
#include "fuzz.h"

#include <stdlib.h>

void complain(const char *format, ...)
{
	REQUIRE(*format);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input input = {data, size};
	char *copy = input_block(&input, size);

	/* A script's interpreter is opened: there is none of that name in this directory. */
	for (size_t i = 0; size > 2 && copy[0] == '#' && i < size; i++)
		copy[i] = copy[i] == '/' ? '.' : copy[i];
	program_warn(fuzz_file(copy, size));
	free(copy);
	return 0;
}
