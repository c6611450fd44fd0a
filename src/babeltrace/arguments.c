/* SPDX-License-Identifier: MIT */
#include "babeltrace/arguments.h"

#include "cli/command.h"

#include <argp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ALL = 256, DEBUG_DIR, FORMAT, GEN, LIVE, OUTPUT, SUPPRESSIONS, SYSROOT, TOP };

static const struct argp_option table[] = {
	{"all", ALL, NULL, 0, "show mutexes that nobody waited for, too, and all waits", 0},
	{"debug-dir", DEBUG_DIR, "DIR", 0,
	 "look for debug files by build id in DIR, besides /usr/lib/debug; more than once", 0},
	{"format", FORMAT, "text|json", 0, "form of the report; text", 0},
	{"gen-suppressions", GEN, NULL, 0, "print a suppression under each finding", 0},
	{"live", LIVE, NULL, 0, "follow a session that is being recorded, at a relay daemon's URL",
	 0},
	{"output", OUTPUT, "FILE", 0, "write to FILE instead of standard output", 0},
	{"suppressions", SUPPRESSIONS, "FILE", 0, "findings not to report; more than once", 0},
	{"sysroot", SYSROOT, "DIR", 0, "look for the traced programs' libraries below DIR", 0},
	{"top", TOP, "N", 0, "show the N costliest mutexes and longest waits; 10 and, in text, 5",
	 0},
	{"help", 'h', NULL, 0, "give this help", 0},
	{NULL, 0, NULL, 0, NULL, 0},
};

struct parse {
	struct arguments *arguments;
	int next; /* the first argument that was not dealt with */
	bool explained;
};

static error_t refuse(struct parse *parse, const char *option, const char *value, const char *what)
{
	complain("--%s=%s: %s", option, value, what);
	parse->explained = true;
	return EINVAL;
}

static error_t take_format(struct parse *parse, const char *value)
{
	if (strcmp(value, "text") != 0 && strcmp(value, "json") != 0)
		return refuse(parse, "format", value, "it can be text or json");
	parse->arguments->settings.print.json = value[0] == 'j';
	return 0;
}

static error_t take_top(struct parse *parse, const char *value)
{
	char *end;
	unsigned long number = strtoul(value, &end, 10);

	if (value[0] < '0' || value[0] > '9' || *end || number > LONGEST_MAX)
		return refuse(parse, "top", value, "it must be a number from 0 to 100");
	parse->arguments->settings.print.view.top = (unsigned int)number;
	parse->arguments->settings.print.view.waits = (unsigned int)number;
	return 0;
}

static error_t take_debug_dir(struct parse *parse, const char *value)
{
	struct lookup_places *places = &parse->arguments->settings.print.view.places;

	if (!settings_is_directory(value))
		return refuse(parse, "debug-dir", value, "there is no such directory");
	if (places->debug_dirs == DEBUG_DIRS_MAX)
		return refuse(parse, "debug-dir", value, "too many directories");
	places->debug_dir[places->debug_dirs++] = value;
	return 0;
}

static error_t take_sysroot(struct parse *parse, const char *value)
{
	if (!settings_is_directory(value))
		return refuse(parse, "sysroot", value, "there is no such directory");
	parse->arguments->settings.print.view.places.sysroot = value;
	return 0;
}

static error_t take_suppressions(struct parse *parse, const char *value)
{
	char why[512];

	if (settings_suppress(&parse->arguments->settings, value, why, sizeof(why)))
		return 0;
	complain("%s", why);
	parse->explained = true;
	return EINVAL;
}

static error_t take_option(struct parse *parse, int key, char *value)
{
	struct settings *settings = &parse->arguments->settings;

	switch (key) {
	case FORMAT:
		return take_format(parse, value);
	case TOP:
		return take_top(parse, value);
	case DEBUG_DIR:
		return take_debug_dir(parse, value);
	case SYSROOT:
		return take_sysroot(parse, value);
	case SUPPRESSIONS:
		return take_suppressions(parse, value);
	case ALL:
		settings->print.view.all = true;
		break;
	case GEN:
		settings->print.gen_suppressions = true;
		break;
	case LIVE:
		parse->arguments->live = true;
		break;
	case OUTPUT:
		settings->output = value;
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static error_t take(int key, char *value, struct argp_state *state)
{
	struct parse *parse = state->input;
	error_t result = 0;

	if (key == ARGP_KEY_ARGS) {
		parse->arguments->traces = state->argv + state->next;
		parse->arguments->trace_count = state->argc - state->next;
		state->next = state->argc;
	} else if (key == 'h') {
		parse->arguments->help = true;
		state->next = state->argc;
	} else {
		result = take_option(parse, key, value);
	}
	if (result == 0)
		parse->next = state->next;
	return result;
}

static const struct argp argp = {
	.options = table,
	.parser = take,
	.args_doc = "TRACE...\n--live URL",
	.doc = "Say what recorded traces tell: findings, which mutexes threads waited for and who "
	       "held them, who made how many keys. TRACE is a directory with traces at any depth, "
	       "of any number of machines and processes.\v"
	       "Exit status: 0 when the traces were read, with warnings where parts could not be; "
	       "2 "
	       "bad usage; 125 nothing could be read.",
};

static void explain(const struct parse *parse, int argc, char **argv)
{
	const char *text = parse->next < argc ? argv[parse->next] : "--";

	complain("%s: no such option, or its value is missing or too much; 'pythread-trace report "
		 "--help' lists them",
		 text);
}

static bool has_right_number(const struct arguments *arguments)
{
	if (arguments->trace_count == 0) {
		complain("report: name a trace: a directory, or with --live a URL");
		return false;
	}
	if (arguments->live && arguments->trace_count > 1) {
		complain("report --live: one URL at a time, so '%s' is too much",
			 arguments->traces[1]);
		return false;
	}
	return true;
}

bool arguments_parse(struct arguments *arguments, int argc, char **argv)
{
	struct parse parse = {.arguments = arguments, .next = 1};
	unsigned int flags = ARGP_NO_ERRS | ARGP_NO_HELP | ARGP_NO_EXIT;

	memset(arguments, 0, sizeof(*arguments));
	settings_default(&arguments->settings);
	if (argp_parse(&argp, argc, argv, flags, NULL, &parse) == 0 || arguments->help)
		return arguments->help || has_right_number(arguments);
	if (!parse.explained)
		explain(&parse, argc, argv);
	return false;
}

void arguments_help(void)
{
	char name[] = "pythread-trace report";

	argp_help(&argp, stdout, ARGP_HELP_LONG | ARGP_HELP_USAGE | ARGP_HELP_DOC, name);
}
