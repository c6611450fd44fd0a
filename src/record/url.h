/* SPDX-License-Identifier: MIT */
/* Where a relay daemon listens. The option's parser has checked the URL's form. */
#ifndef PYTHREAD_TRACE_RECORD_URL_H
#define PYTHREAD_TRACE_RECORD_URL_H

#include "base/common.h"

struct relay_url {
	bool version6;
	char host[256];
	unsigned int control, data, live; /* ports */
	char path[1024];		  /* with a "/" first, or "" */
};

bool url_is_file(const char *url);

/* Of file:///PATH. */
const char *url_path(const char *url);

/* False after one line, when it is too long. */
bool url_parse(struct relay_url *relay, const char *url);

/* As lttng-ctl wants it: net://HOST:PORT:PORT/PATH. out has room for `size` bytes. */
void url_print(const struct relay_url *relay, char *out, size_t size);

/*
 * A connection to the control port, which is how to know whether a relay daemon is there, and later
 * whether it still is. -1 after one line that says why there is none.
 */
int url_connect(const struct relay_url *relay);

/* The same for one port, and nothing is said. */
int url_try(const struct relay_url *relay, unsigned int port);

/* Three free ports on loopback, for a relay daemon of our own. False after one line. */
bool url_choose(struct relay_url *relay);

/* Whether the other end of that connection has gone meanwhile. */
bool url_is_gone(int connection);

#endif
