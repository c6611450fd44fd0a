/* SPDX-License-Identifier: MIT */
/*
 * What the user asked for. One table (options.def) serves the command line, the environment
 * variable and the manual's check. The command hands its options on through the variable, so the
 * library parses only that.
 */
#ifndef PYTHREAD_TRACE_OPTIONS_H
#define PYTHREAD_TRACE_OPTIONS_H

#include "model/finding.h"

#define OPTIONS_VARIABLE "PYTHREAD_TRACE_OPTIONS"

enum report_format { FORMAT_TEXT, FORMAT_JSON, FORMAT_SARIF };
enum leak_check { LEAK_CHECK_DEFAULT, LEAK_CHECK_OFF, LEAK_CHECK_STRICT };
enum on_error { ON_ERROR_REPORT, ON_ERROR_ABORT, ON_ERROR_STOP };

#define FILES_MAX 16

struct file_list {
	unsigned int count;
	const char *path[FILES_MAX];
};

/* What --fail-on names. Bits by enum severity and by enum finding_kind. */
struct kind_set {
	uint32_t severities;
	uint64_t kinds;
};

struct options {
	const char *output; /* NULL: standard error */
	enum report_format format;
	int error_exitcode; /* -1: the program's own */
	struct kind_set fail_on;
	struct file_list suppressions;
	bool gen_suppressions;
	enum leak_check leak_check;
	enum on_error on_error;
	bool python_stack;
	unsigned int stack_depth;
	bool follow_fork;
	bool interpreter;
	bool quiet;
	bool verbose;
	pid_t root; /* set by the command: the process that was asked for; 0: every one is */
};

void options_default(struct options *options);

/* One line, ready to print after the program's name, that names what is wrong and what to do. */
struct options_error {
	char text[256];
};

/*
 * name=value:name=value, dashes or underscores; a flag may stand alone. "\:" is a colon and "\\" a
 * backslash inside a value. The texts in *options point into a private copy that lives as long as
 * the process. False and *error on a bad name or value; nothing is printed here.
 */
bool options_parse(struct options *options, const char *text, struct options_error *error);

#endif
