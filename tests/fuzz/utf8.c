/* SPDX-License-Identifier: MIT */
/* Names of any bytes, on their way to a terminal or into JSON. */
#include "report/utf8.h"

#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

typedef void add_fn(struct buffer *out, const char *text);

/* What was made well-formed once stays as it is. */
static void require_settled(add_fn *add, const char *text)
{
	struct buffer again = {0};

	buffer_add(&again, "", 0);
	add(&again, text);
	REQUIRE(strcmp(again.data, text) == 0);
	buffer_free(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input input = {data, size};
	struct buffer printable = {0}, wellformed = {0};
	char *text = input_text(&input, '\0');

	buffer_add(&printable, "", 0);
	buffer_add(&wellformed, "", 0);
	utf8_add_printable(&printable, text);
	REQUIRE(fuzz_is_printable(printable.data, ""));
	require_settled(utf8_add_printable, printable.data);
	utf8_add_wellformed(&wellformed, text);
	for (const char *at = wellformed.data; *at; at += utf8_length(at))
		REQUIRE(utf8_length(at));
	require_settled(utf8_add_wellformed, wellformed.data);
	if (fuzz_is_printable(text, ""))
		REQUIRE(strcmp(printable.data, text) == 0);
	buffer_free(&printable);
	buffer_free(&wellformed);
	free(text);
	return 0;
}
