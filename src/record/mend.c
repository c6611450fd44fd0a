/* SPDX-License-Identifier: MIT */
#include "record/mend.h"

#include "babeltrace/index.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static void mend(void *data, const char *name, int index, int stream)
{
	struct stat of_index, of_stream;
	off_t stream_end, end;

	(void)data;
	(void)name;
	if (fstat(index, &of_index) != 0 || fstat(stream, &of_stream) != 0 ||
	    !index_end(index, of_index.st_size, of_stream.st_size, &stream_end, &end))
		return;
	if (stream_end < of_stream.st_size && ftruncate(stream, stream_end) != 0)
		return;
	if (end < of_index.st_size && ftruncate(index, end) != 0)
		return;
}

void mend_trace(const char *directory)
{
	index_each(directory, O_RDWR, mend, NULL);
}
