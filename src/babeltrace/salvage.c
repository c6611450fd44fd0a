/* SPDX-License-Identifier: MIT */
#include "babeltrace/salvage.h"

#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
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
	char path[PATH_MAX + 16];
};

static struct saved *all; /* newest first */
static char base[PATH_MAX];

/* How much of the file is whole packets of one trace. */
static off_t whole(int fd, off_t size)
{
	struct packet first, packet;
	off_t at = 0;

	while (pread(fd, &packet, sizeof(packet), at) == (ssize_t)sizeof(packet)) {
		off_t bytes = (off_t)(packet.packet_size / 8);

		if (at == 0)
			first = packet;
		if (bytes < (off_t)sizeof(packet) || packet.magic != MAGIC ||
		    memcmp(packet.uuid, first.uuid, sizeof(first.uuid)) != 0 ||
		    packet.stream != first.stream || packet.content_size > packet.packet_size ||
		    bytes > size - at)
			break;
		at += bytes;
	}
	return at;
}

#define ENVIRONMENT_END (64 << 10) /* the trace's description begins with where it comes from */

static bool is_lttngs(int directory)
{
	static const char name[] = "lttng-ust";
	int fd = openat(directory, "metadata", O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	char *text = fd >= 0 ? malloc(ENVIRONMENT_END) : NULL;
	ssize_t length = text ? pread(fd, text, ENVIRONMENT_END, 0) : 0;
	bool found = length > 0 && memmem(text, (size_t)length, name, sizeof(name) - 1);

	free(text);
	if (fd >= 0)
		close(fd);
	return found;
}

static bool is_whole(int directory, const char *name)
{
	int fd = openat(directory, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat status;
	bool good = true;

	if (fd < 0)
		return true; /* found out later */
	if (fstat(fd, &status) == 0 && S_ISREG(status.st_mode))
		good = whole(fd, status.st_size) == status.st_size;
	close(fd);
	return good;
}

bool salvage_is_needed(const char *trace)
{
	DIR *directory = opendir(trace);
	bool good = true;
	struct dirent *entry;

	if (!directory)
		return false;
	if (is_lttngs(dirfd(directory)))
		while (good && (entry = readdir(directory)))
			good = entry->d_name[0] == '.' || strcmp(entry->d_name, "metadata") == 0 ||
			       is_whole(dirfd(directory), entry->d_name);
	closedir(directory);
	return !good;
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
	char from[PATH_MAX], to[PATH_MAX + 272], real[PATH_MAX];
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

void salvage_begin(void)
{
	const char *parents[] = {getenv("TMPDIR"), "/tmp", "/var/tmp", "/dev/shm"};

	base[0] = '\0';
	for (unsigned int i = 0; i < countof(parents) && !base[0]; i++) {
		if (!parents[i] || parents[i][0] != '/')
			continue;
		snprintf(base, sizeof(base), "%s/pythread-trace-report-XXXXXX", parents[i]);
		if (!mkdtemp(base))
			base[0] = '\0';
	}
}

bool salvage_is_possible(void)
{
	return base[0];
}

static struct saved *make_directory(void)
{
	struct saved *saved = base[0] ? calloc(1, sizeof(*saved)) : NULL;

	if (!saved)
		return NULL;
	snprintf(saved->path, sizeof(saved->path), "%s/XXXXXX", base);
	saved->next = all;
	all = saved;
	return mkdtemp(saved->path) ? saved : NULL;
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

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *place)
{
	(void)status, (void)type, (void)place;
	remove(path);
	return 0;
}

void salvage_end(void)
{
	struct saved *saved, *next;

	for (saved = all; saved; saved = next) {
		next = saved->next;
		free(saved);
	}
	all = NULL;
	if (base[0])
		nftw(base, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	base[0] = '\0';
}
