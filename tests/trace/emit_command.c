/* SPDX-License-Identifier: MIT */
#include "emit_command.h"

#include <ctype.h>
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void command_die(const char *what, const char *which)
{
	fprintf(stderr, "emit: %s: %s\n", what, which);
	exit(2);
}

/* The end of the word that begins there; quotes are taken out of it. */
static char *end_of_word(char *text)
{
	bool quoted = false;
	char *out = text;

	for (; *text && (quoted || !isspace((unsigned char)*text)); text++) {
		if (*text == '"')
			quoted = !quoted;
		else
			*out++ = *text;
	}
	if (quoted)
		command_die("a quote is open", text);
	if (*text)
		text++;
	*out = '\0';
	return text;
}

struct command *command_parse(const char *line)
{
	struct command *command = calloc(1, sizeof(*command));
	char *copy, *text;

	while (isspace((unsigned char)*line))
		line++;
	copy = text = strdup(line);
	if (!command || !copy)
		command_die("no memory", line);
	for (;;) {
		while (isspace((unsigned char)*text))
			text++;
		if (!*text || *text == '#')
			break;
		if (command->count == COMMAND_WORDS)
			command_die("too many words", line);
		command->words[command->count++] = text;
		text = end_of_word(text);
	}
	if (command->count)
		return command;
	free(copy);
	free(command);
	return NULL;
}

void command_free(struct command *command)
{
	free(command->words[0]); /* the line's copy begins with it */
	free(command);
}

struct command command_rest(const struct command *command, unsigned int first)
{
	struct command rest = {.count = 0};

	if (command->count <= first)
		command_die("something is missing after", command->words[0]);
	rest.count = command->count - first;
	memcpy(rest.words, command->words + first, rest.count * sizeof(rest.words[0]));
	return rest;
}

const char *command_text(const struct command *command, const char *name)
{
	size_t length = strlen(name);
	unsigned int i;

	for (i = 1; i < command->count; i++) {
		if (!strncmp(command->words[i], name, length) && command->words[i][length] == '=')
			return command->words[i] + length + 1;
	}
	return NULL;
}

static int64_t number(const char *text, char **end)
{
	char name[256];
	size_t length;
	void *address;

	if (*text != '@') /* all 64 bits of an address, or a negative number */
		return *text == '-' ? strtoll(text, end, 0) : (int64_t)strtoull(text, end, 0);
	length = strcspn(++text, "+,");
	snprintf(name, sizeof(name), "%.*s", (int)length, text);
	address = dlsym(RTLD_DEFAULT, name);
	if (!address)
		command_die("no such symbol", name);
	*end = (char *)text + length;
	if (**end == '+')
		return (int64_t)(uintptr_t)address + strtoll(*end, end, 0);
	return (int64_t)(uintptr_t)address;
}

int64_t command_number(const struct command *command, const char *name)
{
	const char *text = command_text(command, name);
	int64_t value = 0;
	char *end;

	if (text) {
		value = number(text, &end);
		if (*end || end == text)
			command_die("this is no number", text);
	}
	return value;
}

const void *command_address(const struct command *command, const char *name)
{
	return (const void *)(uintptr_t)command_number(command, name);
}

const struct trace_site *command_site(const struct command *command, struct command_site *out)
{
	const char *text = command_text(command, "stack");
	unsigned int depth = 0;
	char *end;

	while (text && *text && depth < COMMAND_STACK) {
		out->stack[depth++] = (uintptr_t)number(text, &end);
		if (end == text)
			command_die("this is no stack", text);
		text = *end == ',' ? end + 1 : end;
	}
	out->site.caller = command_address(command, "caller");
	out->site.stack = out->stack;
	out->site.depth = depth;
	out->site.python = (uint32_t)command_number(command, "python_stack");
	return &out->site;
}
