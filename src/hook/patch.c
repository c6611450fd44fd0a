/* SPDX-License-Identifier: MIT */
#include "hook/patch.h"

#include "base/buffer.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

static void read_maps(struct buffer *maps)
{
	char block[4096];
	ssize_t length;
	int file = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);

	if (file < 0)
		return;
	while ((length = read(file, block, sizeof(block))) > 0)
		buffer_add(maps, block, (size_t)length);
	close(file);
}

static int parse_line(const char *line, uintptr_t address)
{
	uintptr_t start, end;
	char read, write, execute;

	if (sscanf(line, "%lx-%lx %c%c%c", &start, &end, &read, &write, &execute) != 5)
		return -1;
	if (address < start || address >= end)
		return -1;
	return (read == 'r' ? PROT_READ : 0) | (write == 'w' ? PROT_WRITE : 0) |
	       (execute == 'x' ? PROT_EXEC : 0);
}

/*
 * RELRO makes the segment's flags a lie, and a library that is being loaded right now must find its
 * pages writable still: only the kernel knows. -1 when it does not say.
 */
static int current_protection(uintptr_t address)
{
	struct buffer maps = {0};
	const char *line;
	int protection = -1;

	read_maps(&maps);
	line = maps.data;
	while (line && *line && protection < 0) {
		protection = parse_line(line, address);
		while (*line && *line != '\n')
			line++;
		if (*line)
			line++;
	}
	buffer_free(&maps);
	return protection;
}

struct pages {
	uintptr_t start, end;
};

static struct pages pages_of(const struct patch *patches, size_t count)
{
	uintptr_t size = (uintptr_t)sysconf(_SC_PAGESIZE);
	struct pages pages = {UINTPTR_MAX, 0};

	for (size_t i = 0; i < count; i++) {
		uintptr_t start = (uintptr_t)patches[i].slot & ~(size - 1);

		if (start < pages.start)
			pages.start = start;
		if (start + size > pages.end)
			pages.end = start + size;
	}
	return pages;
}

static int protect(struct pages pages, int protection)
{
	return mprotect((void *)pages.start, pages.end - pages.start, protection) ? errno : 0;
}

static int write_words(const struct patch *patches, size_t count, int protection)
{
	struct pages pages = pages_of(patches, count);
	int error = 0;

	if (protection < 0)
		protection = current_protection((uintptr_t)patches[0].slot);
	if (protection < 0)
		return ENOENT;
	if (!(protection & PROT_WRITE))
		error = protect(pages, protection | PROT_WRITE);
	if (error)
		return error;
	for (size_t i = 0; i < count; i++)
		__atomic_store_n(patches[i].slot, patches[i].value, __ATOMIC_RELEASE);
	if (!(protection & PROT_WRITE))
		protect(pages, protection);
	return 0;
}

int patch_words(const struct patch *patches, size_t count, int protection)
{
	int saved = errno;
	int error = count ? write_words(patches, count, protection) : 0;

	errno = saved;
	return error;
}

int patch_word(uintptr_t *slot, uintptr_t value, int protection)
{
	return patch_words(&(struct patch){slot, value}, 1, protection);
}
