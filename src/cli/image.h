/* SPDX-License-Identifier: MIT */
/* An ELF file in memory. It may be damaged or hostile: nothing outside the file is ever read. */
#ifndef PYTHREAD_TRACE_IMAGE_H
#define PYTHREAD_TRACE_IMAGE_H

#include "base/common.h"

#include <link.h>

#define SEGMENTS_MAX 64

struct image {
	const char *bytes;
	size_t size;
	ElfW(Ehdr) header;
	/* All PT_* with their p_filesz bytes at p_offset inside the file. */
	ElfW(Phdr) segments[SEGMENTS_MAX];
	size_t segment_count;
};

/* False and errno when the file cannot be read. After success, end with image_close(). */
bool image_open(struct image *image, const char *path);
void image_close(struct image *image);

/*
 * Reads the headers of a shared library. NULL, or what is wrong, to be said after the file's name;
 * nothing else of the image can be used then.
 */
const char *image_read(struct image *image);

/* The first segment of this type (PT_*), or NULL. */
const ElfW(Phdr) * image_segment(const struct image *image, uint32_t type);

/* The dynamic string table and its size; NULL where there is none. */
const char *image_strings(const struct image *image, size_t *size);

#endif
