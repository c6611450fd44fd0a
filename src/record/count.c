/* SPDX-License-Identifier: MIT */
#include "record/count.h"

#include "babeltrace/index.h"
#include "record/count_trace.h"
#include "record/tree.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

struct reading {
	const bt_plugin *plugin;
	struct contents *contents;
	bool any; /* bytes in the streams of one trace */
};

/* babeltrace2 tells of those between two packets. */
static void count_missing(void *data, const char *name, int index, int stream)
{
	struct reading *reading = data;
	struct stat status;

	(void)name;
	reading->any = reading->any || (fstat(stream, &status) == 0 && status.st_size > 0);
	reading->contents->packets += index_missing(index);
}

/* LTTng writes that last: so it is where the session daemon died. babeltrace2 2.1 breaks down. */
static bool lacks_metadata(const char *path)
{
	char metadata[PATH_MAX];
	struct stat status;

	snprintf(metadata, sizeof(metadata), "%s/metadata", path);
	return stat(metadata, &status) == 0 && status.st_size == 0;
}

static void read_one(void *data, const char *path)
{
	struct reading *reading = data;

	reading->contents->traces++;
	reading->any = false;
	if (!index_each(path, O_RDONLY, count_missing, reading))
		reading->contents->complete = false;
	if (lacks_metadata(path) ? reading->any
				 : !count_trace(reading->plugin, path, reading->contents))
		reading->contents->complete = false;
}

static void count(struct contents *contents, const char *directory)
{
	const bt_plugin *plugin = NULL;
	struct reading reading = {.contents = contents};

	*contents = (struct contents){.complete = true};
	bt_plugin_find("ctf", BT_TRUE, BT_TRUE, BT_TRUE, BT_FALSE, BT_FALSE, &plugin);
	if (plugin) {
		reading.plugin = plugin;
		if (!tree_each(directory, read_one, &reading))
			contents->complete = false;
	} else {
		contents->complete = false;
	}
	bt_plugin_put_ref(plugin);
	bt_current_thread_clear_error();
}

/* In the child. babeltrace2 says on standard error what it finds impossible, and aborts. */
static void count_and_tell(const char *directory, int fd)
{
	struct contents contents;
	struct rlimit no_core = {0, 0};
	int null = open("/dev/null", O_WRONLY | O_CLOEXEC);

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	setrlimit(RLIMIT_CORE, &no_core);
	dup2(null, STDERR_FILENO);
	count(&contents, directory);
	_exit(write(fd, &contents, sizeof(contents)) == sizeof(contents) ? EXIT_SUCCESS
									 : EXIT_FAILURE);
}

static bool hear(int fd, struct contents *contents)
{
	ssize_t got;

	do
		got = read(fd, contents, sizeof(*contents));
	while (got < 0 && errno == EINTR);
	return got == sizeof(*contents);
}

void count_contents(struct contents *contents, const char *directory)
{
	int ends[2] = {-1, -1};
	pid_t child = pipe2(ends, O_CLOEXEC) == 0 ? fork() : -1;

	if (child == 0)
		count_and_tell(directory, ends[1]);
	close(ends[1]);
	if (child < 0 || !hear(ends[0], contents))
		*contents = (struct contents){.traces = 1};
	close(ends[0]);
	while (child > 0 && waitpid(child, NULL, 0) < 0 && errno == EINTR)
		continue;
}
