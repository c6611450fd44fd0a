/* SPDX-License-Identifier: MIT */
#include "options/options.h"

#include "options/values.h"

#include <stdio.h>
#include <string.h>

#define FAIL_ON_DEFAULT                                                                            \
	{                                                                                          \
		.severities = 1U << SEVERITY_ERROR | 1U << SEVERITY_LEAK                           \
	}

_Static_assert(FINDING_KIND_COUNT <= 64, "struct kind_set has one bit a kind");

/* The parser of each type that options.def names. */
#define PARSE_TEXT value_text
#define PARSE_FORMAT value_format
#define PARSE_STATUS value_status
#define PARSE_KINDS value_kinds
#define PARSE_FILES value_files
#define PARSE_FLAG value_flag
#define PARSE_LEAK_CHECK value_leak_check
#define PARSE_ON_ERROR value_on_error
#define PARSE_MUTEX_MODE value_mutex_mode
#define PARSE_SECONDS value_seconds
#define PARSE_MILLISECONDS value_milliseconds
#define PARSE_SWITCH value_switch
#define PARSE_DEPTH value_depth
#define PARSE_PID value_pid
#define PARSE_TRACER value_tracer
#define PARSE_PATH value_path
#define PARSE_URL value_url
#define PARSE_LIST value_list

static const struct option_info table[] = {
#define OPTION(member, name, type, default, argument, help) {name, argument, help, SHOWN_OPTION},
#define HIDDEN(member, name, type, default, argument, help) {name, argument, help, HIDDEN_OPTION},
#define RECORD(member, name, type, default, argument, help) {name, argument, help, RECORD_OPTION},
#include "options/options.def"
#undef OPTION
#undef HIDDEN
#undef RECORD
};

/* How table[i] is parsed and where it is kept. */
static const struct storage {
	value_parser *parse;
	size_t offset;
} storage[] = {
#define OPTION(member, name, type, default, argument, help)                                        \
	{PARSE_##type, offsetof(struct options, member)},
#define HIDDEN OPTION
#define RECORD OPTION
#include "options/options.def"
#undef OPTION
#undef HIDDEN
#undef RECORD
};

void options_default(struct options *options)
{
	static const struct options defaults = {
#define OPTION(member, name, type, default, argument, help) .member = default,
#define HIDDEN OPTION
#define RECORD OPTION
#include "options/options.def"
#undef OPTION
#undef HIDDEN
#undef RECORD
	};

	*options = defaults;
}

const struct option_info *options_table(size_t *count)
{
	*count = countof(table);
	return table;
}

/* The name in the user's text: dashes and underscores are the same. */
static bool is_option(struct span name, const char *option)
{
	size_t length = strlen(option);

	if (length != name.length)
		return false;
	for (size_t i = 0; i < length; i++) {
		bool same = name.text[i] == option[i] || (name.text[i] == '_' && option[i] == '-');

		if (!same)
			return false;
	}
	return true;
}

#define QUOTE_SIZE 80

/* Whether a backslash and what it escapes begin here. */
static bool is_escape(const char *text)
{
	return text[0] == '\\' && (text[1] == '\\' || text[1] == ':');
}

/* What the user meant, cut to fit one line of a message. */
static const char *quote(char out[QUOTE_SIZE], struct span span)
{
	static const char more[] = "...";
	size_t length = 0;

	for (size_t i = 0; i < span.length; i++) {
		unsigned char letter;

		if (length == QUOTE_SIZE - sizeof(more)) {
			memcpy(out + length, more, sizeof(more));
			return out;
		}
		if (i + 1 < span.length && is_escape(span.text + i))
			i++;
		letter = (unsigned char)span.text[i];
		out[length++] = (char)(letter < ' ' || letter == 0x7f ? '?' : letter);
	}
	out[length] = '\0';
	return out;
}

static bool refuse_value(const struct option_info *info, const char *prefix, struct span value,
			 const char *problem, struct options_error *error)
{
	char quoted[QUOTE_SIZE];
	bool choices = problem == VALUE_CHOICES;

	snprintf(error->text, sizeof(error->text), "%s%s: '%s' %s%s%s", prefix, info->name,
		 quote(quoted, value), problem, choices ? " " : "", choices ? info->argument : "");
	return false;
}

static bool apply(struct options *options, const char *prefix, struct span name,
		  const struct span *value, struct options_error *error)
{
	struct span given = value ? *value : (struct span){"on", 2};
	char quoted[QUOTE_SIZE];
	const char *problem;
	size_t i = 0;

	while (i < countof(table) && !is_option(name, table[i].name))
		i++;
	if (i == countof(table)) {
		snprintf(error->text, sizeof(error->text),
			 "%s%s: no such option; pythread-trace(1) lists them", prefix,
			 quote(quoted, name));
		return false;
	}
	if (!value && *table[i].argument) {
		snprintf(error->text, sizeof(error->text), "%s%s: a value is missing: %s", prefix,
			 table[i].name, table[i].argument);
		return false;
	}
	problem = storage[i].parse((char *)options + storage[i].offset, &given);
	return !problem || refuse_value(&table[i], prefix, given, problem, error);
}

/* The end of an item: a colon that is not escaped, or the end of the text. */
static const char *item_end(const char *text)
{
	while (*text && *text != ':') {
		text += is_escape(text) ? 2 : 1;
	}
	return text;
}

static bool parse(struct options *options, const char *prefix, const char *text,
		  struct options_error *error)
{
	for (;;) {
		const char *end = item_end(text);
		const char *equals = memchr(text, '=', (size_t)(end - text));
		const char *name_end = equals ? equals : end;
		struct span name = {text, (size_t)(name_end - text)};
		struct span value = {equals ? equals + 1 : end,
				     equals ? (size_t)(end - equals - 1) : 0};

		if (end > text && !apply(options, prefix, name, equals ? &value : NULL, error))
			return false;
		if (!*end)
			return true;
		text = end + 1;
	}
}

bool options_parse(struct options *options, const char *text, struct options_error *error)
{
	return parse(options, OPTIONS_VARIABLE ": ", text, error);
}

bool options_set(struct options *options, const char *name, const char *value,
		 struct options_error *error)
{
	struct buffer text = {0};
	bool good;

	options_append(&text, name, value);
	if (text.failed) {
		snprintf(error->text, sizeof(error->text), "--%s: there is no memory left", name);
		good = false;
	} else {
		good = parse(options, "--", text.data, error);
	}
	buffer_free(&text);
	return good;
}

void options_append(struct buffer *text, const char *name, const char *value)
{
	buffer_printf(text, "%s%s", text->length ? ":" : "", name);
	if (!value)
		return;
	buffer_add(text, "=", 1);
	for (; *value; value++) {
		if (*value == '\\' || *value == ':')
			buffer_add(text, "\\", 1);
		buffer_add(text, value, 1);
	}
}
