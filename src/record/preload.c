/* SPDX-License-Identifier: MIT */
#include "record/preload.h"

#include "base/buffer.h"
#include "cli/command.h"

#include <dlfcn.h>
#include <lttng/lttng.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PRELOAD_VARIABLE "LD_PRELOAD"

/*
 * Not liblttng-ust-fork.so: our library does the same in processes with Python, and waits with
 * LTTng until the child does something worth recording. The other starts it at once, in children
 * that are about to close all files and call exec; LTTng aborts there when its files go (Python's
 * subprocess).
 */
static const struct helper {
	const char *name, *loss;
} helpers[] = {
	{"liblttng-ust-dl.so", "libraries that are loaded later may have no names"},
};

/* Of LTTng-UST 2.13 and later, and of those before. */
static const char *const versions[] = {".1", ".0"};

/* Where LTTng's other libraries are, of this very installation. */
static size_t own_directory(char *out, size_t size)
{
	Dl_info info;
	const char *slash;

	if (!dladdr((void *)lttng_strerror, &info) || !info.dli_fname)
		return 0;
	slash = strrchr(info.dli_fname, '/');
	return slash ? (size_t)snprintf(out, size, "%.*s", (int)(slash - info.dli_fname),
					info.dli_fname)
		     : 0;
}

static bool look_in(struct buffer *list, const char *directory, const char *name)
{
	for (size_t i = 0; i < countof(versions); i++) {
		char path[4096];

		snprintf(path, sizeof(path), "%s/%s%s", directory, name, versions[i]);
		if (path[strcspn(path, ": ")] || access(path, R_OK) != 0)
			continue;
		if (!list->length || !strstr(list->data, path))
			buffer_printf(list, "%s%s", list->length ? ":" : "", path);
		return true;
	}
	return false;
}

static bool add(struct buffer *list, const char *name)
{
	static const char *const others[] = {"/usr/local/lib", "/usr/lib64", "/usr/lib"};
	char own[4000];

	if (own_directory(own, sizeof(own)) && look_in(list, own, name))
		return true;
	for (size_t i = 0; i < countof(others); i++) {
		if (look_in(list, others[i], name))
			return true;
	}
	return false;
}

bool preload_helpers(void)
{
	const char *present = getenv(PRELOAD_VARIABLE);
	struct buffer list = {0};
	bool good;

	buffer_printf(&list, "%s", present ? present : "");
	for (size_t i = 0; i < countof(helpers); i++) {
		if (!add(&list, helpers[i].name))
			complain("warning: %s is not here (Debian package liblttng-ust1): %s",
				 helpers[i].name, helpers[i].loss);
	}
	good = !list.failed && setenv(PRELOAD_VARIABLE, list.data, 1) == 0;
	if (!good)
		complain("the environment cannot be set: there is no memory left");
	buffer_free(&list);
	return good;
}
