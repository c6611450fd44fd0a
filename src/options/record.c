/* SPDX-License-Identifier: MIT */
/* The options of "record" whose value has a form: where a trace goes, and lists of names. */
#include "options/values.h"

#include <string.h>

#define PORTS_MAX 2 /* the control port and the data port */
#define PORT_LIMIT 65535

static const char url_problem[] =
	"is not a URL like net://HOST[:PORT[:PORT]][/PATH], net6://[ADDRESS] or file:///PATH";

static bool starts_with(struct span value, const char *text)
{
	size_t length = strlen(text);

	return value.length >= length && memcmp(value.text, text, length) == 0;
}

static struct span without(struct span value, size_t length)
{
	return (struct span){value.text + length, value.length - length};
}

/* How many bytes there are before any of these, all of them where there is none. */
static size_t until(struct span value, const char *stops)
{
	size_t length = 0;

	while (length < value.length && !strchr(stops, value.text[length]))
		length++;
	return length;
}

static bool is_port(struct span text)
{
	unsigned int port = 0;

	for (size_t i = 0; i < text.length; i++) {
		if (text.text[i] < '0' || text.text[i] > '9')
			return false;
		port = port * 10 + (unsigned int)(text.text[i] - '0');
		if (port > PORT_LIMIT)
			return false;
	}
	return port > 0;
}

/* ":5342:5343", or nothing. The colons of a value in the variable have backslashes before them. */
static bool are_ports(struct span rest)
{
	for (int i = 0; rest.length; i++) {
		size_t length;

		if (starts_with(rest, "\\"))
			rest = without(rest, 1);
		if (i == PORTS_MAX || !starts_with(rest, ":"))
			return false;
		rest = without(rest, 1);
		length = until(rest, "\\:");
		if (!is_port((struct span){rest.text, length}))
			return false;
		rest = without(rest, length);
	}
	return true;
}

/* In the variable a backslash stands before each colon, and none before anything else. */
static bool are_escapes(struct span text)
{
	for (;;) {
		text = without(text, until(text, "\\"));
		if (text.length == 0)
			return true;
		text = without(text, 1);
		if (!starts_with(text, ":"))
			return false;
	}
}

/* HOST[:PORT[:PORT]], HOST being a name, an IPv4 address or an IPv6 address in brackets. */
static bool is_relay(struct span text)
{
	bool brackets = starts_with(text, "[");
	struct span rest = without(text, brackets);
	size_t host = until(rest, brackets ? "]" : "\\:");

	if (host == 0 || until(rest, " \t\"'<>@[]") < host ||
	    !are_escapes((struct span){rest.text, host}))
		return false;
	rest = without(rest, host);
	if (!brackets)
		return are_ports(rest);
	return starts_with(rest, "]") && are_ports(without(rest, 1));
}

const char *value_url(void *member, struct span *value)
{
	static const char *const protocols[] = {"net", "net6", "tcp", "tcp6"};
	size_t name = until(*value, "\\:");
	struct span rest = without(*value, name);

	if (starts_with(rest, "\\"))
		rest = without(rest, 1);
	if (!starts_with(rest, "://"))
		return url_problem;
	rest = without(rest, strlen("://"));
	if (span_is((struct span){value->text, name}, "file"))
		return starts_with(rest, "/") ? value_keep(member, *value) : url_problem;
	for (size_t i = 0; i < countof(protocols); i++) {
		if (span_is((struct span){value->text, name}, protocols[i]))
			return is_relay((struct span){rest.text, until(rest, "/")})
				       ? value_keep(member, *value)
				       : url_problem;
	}
	return url_problem;
}

const char *value_list(void *member, struct span *value)
{
	struct span rest = *value;

	for (;;) {
		struct span item = {rest.text, until(rest, ",")};

		if (item.length == 0 || until(item, " \t\"'") != item.length) {
			*value = item.length ? item : *value;
			return "is not a list of names with commas between them";
		}
		if (item.length == rest.length)
			break;
		rest = without(rest, item.length + 1);
	}
	return value_keep(member, *value);
}
