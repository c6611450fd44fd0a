/* SPDX-License-Identifier: MIT */
#include "cli/record_mend.h"

#include "base/common.h"

#include <dirent.h>
#include <endian.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAGIC 0xC1F1DCC1U
#define SUFFIX ".idx"

/* LTTng's index of a stream: numbers with their highest byte first. */
struct header {
	uint32_t magic, major, minor, entry_size;
};

struct entry { /* what an entry begins with */
	uint64_t offset, bits;
};

/* Where the whole packets end, and the entries for them. False when the file is no index. */
static bool find_end(int index, off_t index_size, off_t stream_size, off_t *stream_end,
		     off_t *index_end)
{
	struct header header;
	struct entry entry;
	size_t step;

	if (pread(index, &header, sizeof(header), 0) != sizeof(header) ||
	    be32toh(header.magic) != MAGIC)
		return false;
	step = be32toh(header.entry_size);
	if (step < sizeof(entry))
		return false;
	*index_end = sizeof(header);
	*stream_end = 0;
	while (*index_end + (off_t)step <= index_size &&
	       pread(index, &entry, sizeof(entry), *index_end) == sizeof(entry)) {
		uint64_t offset = be64toh(entry.offset), size = be64toh(entry.bits) / 8;

		if (offset != (uint64_t)*stream_end || size > (uint64_t)stream_size ||
		    offset > (uint64_t)stream_size - size)
			break;
		*stream_end += (off_t)size;
		*index_end += (off_t)step;
	}
	return true;
}

static void mend(int index, int stream)
{
	struct stat of_index, of_stream;
	off_t stream_end, index_end;

	if (fstat(index, &of_index) != 0 || fstat(stream, &of_stream) != 0 ||
	    !find_end(index, of_index.st_size, of_stream.st_size, &stream_end, &index_end))
		return;
	if (stream_end < of_stream.st_size && ftruncate(stream, stream_end) != 0)
		return;
	if (index_end < of_index.st_size && ftruncate(index, index_end) != 0)
		return;
}

static void mend_stream(int trace, int indexes, const char *name)
{
	size_t length = strlen(name), suffix = strlen(SUFFIX);
	char stream_name[NAME_MAX + 1];
	int index, stream;

	if (length <= suffix || strcmp(name + length - suffix, SUFFIX) != 0)
		return;
	snprintf(stream_name, sizeof(stream_name), "%.*s", (int)(length - suffix), name);
	index = openat(indexes, name, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
	stream = openat(trace, stream_name, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
	if (index >= 0 && stream >= 0)
		mend(index, stream);
	if (index >= 0)
		close(index);
	if (stream >= 0)
		close(stream);
}

void mend_trace(const char *directory)
{
	int trace = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int indexes = trace < 0 ? -1 : openat(trace, "index", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *opened = indexes < 0 ? NULL : fdopendir(indexes);
	struct dirent *entry;

	while (opened && (entry = readdir(opened)))
		mend_stream(trace, dirfd(opened), entry->d_name);
	if (opened)
		closedir(opened);
	else if (indexes >= 0)
		close(indexes);
	if (trace >= 0)
		close(trace);
}
