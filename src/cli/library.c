/* SPDX-License-Identifier: MIT */
#include "cli/library.h"

#include "cli/command.h"
#include "cli/place.h"

#include <stdlib.h>
#include <string.h>

char *library_path(void)
{
	char *path = place_find("/src/hook/.libs/" LIBRARY_FILE, LIBDIR);

	if (path && path[strcspn(path, ": ")]) {
		complain("%s cannot be preloaded: LD_PRELOAD takes no path with a colon or a "
			 "space; install it elsewhere",
			 path);
		free(path);
		return NULL;
	}
	return path;
}
