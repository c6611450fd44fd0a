/* SPDX-License-Identifier: MIT */
#include "hook/trace_daemon.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* Of the system's daemon; another one's is in $LTTNG_HOME/.lttng, or else in $HOME/.lttng. */
#define SYSTEM_FOLDER "/var/run/lttng"
#define HOME_FOLDER ".lttng"

/* A socket's name ends in the protocol's version, 8 in LTTng 2.12 and 11 in 2.16. */
#define VERSION_LEAST 8
#define VERSION_MOST 16

/* At a full queue of one that has stopped listening this fails like the rest: nobody is there. */
static bool connects(int file, const char *folder, int folder_length, int version)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int length = snprintf(address.sun_path, sizeof(address.sun_path), "%.*s/lttng-ust-sock-%d",
			      folder_length, folder, version);

	return length < (int)sizeof(address.sun_path) &&
	       connect(file, (struct sockaddr *)&address, sizeof(address)) == 0;
}

static bool has_listener(const char *folder, int length)
{
	int file = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	bool found = false;

	if (file < 0)
		return false;
	for (int version = VERSION_LEAST; !found && version <= VERSION_MOST; version++)
		found = connects(file, folder, length, version);
	close(file);
	return found;
}

static bool is_in(const char *folder)
{
	return access(folder, X_OK) == 0 && has_listener(folder, (int)strlen(folder));
}

static bool is_at_home(void)
{
	const char *home = secure_getenv("LTTNG_HOME");
	char folder[sizeof(((struct sockaddr_un *)NULL)->sun_path)];

	if (!home)
		home = secure_getenv("HOME");
	return home &&
	       snprintf(folder, sizeof(folder), "%s/" HOME_FOLDER, home) < (int)sizeof(folder) &&
	       is_in(folder);
}

bool trace_daemon_is_there(void)
{
	/* Newer versions look into the first folder of this list only; older ones ignore it. */
	const char *only = secure_getenv("LTTNG_UST_APP_PATH");

	if (only)
		return has_listener(only, (int)strcspn(only, ":")) || is_in(SYSTEM_FOLDER) ||
		       is_at_home();
	return is_in(SYSTEM_FOLDER) || is_at_home();
}
