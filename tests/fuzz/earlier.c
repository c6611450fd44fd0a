/* SPDX-License-Identifier: MIT */
/* The file that --output names: this process's own report from before an exec, or anything. */
#include "report/earlier.h"

#include "fuzz.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char directory[PATH_MAX / 2];

static void leave(void)
{
	rmdir(directory);
}

static void prepare(void)
{
	if (directory[0])
		return;
	snprintf(directory, sizeof(directory), "%s/pythread-fuzz-XXXXXX",
		 access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
	REQUIRE(mkdtemp(directory));
	atexit(leave);
}

/* A byte of value 1 stands for the process's own number. */
static char *fill_in(const char *text)
{
	char *filled = malloc(strlen(text) * 12 + 1), *to = filled;

	REQUIRE(filled);
	for (; *text; text++)
		to += *text == 1 ? sprintf(to, "%d", (int)getpid()) : (*to = *text, 1);
	*to = '\0';
	return filled;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input input = {data, size};
	char *pattern = input_text(&input, '\0'), *text = fill_in(pattern);
	char path[PATH_MAX], kept[PATH_MAX + 8], own[24];
	bool is_text, was_kept;
	int fd;

	prepare();
	snprintf(path, sizeof(path), "%s/report", directory);
	snprintf(kept, sizeof(kept), "%s.1", path);
	snprintf(own, sizeof(own), "==%d==", (int)getpid());
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	REQUIRE(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text));
	close(fd);
	is_text = earlier_is_text(path);
	REQUIRE(is_text == (strncmp(text, own, strlen(own)) == 0));
	REQUIRE(earlier_keep(path) == 0);
	was_kept = access(kept, F_OK) == 0;
	REQUIRE(was_kept != (access(path, F_OK) == 0));
	REQUIRE(was_kept || !is_text);
	if (!strstr(text, "\"pid\":") && !strstr(text, "\"processId\":"))
		REQUIRE(was_kept == is_text);
	unlink(was_kept ? kept : path);
	free(text);
	free(pattern);
	return 0;
}
