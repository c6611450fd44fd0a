/* SPDX-License-Identifier: MIT */
/* A line of a script: a word, and arguments as name=value. */
#ifndef PYTHREAD_TRACE_TESTS_EMIT_COMMAND_H
#define PYTHREAD_TRACE_TESTS_EMIT_COMMAND_H

#include "tracepoints/provider.h"

#define COMMAND_WORDS 32
#define COMMAND_STACK 64

struct command {
	char *words[COMMAND_WORDS]; /* in memory of their own */
	unsigned int count;
};

/* A trace_site with the memory it needs. */
struct command_site {
	struct trace_site site;
	uintptr_t stack[COMMAND_STACK];
};

/* Splits a line; "quotes" keep blanks. NULL for a line without words. To be freed. */
struct command *command_parse(const char *line);

void command_free(struct command *command);

/* The same without its first words. It shares their memory. */
struct command command_rest(const struct command *command, unsigned int first);

/* A value by its name; NULL when the line has none. */
const char *command_text(const struct command *command, const char *name);

/* A number as C writes it, or @SYMBOL+OFFSET, the address of a function or variable; else 0. */
int64_t command_number(const struct command *command, const char *name);

const void *command_address(const struct command *command, const char *name);

/* caller=ADDRESS stack=ADDRESS,ADDRESS... python_stack=ID */
const struct trace_site *command_site(const struct command *command, struct command_site *out);

/* Ends the program: the script is wrong. */
void command_die(const char *what, const char *which) __attribute__((noreturn));

#endif
