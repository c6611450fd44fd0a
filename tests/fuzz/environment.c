/* SPDX-License-Identifier: MIT */
/*
 * What programs say of themselves: their arguments, their environments, what they preload. Short
 * readers, of texts that any program may have replaced by others.
 */
#include <fcntl.h>
#include <string.h>

static const char *arguments;

#define open(path, flags) open(arguments, flags)
#include "report/arguments.c"
#undef open

#include "cli/launch.c"
#include "fuzz.h"
#include "record/left.c"

#define LIBRARY "/lib/libpythread-trace.so"

void complain(const char *format, ...)
{
	REQUIRE(*format);
}

/* They are all there, each where one ends. */
static void read_arguments(const char *text, size_t size)
{
	struct buffer memory = {0};
	const char *const *argument;
	size_t at = 0;

	arguments = fuzz_file(text, size);
	argument = arguments_read(&memory);
	REQUIRE(argument);
	for (; *argument; argument++) {
		size_t length = strnlen(text + at, size - at);

		REQUIRE(strlen(*argument) == length && memcmp(*argument, text + at, length) == 0);
		at += length + 1;
	}
	REQUIRE(at == size + (size && text[size - 1])); /* the last one may have no end */
	buffer_free(&memory);
}

static void look_for_root(const char *text, size_t size)
{
	struct buffer environment = {0};

	buffer_add(&environment, text, size);
	if (environment.length && names_root(&environment, ":root=7"))
		REQUIRE(memmem(text, size, OPTIONS_VARIABLE, strlen(OPTIONS_VARIABLE)) &&
			memmem(text, size, ":root=7", 7));
	buffer_free(&environment);
}

/* What was there stays, and in that order; a second time nothing changes. */
static void preload_first(const char *list)
{
	const char *now, *own;
	size_t front;
	char *first;

	setenv(PRELOAD_VARIABLE, list, 1);
	REQUIRE(preload(LIBRARY));
	now = getenv(PRELOAD_VARIABLE);
	front = front_of(list);
	REQUIRE(strncmp(now, list, front) == 0);
	own = strstr(now + front, LIBRARY);
	REQUIRE(own && (own == now + front || own == now + front + 1));
	REQUIRE(strlen(list + front) <= strlen(own));
	REQUIRE(strcmp(own + strlen(own) - strlen(list + front), list + front) == 0);
	first = strdup(now);
	REQUIRE(first && preload(LIBRARY) && strcmp(first, getenv(PRELOAD_VARIABLE)) == 0);
	free(first);
	unsetenv(PRELOAD_VARIABLE);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input input = {data, size};
	char *list = input_text(&input, '\n');

	preload_first(list);
	look_for_root((const char *)input.at, input.left);
	read_arguments((const char *)input.at, input.left);
	free(list);
	return 0;
}
