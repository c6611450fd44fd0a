/* SPDX-License-Identifier: MIT */
/* What doctor is told: by an interpreter that it runs, and by the library in it. */
#include "cli/answer.h"

#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>

/* As answer.c takes it from a file. */
static struct json_object *parse(struct input *input)
{
	char *text = input_text(input, '\0');
	struct json_object *object = json_tokener_parse(text);

	free(text);
	if (json_object_is_type(object, json_type_object))
		return object;
	json_object_put(object);
	return NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input input = {data, size};
	struct answer answer = {.probe = parse(&input), .report = parse(&input)};
	static bool quiet;

	if (!quiet)
		quiet = freopen("/dev/null", "w", stdout) != NULL;
	if (answer.probe)
		answer_show(&answer);
	json_object_put(answer.probe);
	json_object_put(answer.report);
	return 0;
}
