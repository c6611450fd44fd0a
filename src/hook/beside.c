/* SPDX-License-Identifier: MIT */
#include "hook/beside.h"

#include "stack/modules.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

bool beside_library(char path[PATH_MAX], const char *relative)
{
	const struct module *own = module_get(module_at((const void *)beside_library));
	const char *library = own ? own->path : "";
	const char *slash = strrchr(library, '/');
	int directory = slash ? (int)(slash - library) : 0;

	return snprintf(path, PATH_MAX, "%.*s/%s", directory, library, relative) < PATH_MAX &&
	       access(path, R_OK) == 0;
}
