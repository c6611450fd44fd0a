/* SPDX-License-Identifier: MIT */
#include "options/values.h"

#include "base/arena.h"
#include "options/options.h"

#include <string.h>

const char VALUE_CHOICES[] = "is not one of";

/* Only options_parse() comes here, from one thread; see options.h. */
/* Room for what is usual: a program is not refused because memory is short as it starts. */
static _Alignas(max_align_t) char usual_room[2048];
static struct arena texts = {.next = usual_room, .left = sizeof(usual_room)};

struct choice {
	const char *name;
	unsigned int value;
};

bool span_is(struct span span, const char *text)
{
	return strlen(text) == span.length && memcmp(text, span.text, span.length) == 0;
}

/* *out is left alone where there is a problem. An enum is an unsigned int to gcc and clang. */
static const char *choose(struct span value, const struct choice *choices, size_t count,
			  unsigned int *out)
{
	for (size_t i = 0; i < count; i++) {
		if (span_is(value, choices[i].name)) {
			*out = choices[i].value;
			return NULL;
		}
	}
	return VALUE_CHOICES;
}

const char *value_format(void *member, struct span *value)
{
	static const struct choice choices[] = {
		{"text", FORMAT_TEXT}, {"json", FORMAT_JSON}, {"sarif", FORMAT_SARIF}};

	return choose(*value, choices, countof(choices), member);
}

const char *value_leak_check(void *member, struct span *value)
{
	static const struct choice choices[] = {{"off", LEAK_CHECK_OFF},
						{"default", LEAK_CHECK_DEFAULT},
						{"strict", LEAK_CHECK_STRICT}};

	return choose(*value, choices, countof(choices), member);
}

const char *value_on_error(void *member, struct span *value)
{
	static const struct choice choices[] = {
		{"report", ON_ERROR_REPORT}, {"abort", ON_ERROR_ABORT}, {"stop", ON_ERROR_STOP}};

	return choose(*value, choices, countof(choices), member);
}

const char *value_mutex_mode(void *member, struct span *value)
{
	static const struct choice choices[] = {{"auto", MUTEX_MODE_AUTO},
						{"own", MUTEX_MODE_OWN},
						{"forward", MUTEX_MODE_FORWARD}};

	return choose(*value, choices, countof(choices), member);
}

const char *value_tracer(void *member, struct span *value)
{
	static const struct choice choices[] = {
		{"auto", TRACER_AUTO}, {"on", TRACER_ON}, {"off", TRACER_OFF}};

	return choose(*value, choices, countof(choices), member);
}

const char *value_switch(void *member, struct span *value)
{
	static const struct choice choices[] = {{"on", 1}, {"yes", 1}, {"off", 0}, {"no", 0}};
	unsigned int chosen = 0;
	const char *problem = choose(*value, choices, countof(choices), &chosen);

	*(bool *)member = chosen;
	return problem;
}

/* A flag has no argument that could be shown. */
const char *value_flag(void *member, struct span *value)
{
	return value_switch(member, value) ? "is not one of on|off|yes|no" : NULL;
}

/* A private copy without the escapes; NULL when memory ran out. */
static const char *copy_text(struct span value)
{
	char *copy = arena_strndup(&texts, value.text, value.length);
	char *to = copy;

	if (!copy)
		return NULL;
	for (const char *from = copy; *from; from++) {
		if (*from == '\\' && (from[1] == '\\' || from[1] == ':'))
			from++;
		*to++ = *from;
	}
	*to = '\0';
	return copy;
}

const char *value_keep(const char **member, struct span value)
{
	*member = copy_text(value);
	return *member ? NULL : "cannot be kept: there is no memory left";
}

static const char *file_name(const char **member, struct span value)
{
	return value.length ? value_keep(member, value) : "is not a file name";
}

const char *value_path(void *member, struct span *value)
{
	return file_name(member, *value);
}

const char *value_text(void *member, struct span *value)
{
	const char *end = value->text + value->length;

	for (const char *at = value->text; at < end; at++) {
		if (*at == '%' && (++at == end || !strchr("phn%", *at)))
			return "has a % that is not %p, %h, %n or %%";
	}
	return file_name(member, *value);
}

const char *value_files(void *member, struct span *value)
{
	struct file_list *files = member;
	const char *problem;

	if (files->count == FILES_MAX)
		return "is one file too many: 16 are allowed";
	problem = file_name(&files->path[files->count], *value);
	if (!problem)
		files->count++;
	return problem;
}

static const char *add_kind(struct kind_set *set, struct span item)
{
	enum finding_kind kind;
	enum severity severity;

	if (severity_by_name(item.text, item.length, &severity))
		set->severities |= 1U << severity;
	else if (finding_kind_by_name(item.text, item.length, &kind))
		set->kinds |= (uint64_t)1 << kind;
	else
		return "is neither a severity (error, warning, leak, note) nor a kind of finding; "
		       "pythread-trace(7) lists the kinds";
	return NULL;
}

const char *value_kinds(void *member, struct span *value)
{
	struct kind_set set = {0};
	struct span rest = *value;

	for (;;) {
		const char *comma = memchr(rest.text, ',', rest.length);
		size_t length = comma ? (size_t)(comma - rest.text) : rest.length;
		struct span item = {rest.text, length};
		const char *problem = add_kind(&set, item);

		if (problem) {
			*value = item;
			return problem;
		}
		if (!comma)
			break;
		rest.text = comma + 1;
		rest.length -= length + 1;
	}
	*(struct kind_set *)member = set;
	return NULL;
}
