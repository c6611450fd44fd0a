/* SPDX-License-Identifier: MIT */
/* --events, --context and the like: refused with one clear line, or LTTng knows what they name. */
#include "record/plan.h"

#include "base/buffer.h"
#include "cli/command.h"
#include "fuzz.h"
#include "record/context.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static unsigned int complaints;

void complain(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	REQUIRE(vsnprintf(NULL, 0, format, arguments) > 0); /* reads what it is given */
	va_end(arguments);
	complaints++;
}

static bool is_next(void *data, const char *name, int type)
{
	const char **list = data;
	size_t length = strcspn(*list, ",");

	REQUIRE(type >= 0);
	REQUIRE(strlen(name) == length && strncmp(*list, name, length) == 0);
	*list += length + ((*list)[length] == ',');
	return true;
}

static void require_contexts(const char *list)
{
	const char *rest = list;

	REQUIRE(contexts_each(list, is_next, &rest));
	REQUIRE(!*rest);
}

/* Each of our provider's events that is named without a pattern is one of those there are. */
static void require_events(const char *list)
{
	static const char *const known[] = {
#define EVENT(name) "pythread:" #name,
#include "tracepoints/events.def"
#undef EVENT
	};

	for (size_t length; *list; list += length + (list[length] == ',')) {
		bool is_known = false;

		length = strcspn(list, ",");
		if (strncmp(list, "pythread:", 9) != 0 || memchr(list, '*', length))
			continue;
		for (size_t i = 0; i < countof(known); i++)
			is_known |=
				strlen(known[i]) == length && strncmp(known[i], list, length) == 0;
		REQUIRE(is_known);
	}
}

static void require_name(struct plan *plan, const char *program)
{
	plan_name(plan, program, 1);
	REQUIRE(plan->name[0] && strlen(plan->name) < sizeof(plan->name));
	REQUIRE(!strpbrk(plan->name, "/ \n"));
}

/* OPTION=VALUE lines, and the program's name below an empty one. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input input = {data, size};
	struct options_error error;
	struct options options;
	struct plan plan;
	char *line;

	complaints = 0;
	options_default(&options);
	while (*(line = input_text(&input, '\n'))) {
		char *equals = strchr(line, '=');

		if (equals)
			*equals = '\0';
		options_set(&options, line, equals ? equals + 1 : NULL, &error);
		free(line);
	}
	free(line);
	line = input_text(&input, '\n');
	if (plan_make(&plan, &options)) {
		REQUIRE(complaints == 0);
		require_events(plan.events);
		if (options.context)
			require_contexts(options.context);
		require_name(&plan, line);
	} else {
		REQUIRE(complaints == 1);
	}
	free(line);
	fuzz_forget();
	return 0;
}
