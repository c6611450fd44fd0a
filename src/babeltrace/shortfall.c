/* SPDX-License-Identifier: MIT */
#include "babeltrace/shortfall.h"

#include "babeltrace/index.h"

#include <fcntl.h>
#include <inttypes.h>
#include <sys/stat.h>

struct search {
	const char *trace;
	struct outcome *outcome;
};

static void compare(void *data, const char *name, int index, int stream)
{
	const struct search *search = data;
	struct stat of_index, of_stream = {0};
	uint64_t extent;

	if (fstat(index, &of_index) != 0 || (stream >= 0 && fstat(stream, &of_stream) != 0))
		return;
	extent = index_extent(index, of_index.st_size);
	if (extent > (uint64_t)of_stream.st_size)
		outcome_warn(search->outcome,
			     "%s/%s is cut off: it had %" PRIu64 " bytes, and has %" PRIu64
			     ": events are missing",
			     search->trace, name, extent, (uint64_t)of_stream.st_size);
}

void shortfall_warn(const char *trace, struct outcome *outcome)
{
	struct search search = {trace, outcome};

	index_each(trace, O_RDONLY | O_NONBLOCK, compare, &search);
}
