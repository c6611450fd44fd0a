/* SPDX-License-Identifier: MIT */
#include "cli/request.h"

#include "cli/command.h"
#include "report/rules.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * What the user's environment asks for, to be followed by more. A lone backslash at its end would
 * escape the colon that comes next.
 */
static void add_environment(struct buffer *text)
{
	const char *given = getenv(OPTIONS_VARIABLE);
	size_t length, backslashes = 0;

	if (!given || !*given)
		return;
	length = strlen(given);
	while (backslashes < length && given[length - 1 - backslashes] == '\\')
		backslashes++;
	buffer_add(text, given, length);
	if (backslashes % 2)
		buffer_add(text, "\\", 1);
}

static void add(struct buffer *text, const struct buffer *more)
{
	if (more->length)
		buffer_printf(text, "%s%s", text->length ? ":" : "", more->data);
}

/* The whole text, as the library will read it: what is wrong there must be said here. */
static bool check(struct options *options, const char *text)
{
	struct options_error error;
	struct rule *rules = NULL;
	bool good;

	options_default(options);
	good = options_parse(options, text, &error);
	for (unsigned int i = 0; good && i < options->suppressions.count; i++)
		good = rules_read(&rules, options->suppressions.path[i], &error);
	if (!good)
		complain("%s", error.text);
	return good;
}

static int no_memory(void)
{
	complain("there is no memory left for the options");
	return STATUS_SETUP;
}

int request_make(struct request *request, const struct arguments *arguments)
{
	struct buffer all = {0};
	int status = 0;

	memset(request, 0, sizeof(*request));
	add_environment(&request->text);
	add(&request->text, &arguments->options);
	add(&all, &request->text);
	add(&all, &arguments->record);
	if (request->text.failed || all.failed)
		status = no_memory();
	else if (!check(&request->options, all.data ? all.data : ""))
		status = STATUS_USAGE;
	buffer_free(&all);
	return status;
}

void request_free(struct request *request)
{
	buffer_free(&request->text);
}

bool request_add_root(struct request *request, pid_t pid)
{
	char number[24];

	snprintf(number, sizeof(number), "%d", (int)pid);
	options_append(&request->text, "root", number);
	if (request->text.failed)
		no_memory();
	return !request->text.failed;
}
