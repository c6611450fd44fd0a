/* SPDX-License-Identifier: MIT */
/* PYTHREAD_TRACE_OPTIONS, which anybody may set. */
#include "options/options.h"

#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

static void require_message(const struct options_error *error, const char *beginning)
{
	REQUIRE(memchr(error->text, '\0', sizeof(error->text)));
	REQUIRE(strncmp(error->text, beginning, strlen(beginning)) == 0);
	for (const char *at = error->text; *at; at++)
		REQUIRE((unsigned char)*at >= ' ' && *at != 0x7f);
}

/* What a user gives on the command line reaches the library by the variable, unchanged. */
static void require_same_by_variable(const char *name, const char *value)
{
	struct options_error error;
	struct options set, parsed;
	struct buffer text = {0};
	bool good;

	options_default(&set);
	options_default(&parsed);
	good = options_set(&set, name, value, &error);
	if (!good)
		require_message(&error, "--");
	options_append(&text, name, value);
	REQUIRE(options_parse(&parsed, text.data, &error) == good);
	buffer_free(&text);
	if (!good || !set.output)
		return;
	REQUIRE(parsed.output && strcmp(set.output, parsed.output) == 0);
	if (strcmp(name, "output") == 0)
		REQUIRE(strcmp(set.output, value) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input input = {data, size};
	struct options_error error;
	struct options options;
	char *text = input_text(&input, '\0');
	char *equals;

	options_default(&options);
	if (!options_parse(&options, text, &error))
		require_message(&error, OPTIONS_VARIABLE ": ");
	REQUIRE(options.suppressions.count <= FILES_MAX);
	for (unsigned int i = 0; i < options.suppressions.count; i++)
		REQUIRE(options.suppressions.path[i][0]);
	equals = strchr(text, '=');
	if (equals)
		*equals = '\0';
	if (text[0] && !strpbrk(text, ":\\"))
		require_same_by_variable(text, equals ? equals + 1 : NULL);
	free(text);
	fuzz_forget();
	return 0;
}
