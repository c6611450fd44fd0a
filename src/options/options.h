/* SPDX-License-Identifier: MIT */
/*
 * What the user asked for. One table (options.def) serves the command line, the environment
 * variable and the manual's check. The command hands its options on through the variable, so the
 * library parses only that.
 */
#ifndef PYTHREAD_TRACE_OPTIONS_H
#define PYTHREAD_TRACE_OPTIONS_H

#include "base/buffer.h"
#include "model/finding.h"

#define OPTIONS_VARIABLE "PYTHREAD_TRACE_OPTIONS"

enum report_format { FORMAT_TEXT, FORMAT_JSON, FORMAT_SARIF };
enum leak_check { LEAK_CHECK_DEFAULT, LEAK_CHECK_OFF, LEAK_CHECK_STRICT };
enum on_error { ON_ERROR_REPORT, ON_ERROR_ABORT, ON_ERROR_STOP };
enum tracer { TRACER_AUTO, TRACER_ON, TRACER_OFF };
enum mutex_mode { MUTEX_MODE_AUTO, MUTEX_MODE_OWN, MUTEX_MODE_FORWARD };

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
	enum leak_check leak_check;
	enum on_error on_error;
	unsigned int stack_depth;
	enum mutex_mode mutex;
	enum tracer tracer;		     /* whether to load the LTTng provider */
	int hang_exitcode;		     /* -1: go on */
	uint64_t watchdog_ms;		     /* 0: off */
	uint64_t long_hold_ns, long_wait_ns; /* 0: off */
	bool gen_suppressions;
	bool python_stack;
	bool follow_fork;
	bool interpreter;
	bool quiet;
	bool verbose;

	/* Of "record" alone. */
	bool overwrite;
	bool live;
	bool snapshot;
	const char *trace;   /* NULL: a name of its own */
	const char *url;     /* NULL: none; a valid one otherwise */
	const char *events;  /* names with commas between them; NULL: the default */
	const char *context; /* likewise */

	pid_t root; /* set by the command: the process that was asked for; 0: every one is */
};

void options_default(struct options *options);

/* One line, ready to print after the program's name, that names what is wrong and what to do. */
struct options_error {
	char text[256];
};

/*
 * name=value:name=value, dashes or underscores; a flag may stand alone. "\:" is a colon and "\\" a
 * backslash inside a value. Later ones win, suppression files add up. The texts in *options point
 * into a private copy that lives as long as the process. False and *error, which begins with the
 * variable's name, on a bad name or value; nothing is printed here. Not thread safe.
 */
bool options_parse(struct options *options, const char *text, struct options_error *error);

/* One option, its value as it is (NULL: none was given). *error begins with "--" and the name. */
bool options_set(struct options *options, const char *name, const char *value,
		 struct options_error *error);

/* Adds an option to a text for options_parse(). value NULL: a flag that stands alone. */
void options_append(struct buffer *text, const char *name, const char *value);

enum option_state {
	SHOWN_OPTION,
	RECORD_OPTION, /* for "record"; in the variable it has no meaning for others */
	HIDDEN_OPTION, /* set by the command itself; in no manual */
};

struct option_info {
	const char *name;
	const char *argument; /* "" for a flag */
	const char *help;
	enum option_state state;
};

/* The whole table, in its order. */
const struct option_info *options_table(size_t *count);

#endif
