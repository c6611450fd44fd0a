/* SPDX-License-Identifier: MIT */
/* The line tables of Python's code objects, in all their forms. */
#include "fuzz.h"
#include "stack/python_internal.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input input = {data, size};
	int first = (int)(uint32_t)input_number(&input, 4);
	uint32_t unit = (uint32_t)input_number(&input, 4);
	size_t length = input.left;
	unsigned char *table = input_block(&input, length);

	for (unsigned int i = 0; i < 32; i++) {
		uint32_t at = i < 16 ? i : i < 31 ? unit + i : UINT32_MAX;

		REQUIRE(python_table_line(table, length, first, at) >= 0);
		REQUIRE(python_table_line_39(table, length, first, at) >= 0);
		REQUIRE(python_table_line_310(table, length, first, at) >= 0);
	}
	free(table);
	return 0;
}
