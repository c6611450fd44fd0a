/* SPDX-License-Identifier: MIT */
#include "report/thread_name.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#define PATH_SIZE 48

bool thread_name_read(pid_t tid, char name[THREAD_NAME_SIZE])
{
	char path[PATH_SIZE];
	ssize_t length;
	int fd;

	name[0] = '\0';
	snprintf(path, sizeof(path), "/proc/self/task/%d/comm", (int)tid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	length = read(fd, name, THREAD_NAME_SIZE);
	close(fd);
	name[length > 0 ? length - 1 : 0] = '\0'; /* it ends in a newline */
	return length > 1;
}
