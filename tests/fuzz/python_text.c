/* SPDX-License-Identifier: MIT */
/* Names of Python functions and files: str objects of every kind, also of builds unlike ours. */
#include "fuzz.h"
#include "report/utf8.h"
#include "stack/python_internal.h"

#include <stdlib.h>
#include <string.h>

#define HEADER 56 /* what comes before the text of an object that is not of ASCII */

static void set_layout(unsigned int kind_shift)
{
	python_layout = (struct python_layout){
		.object_type = 8,
		.text = {.length = 16,
			 .hash = 24,
			 .state = 32,
			 .kind_shift = kind_shift,
			 .ascii_data = 40,
			 .compact_data = HEADER},
	};
}

/* The interpreter's objects are as long as they say; all the rest is whatever it is. */
static void copy(char *object, size_t size, size_t room)
{
	uint32_t state;
	unsigned int kind;
	size_t count;
	char *out = malloc(room);

	memcpy(&state, object + 32, sizeof(state));
	kind = state >> python_layout.text.kind_shift & 7;
	if (!(state >> (python_layout.text.kind_shift + 3) & 1))
		memcpy(object + HEADER, &(char *){object}, sizeof(char *));
	count = (size - HEADER) / (kind == 2 ? 2 : kind == 4 ? 4 : 1);
	memcpy(object + 16, &count, sizeof(count));
	python_text_copy(object, out, room);
	REQUIRE(memchr(out, '\0', room));
	for (const char *at = out; *at && (kind == 1 || kind == 2); at += utf8_length(at))
		REQUIRE(utf8_length(at));
	free(out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input input = {data, size};
	size_t room = 1 + input_byte(&input), length;
	char *object;

	set_layout(input_byte(&input) & 1 ? 8 : 2);
	length = input.left > HEADER + sizeof(char *) ? input.left : HEADER + sizeof(char *);
	object = input_block(&input, length);
	copy(object, length, room);
	free(object);
	return 0;
}
