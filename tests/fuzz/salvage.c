/* SPDX-License-Identifier: MIT */
/* A trace's streams, cut off anywhere: what is made of them is whole packets, and all of them. */
#include "babeltrace/salvage.h"

#include "fuzz.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char trace[PATH_MAX / 2];

/* salvage.c warns of what is damaged. */
void outcome_warn(struct outcome *outcome, const char *format, ...)
{
	outcome->warnings += *format != '\0';
}

static void write_file(const char *name, const void *data, size_t size)
{
	char path[PATH_MAX];
	int fd;

	snprintf(path, sizeof(path), "%s/%s", trace, name);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	REQUIRE(fd >= 0 && write(fd, data, size) == (ssize_t)size);
	close(fd);
}

static void remove_file(const char *name)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/%s", trace, name);
	unlink(path);
}

static void leave(void)
{
	rmdir(trace);
}

static void prepare(void)
{
	if (trace[0])
		return;
	snprintf(trace, sizeof(trace), "%s/pythread-fuzz-XXXXXX",
		 access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
	REQUIRE(mkdtemp(trace));
	setenv("TMPDIR", trace, 1);
	atexit(leave);
}

static off_t size_of(const char *directory, const char *name)
{
	char path[PATH_MAX];
	struct stat status;

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	return stat(path, &status) == 0 ? status.st_size : -1;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char metadata[] = "/* CTF 1.8 */ tracer_name = \"lttng-ust\";";
	struct input input = {data, size};
	struct outcome outcome = {0};
	const char *saved;
	bool needed;

	prepare();
	write_file("metadata", metadata, input_byte(&input) % sizeof(metadata));
	write_file("stream", input.at, input.left);
	needed = salvage_is_needed(trace);
	salvage_begin();
	saved = salvage(trace, &outcome);
	if (saved) {
		REQUIRE(size_of(saved, "stream") <= (off_t)input.left);
		REQUIRE(!salvage_is_needed(saved));
	}
	if (needed)
		REQUIRE(outcome.warnings == 1);
	salvage_end();
	REQUIRE(size_of(trace, "stream") == (off_t)input.left);
	remove_file("metadata");
	remove_file("stream");
	return 0;
}
