/* SPDX-License-Identifier: MIT */
/*
 * argp parses and formats the help. Its messages take two lines and do not say what is allowed, so
 * it is told to be silent (ARGP_NO_ERRS), and the option that it stopped at is explained here.
 */
#include "cli/arguments.h"

#include "cli/command.h"
#include "options/options.h"

#include <argp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KEY_HELP 'h'
#define KEY_FIRST 256 /* of the options in the table; nobody can type it as a letter */
#define OPTIONS_MAX 64

struct parse {
	bool is_record; /* the command is "record", not "run" */
	struct arguments *arguments;
	int next; /* the first argument that was not dealt with */
	bool explained;
};

static const char arguments_doc[] = "[--] PROGRAM [ARG]...";
#define DOC_END                                                                                    \
	"\v"                                                                                       \
	"The same options, name=value:name=value, can stand in PYTHREAD_TRACE_OPTIONS; the "       \
	"command line wins."

static const char run_doc[] = "Run PROGRAM with all checks on and report what its extensions do "
			      "wrong with thread keys and mutexes." DOC_END;
static const char record_doc[] = "Do what 'run' does, and record a trace with LTTng, in "
				 "./pythread-trace-PROGRAM-PID unless told otherwise." DOC_END;

static bool is_record(const char *command)
{
	return strcmp(command, "record") == 0;
}

/* argp's table, ended by a zeroed entry. */
static void fill(struct argp_option *out, bool for_record)
{
	size_t count;
	const struct option_info *info = options_table(&count);

	for (size_t i = 0; i < count && i < OPTIONS_MAX - 2; i++) {
		bool refused = info[i].state == RECORD_OPTION && !for_record;

		if (info[i].state == HIDDEN_OPTION)
			continue;
		out->name = info[i].name;
		out->key = KEY_FIRST + (int)i;
		out->doc = info[i].help;
		if (refused)
			out->flags = OPTION_HIDDEN | OPTION_ARG_OPTIONAL;
		if (refused || *info[i].argument)
			out->arg = refused ? "VALUE" : info[i].argument;
		out++;
	}
	out->name = "help";
	out->key = KEY_HELP;
	out->doc = "give this help";
}

static error_t refuse(struct parse *parse, const char *text)
{
	complain("%s", text);
	parse->explained = true;
	return EINVAL;
}

static error_t take_option(struct parse *parse, int key, const char *value)
{
	size_t count;
	const struct option_info *info = &options_table(&count)[key - KEY_FIRST];
	bool recording = info->state == RECORD_OPTION;
	struct buffer *text = recording ? &parse->arguments->record : &parse->arguments->options;
	struct options scratch;
	struct options_error error;

	if (recording && !parse->is_record) {
		snprintf(error.text, sizeof(error.text),
			 "--%s: only 'pythread-trace record' takes this option", info->name);
		return refuse(parse, error.text);
	}
	options_default(&scratch);
	if (!options_set(&scratch, info->name, value, &error))
		return refuse(parse, error.text);
	options_append(text, info->name, value);
	if (text->failed)
		return refuse(parse, "there is no memory left for the options");
	return 0;
}

static error_t take(int key, char *value, struct argp_state *state)
{
	struct parse *parse = state->input;
	error_t result = 0;

	if (key == ARGP_KEY_ARG) {
		parse->arguments->program = state->next - 1;
		state->next = state->argc;
	} else if (key == KEY_HELP) {
		parse->arguments->help = true;
		state->next = state->argc;
	} else if (key >= KEY_FIRST && key < KEY_FIRST + OPTIONS_MAX) {
		result = take_option(parse, key, value);
	} else {
		return ARGP_ERR_UNKNOWN;
	}
	parse->next = state->next;
	return result;
}

/* How many options the text up to `length` stands for: itself, or the ones it abbreviates. */
static int matches(const char *text, size_t length, const struct option_info **first)
{
	size_t count;
	const struct option_info *info = options_table(&count);
	int found = 0;

	for (size_t i = 0; i < count; i++) {
		if (info[i].state == HIDDEN_OPTION || strncmp(info[i].name, text, length) != 0)
			continue;
		if (!found++ || info[i].name[length] == '\0')
			*first = &info[i];
		if (info[i].name[length] == '\0')
			return 1;
	}
	return found;
}

/* Why argp stopped at this argument. */
static void explain(const char *command, const char *text)
{
	const struct option_info *info = NULL;
	size_t length = strcspn(text, "=");
	int found = strncmp(text, "--", 2) == 0 ? matches(text + 2, length - 2, &info) : 0;

	if (found == 0)
		complain("%s: no such option; 'pythread-trace %s --help' lists them", text,
			 command);
	else if (found > 1)
		complain("%.*s: it can mean more than one option, --%s for one", (int)length, text,
			 info->name);
	else if (text[length] == '=')
		complain("--%s: it takes no value", info->name);
	else
		complain("--%s: a value is missing: %s", info->name, info->argument);
}

bool arguments_parse(struct arguments *arguments, int argc, char **argv)
{
	struct argp_option table[OPTIONS_MAX] = {{0}};
	struct argp argp = {.options = table, .parser = take};
	struct parse parse = {.arguments = arguments, .next = 1, .is_record = is_record(argv[0])};
	unsigned int flags = ARGP_IN_ORDER | ARGP_NO_ERRS | ARGP_NO_HELP | ARGP_NO_EXIT;

	memset(arguments, 0, sizeof(*arguments));
	fill(table, parse.is_record);
	if (argp_parse(&argp, argc, argv, flags, NULL, &parse) == 0 || arguments->help)
		return true;
	if (!parse.explained)
		explain(argv[0], parse.next < argc ? argv[parse.next] : "--");
	return false;
}

void arguments_free(struct arguments *arguments)
{
	buffer_free(&arguments->options);
	buffer_free(&arguments->record);
}

int arguments_help(const char *command)
{
	char name[64];
	struct argp_option table[OPTIONS_MAX] = {{0}};
	struct argp argp = {.options = table,
			    .parser = take,
			    .args_doc = arguments_doc,
			    .doc = is_record(command) ? record_doc : run_doc};

	snprintf(name, sizeof(name), "pythread-trace %s", command);
	fill(table, is_record(command));
	argp_help(&argp, stdout, ARGP_HELP_LONG | ARGP_HELP_SHORT_USAGE | ARGP_HELP_DOC, name);
	return EXIT_SUCCESS;
}
