/* SPDX-License-Identifier: MIT */
#include "babeltrace/index.h"

#include <dirent.h>
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define MAGIC 0xC1F1DCC1U
#define SUFFIX ".idx"

/* Numbers with their highest byte first. */
struct header {
	uint32_t magic, major, minor, entry_size;
};

struct entry {
	uint64_t offset, bits, content_bits, begin, end, discarded, stream_class;
	uint64_t stream, number; /* since version 1.1 */
};

/* The size of its entries; 0 when the file is no index. */
static size_t read_header(int index)
{
	struct header header;

	if (pread(index, &header, sizeof(header), 0) != sizeof(header) ||
	    be32toh(header.magic) != MAGIC)
		return 0;
	return be32toh(header.entry_size);
}

bool index_end(int index, off_t index_size, off_t stream_size, off_t *stream_end, off_t *end)
{
	struct entry entry;
	size_t step = read_header(index), wanted = offsetof(struct entry, content_bits);

	if (step < wanted)
		return false;
	*end = sizeof(struct header);
	*stream_end = 0;
	while (*end + (off_t)step <= index_size) {
		ssize_t got = pread(index, &entry, wanted, *end);
		uint64_t offset, size;

		if (got < 0)
			return false;
		if (got != (ssize_t)wanted)
			break;
		offset = be64toh(entry.offset);
		size = be64toh(entry.bits) / 8;
		if (offset != (uint64_t)*stream_end || size > (uint64_t)stream_size ||
		    offset > (uint64_t)stream_size - size)
			break;
		*stream_end += (off_t)size;
		*end += (off_t)step;
	}
	return true;
}

uint64_t index_extent(int index, off_t index_size)
{
	struct entry entry;
	size_t step = read_header(index), known = offsetof(struct entry, content_bits);
	uint64_t entries, offset;

	if (step < known || index_size < (off_t)(sizeof(struct header) + step))
		return 0;
	entries = ((uint64_t)index_size - sizeof(struct header)) / step;
	if (pread(index, &entry, known, (off_t)(sizeof(struct header) + (entries - 1) * step)) !=
	    (ssize_t)known)
		return 0;
	offset = be64toh(entry.offset);
	return offset < INT64_MAX ? offset + be64toh(entry.bits) / 8 : 0;
}

uint64_t index_missing(int index)
{
	struct entry entry;

	if (read_header(index) < sizeof(entry) ||
	    pread(index, &entry, sizeof(entry), sizeof(struct header)) != sizeof(entry))
		return 0;
	return be64toh(entry.number);
}

struct visit {
	int trace, indexes, flags;
	void (*call)(void *data, const char *name, int index, int stream);
	void *data;
};

static bool visit(const struct visit *visit, const char *name)
{
	size_t length = strlen(name), suffix = strlen(SUFFIX);
	char stream_name[NAME_MAX + 1];
	int index, stream;
	bool good;

	if (length <= suffix || strcmp(name + length - suffix, SUFFIX) != 0)
		return true;
	snprintf(stream_name, sizeof(stream_name), "%.*s", (int)(length - suffix), name);
	index = openat(visit->indexes, name, visit->flags | O_CLOEXEC | O_NOFOLLOW);
	stream = openat(visit->trace, stream_name, visit->flags | O_CLOEXEC | O_NOFOLLOW);
	good = index >= 0 && (stream >= 0 || errno == ENOENT);
	if (good)
		visit->call(visit->data, stream_name, index, stream);
	if (index >= 0)
		close(index);
	if (stream >= 0)
		close(stream);
	return good;
}

bool index_each(const char *trace, int flags,
		void (*call)(void *data, const char *name, int index, int stream), void *data)
{
	struct visit each = {.flags = flags, .call = call, .data = data};
	DIR *opened;
	struct dirent *entry;
	bool all;

	each.trace = open(trace, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (each.trace < 0)
		return false;
	each.indexes = openat(each.trace, "index", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	opened = each.indexes < 0 ? NULL : fdopendir(each.indexes);
	all = opened || (each.indexes < 0 && errno == ENOENT);
	while (opened && (entry = readdir(opened)))
		all = visit(&each, entry->d_name) && all;
	if (opened)
		closedir(opened);
	else if (each.indexes >= 0)
		close(each.indexes);
	close(each.trace);
	return all;
}
