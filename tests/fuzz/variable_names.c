/* SPDX-License-Identifier: MIT */
/* Object files again, in which the names of recorded keys and mutexes are looked up. */
#include "fuzz.h"
#include "tracepoints/symbol.c"

#include <stdlib.h>

#define OFFSETS 8
#define ROOM 40

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input input = {data, size};
	uintptr_t offset[OFFSETS];
	const char *path;

	for (unsigned int i = 0; i < OFFSETS; i++)
		offset[i] = input_number(&input, 2);
	path = fuzz_file(input.at, input.left);
	for (unsigned int i = 0; i < OFFSETS; i++) {
		size_t room = 1 + offset[i] % ROOM;
		char *name = malloc(room); /* of just that size, so that a byte more is found out */

		REQUIRE(name);
		if (symbol_at(path, offset[i], name, room)) {
			REQUIRE(memchr(name, '\0', room));
			REQUIRE(room == 1 || name[0]);
		}
		free(name);
	}
	return 0;
}
