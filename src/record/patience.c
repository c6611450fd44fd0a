/* SPDX-License-Identifier: MIT */
#include "record/patience.h"

#include "record/directory.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define PATIENCE_MS 150000 /* longer than what is waited for, one after the other */
#define FULL_PATIENCE_MS 8000
#define PAUSE_MS 100

static bool arrives(const struct plan *plan, int fd)
{
	struct pollfd waiting = {.fd = fd, .events = POLLIN};

	for (int waited = 0; waited < PATIENCE_MS; waited += PAUSE_MS) {
		if (poll(&waiting, 1, PAUSE_MS) > 0)
			return true;
		if (waited > FULL_PATIENCE_MS && directory_is_full(plan))
			break;
	}
	return false;
}

/* In the child. */
static void work(void (*call)(void *data), void *data, size_t size, int fd)
{
	call(data);
	_exit(write(fd, data, size) == (ssize_t)size ? EXIT_SUCCESS : EXIT_FAILURE);
}

/* A child that does it, with the end to hear from it in ends[0]; -1: there can be none. */
static pid_t begin(int ends[2], void (*call)(void *data), void *data, size_t size)
{
	pid_t child;

	if (pipe2(ends, O_CLOEXEC) != 0)
		return -1;
	child = fork();
	if (child == 0)
		work(call, data, size, ends[1]);
	close(ends[1]);
	if (child < 0)
		close(ends[0]);
	return child;
}

/* Where no process can be made for it, it is done here, however long it takes. */
bool in_time(const struct plan *plan, void (*call)(void *data), void *data, size_t size)
{
	int ends[2];
	pid_t child;
	bool good;

	child = begin(ends, call, data, size);
	if (child < 0) {
		call(data);
		return true;
	}
	good = arrives(plan, ends[0]) && read(ends[0], data, size) == (ssize_t)size;
	close(ends[0]);
	kill(child, SIGKILL);
	while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
		continue;
	return good;
}
