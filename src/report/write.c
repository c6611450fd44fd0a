/* SPDX-License-Identifier: MIT */
#include "report/write.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

#define PATIENCE_MS 1000

static bool is_pending(int signal)
{
	sigset_t pending;

	return sigpending(&pending) == 0 && sigismember(&pending, signal) == 1;
}

static void take_back(int signal)
{
	const struct timespec at_once = {0, 0};
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, signal);
	while (sigtimedwait(&set, NULL, &at_once) < 0 && errno == EINTR)
		;
}

/* One step. Returns 0 to go on, or the error to end with. */
static int write_some(int fd, const char **data, size_t *length)
{
	struct pollfd writable = {.fd = fd, .events = POLLOUT};
	ssize_t done = write(fd, *data, *length);

	if (done > 0) {
		*data += done;
		*length -= (size_t)done;
		return 0;
	}
	if (done == 0)
		return EIO;
	if (errno == EINTR)
		return 0;
	if (errno == EAGAIN && poll(&writable, 1, PATIENCE_MS) > 0)
		return 0;
	return errno;
}

int write_all(int fd, const char *data, size_t length)
{
	bool had_pipe = is_pending(SIGPIPE), had_size = is_pending(SIGXFSZ);
	int error = 0;

	while (length > 0 && error == 0)
		error = write_some(fd, &data, &length);
	if (error == EPIPE && !had_pipe)
		take_back(SIGPIPE);
	if (error == EFBIG && !had_size)
		take_back(SIGXFSZ);
	return error;
}
