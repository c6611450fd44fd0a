/* SPDX-License-Identifier: MIT */
#include "report/filename.h"

#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define HOST_SIZE 65

static const char *pattern, *program;
static char directory[PATH_MAX]; /* empty: it could not be told, names stay relative */
static pid_t first;		 /* 0: every process is one */
static bool forked;

void filename_init(const char *name, pid_t root)
{
	pattern = name;
	first = root;
	program = program_invocation_short_name;
	if (name && name[0] != '/' && !getcwd(directory, sizeof(directory)))
		directory[0] = '\0';
}

struct name {
	char *text;
	size_t size, length;
	bool fits, has_pid;
};

__attribute__((format(printf, 2, 3))) static void add(struct name *name, const char *format, ...)
{
	va_list arguments;
	int length;

	if (!name->fits)
		return;
	va_start(arguments, format);
	length = vsnprintf(name->text + name->length, name->size - name->length, format, arguments);
	va_end(arguments);
	name->fits = length >= 0 && (size_t)length < name->size - name->length;
	name->length += name->fits ? (size_t)length : 0;
}

static void add_host(struct name *name)
{
	char host[HOST_SIZE] = "";

	if (gethostname(host, sizeof(host) - 1) != 0)
		snprintf(host, sizeof(host), "localhost");
	add(name, "%s", host);
}

/* What "%x" stands for; anything unknown stands for itself. */
static void add_field(struct name *name, char field)
{
	switch (field) {
	case 'p':
		name->has_pid = true;
		add(name, "%d", (int)getpid());
		break;
	case 'h':
		add_host(name);
		break;
	case 'n':
		add(name, "%s", program);
		break;
	case '%':
		add(name, "%%");
		break;
	default:
		add(name, "%%%c", field);
	}
}

bool filename_make(char *out, size_t size)
{
	struct name name = {.text = out, .size = size, .fits = true};

	if (directory[0])
		add(&name, "%s/", directory);
	for (const char *at = pattern; *at; at++) {
		if (at[0] == '%' && at[1])
			add_field(&name, *++at);
		else
			add(&name, "%c", *at);
	}
	if (!name.has_pid && (forked || (first && first != getpid())))
		add(&name, ".%d", (int)getpid());
	return name.fits;
}

void filename_after_fork(void)
{
	forked = true;
}
