/* SPDX-License-Identifier: MIT */
#include "babeltrace/salvage.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

/* The packets that LTTng writes begin so. Sizes are in bits. */
struct packet {
	uint32_t magic;
	uint8_t uuid[16];
	uint32_t stream;
	uint64_t instance, begin, end, content_size, packet_size;
} __attribute__((packed));

#define MAGIC 0xc1fc1fc1u

struct saved {
	struct saved *next;
	char path[PATH_MAX];
};

static struct saved *all;

/* How much of the file is whole packets of one trace. */
static off_t whole(int fd, off_t size)
{
	struct packet first, packet;
	off_t at = 0;

	while (pread(fd, &packet, sizeof(packet), at) == (ssize_t)sizeof(packet)) {
		off_t bytes = (off_t)(packet.packet_size / 8);

		if (at == 0)
			first = packet;
		if (packet.magic != MAGIC || memcmp(packet.uuid, first.uuid, sizeof(first.uuid)) ||
		    packet.stream != first.stream || packet.content_size > packet.packet_size ||
		    packet.content_size / 8 < sizeof(packet) || bytes > size - at)
			break;
		at += bytes;
	}
	return at;
}

static bool copy(int from, const char *to, off_t size)
{
	int fd = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	off_t at = 0;

	while (fd >= 0 && at < size && sendfile(fd, from, &at, (size_t)(size - at)) > 0)
		;
	if (fd >= 0)
		close(fd);
	return fd >= 0 && at == size;
}

/* Streams that are whole are linked to, the others copied up to where they break off. */
static bool save_stream(int fd, const char *from, const char *to, struct outcome *outcome)
{
	struct stat status;
	off_t good;

	if (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode))
		return false;
	good = whole(fd, status.st_size);
	if (good == status.st_size)
		return symlink(from, to) == 0;
	outcome_warn(outcome, "%s is damaged: %lld of its %lld bytes were read", from,
		     (long long)good, (long long)status.st_size);
	return good > 0 && copy(fd, to, good);
}

static bool save_file(const char *trace, const char *name, const char *directory,
		      struct outcome *outcome)
{
	char from[PATH_MAX], to[PATH_MAX], real[PATH_MAX];
	bool saved;
	int fd;

	if (snprintf(from, sizeof(from), "%s/%s", trace, name) >= (int)sizeof(from) ||
	    snprintf(to, sizeof(to), "%s/%s", directory, name) >= (int)sizeof(to) ||
	    !realpath(from, real))
		return false;
	if (strcmp(name, "metadata") == 0)
		return symlink(real, to) != 0; /* it is no stream */
	fd = open(real, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return false;
	saved = save_stream(fd, real, to, outcome);
	close(fd);
	return saved;
}

static struct saved *make_directory(void)
{
	const char *base = getenv("TMPDIR");
	struct saved *saved = calloc(1, sizeof(*saved));

	if (!saved)
		return NULL;
	snprintf(saved->path, sizeof(saved->path), "%s/pythread-trace-report-XXXXXX",
		 base && base[0] == '/' ? base : "/tmp");
	if (!mkdtemp(saved->path)) {
		free(saved);
		return NULL;
	}
	saved->next = all;
	all = saved;
	return saved;
}

const char *salvage(const char *trace, struct outcome *outcome)
{
	DIR *directory = opendir(trace);
	struct saved *saved = directory ? make_directory() : NULL;
	unsigned int streams = 0;
	struct dirent *entry;

	while (saved && (entry = readdir(directory)))
		streams += entry->d_name[0] != '.' &&
			   save_file(trace, entry->d_name, saved->path, outcome);
	if (directory)
		closedir(directory);
	return streams ? saved->path : NULL;
}

static void empty(const char *path)
{
	DIR *directory = opendir(path);
	struct dirent *entry;

	while (directory && (entry = readdir(directory)))
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			unlinkat(dirfd(directory), entry->d_name, 0);
	if (directory)
		closedir(directory);
}

void salvage_end(void)
{
	struct saved *saved, *next;

	for (saved = all; saved; saved = next) {
		next = saved->next;
		empty(saved->path);
		rmdir(saved->path);
		free(saved);
	}
	all = NULL;
}
