/* SPDX-License-Identifier: MIT */
/* LTTng's index of a stream, as a tracer that was killed left it. */
#include "babeltrace/index.h"

#include "fuzz.h"

#include <fcntl.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input input = {data, size};
	off_t stream_size = (off_t)input_number(&input, 4), stream_end = -1, end = -1;
	off_t index_size = (off_t)input.left;
	int fd = open(fuzz_file(input.at, input.left), O_RDONLY | O_CLOEXEC);

	REQUIRE(fd >= 0);
	if (index_end(fd, index_size, stream_size, &stream_end, &end)) {
		REQUIRE(stream_end >= 0 && stream_end <= stream_size);
		REQUIRE(end >= 0 && end <= index_size);
	}
	index_extent(fd, index_size);
	index_missing(fd);
	close(fd);
	return 0;
}
