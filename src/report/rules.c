/* SPDX-License-Identifier: MIT */
#include "report/rules.h"

#include "base/arena.h"
#include "base/buffer.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static struct arena arena;

struct place {
	const char *file;
	unsigned int line;
	struct options_error *error;
};

/* No file's name, and nothing that is in a file, steers a terminal. */
static void make_plain(struct options_error *error)
{
	for (char *at = error->text; *at; at++)
		if ((unsigned char)*at < ' ' || *at == 0x7f)
			*at = '?';
}

static bool refuse(const struct place *at, const char *what, const char *text, size_t length)
{
	snprintf(at->error->text, sizeof(at->error->text), "suppressions: %s:%u: %s%.*s", at->file,
		 at->line, what, (int)length, text);
	make_plain(at->error);
	return false;
}

static bool cannot_read(const char *file, int error, struct options_error *out)
{
	snprintf(out->text, sizeof(out->text), "suppressions: cannot read %s: %s", file,
		 strerrordesc_np(error));
	make_plain(out);
	return false;
}

/* "b$" becomes "*b": what a user leaves open at an end may be anything. */
static const char *make_glob(const char *pattern, size_t length)
{
	bool from_start = pattern[0] == '^';
	bool to_end = length > from_start && pattern[length - 1] == '$';
	char *glob = arena_alloc(&arena, length + 3);

	if (!glob)
		return NULL;
	pattern += from_start;
	length -= (size_t)from_start + to_end;
	snprintf(glob, length + 3, "%s%.*s%s", from_start ? "" : "*", (int)length, pattern,
		 to_end ? "" : "*");
	return glob;
}

static bool parse_kind(const struct place *at, const char *name, size_t length, struct rule *rule)
{
	rule->any_kind = length == 1 && name[0] == '*';
	if (rule->any_kind || finding_kind_by_name(name, length, &rule->kind))
		return true;
	return refuse(at, "no kind of finding has the name ", name, length);
}

static bool parse_rule(const struct place *at, const char *line, size_t length, struct rule *rule)
{
	const char *colon = memchr(line, ':', length);
	size_t kind;

	if (!colon)
		return refuse(at, "not of the form kind:pattern: ", line, length);
	kind = (size_t)(colon - line);
	if (!parse_kind(at, line, kind, rule))
		return false;
	if (kind + 1 == length)
		return refuse(at, "the pattern is empty: ", line, length);
	rule->glob = make_glob(colon + 1, length - kind - 1);
	rule->text = arena_strndup(&arena, line, length);
	if (!rule->glob || !rule->text)
		return refuse(at, "no memory", "", 0);
	return true;
}

static bool is_blank(char character)
{
	return character == ' ' || character == '\t' || character == '\r';
}

/* *line and *length without the blanks around. */
static void trim(const char **line, size_t *length)
{
	while (*length > 0 && is_blank(**line)) {
		(*line)++;
		(*length)--;
	}
	while (*length > 0 && is_blank((*line)[*length - 1]))
		(*length)--;
}

static bool add_line(struct rule **list, const struct place *at, const char *line, size_t length)
{
	struct rule *rule;

	trim(&line, &length);
	if (length == 0 || line[0] == '#')
		return true;
	rule = arena_alloc(&arena, sizeof(*rule));
	if (!rule)
		return refuse(at, "no memory", "", 0);
	if (!parse_rule(at, line, length, rule))
		return false;
	rule->file = at->file;
	rule->line = at->line;
	while (*list)
		list = &(*list)->next;
	*list = rule;
	return true;
}

/* 0, or an errno. */
static int read_file(const char *file, struct buffer *out)
{
	int fd = open(file, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	char chunk[1024];
	int error = 0;

	if (fd < 0)
		return errno;
	for (;;) {
		ssize_t got = read(fd, chunk, sizeof(chunk));

		if (got > 0)
			buffer_add(out, chunk, (size_t)got);
		else if (got == 0 || errno != EINTR) {
			error = got < 0 ? errno : 0;
			break;
		}
	}
	close(fd);
	return out->failed ? ENOMEM : error;
}

bool rules_read(struct rule **list, const char *file, struct options_error *error)
{
	struct place at = {.file = file, .line = 0, .error = error};
	struct buffer text = {0};
	int result = read_file(file, &text);
	bool good = result == 0 || cannot_read(file, result, error);
	const char *line = text.data, *end = line ? line + text.length : NULL;

	while (good && line < end) {
		const char *newline = memchr(line, '\n', (size_t)(end - line));
		const char *stop = newline ? newline : end;

		at.line++;
		good = add_line(list, &at, line, (size_t)(stop - line));
		line = stop + 1;
	}
	buffer_free(&text);
	return good;
}
