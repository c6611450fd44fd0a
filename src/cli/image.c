/* SPDX-License-Identifier: MIT */
#include "cli/image.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define OWN_DATA (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? ELFDATA2LSB : ELFDATA2MSB)

static bool is_inside(const struct image *image, uint64_t offset, uint64_t size)
{
	return size <= image->size && offset <= image->size - size;
}

/* No file of no bytes can be mapped. */
static size_t mapped_size(const struct image *image)
{
	return image->size ? image->size : 1;
}

static bool map(struct image *image, int fd)
{
	struct stat status;
	void *bytes;

	if (fstat(fd, &status) != 0)
		return false;
	if (!S_ISREG(status.st_mode)) {
		errno = S_ISDIR(status.st_mode) ? EISDIR : EINVAL;
		return false;
	}
	image->size = (size_t)status.st_size;
	bytes = mmap(NULL, mapped_size(image), PROT_READ, MAP_PRIVATE, fd, 0);
	image->bytes = bytes;
	return bytes != MAP_FAILED;
}

bool image_open(struct image *image, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK), error;
	bool mapped;

	memset(image, 0, sizeof(*image));
	if (fd < 0)
		return false;
	mapped = map(image, fd);
	error = errno;
	close(fd);
	errno = error;
	return mapped;
}

void image_close(struct image *image)
{
	munmap((void *)image->bytes, mapped_size(image));
}

static const char *read_header(struct image *image)
{
	if (image->size < SELFMAG || memcmp(image->bytes, ELFMAG, SELFMAG) != 0)
		return "is not an ELF file";
	if (image->size < sizeof(image->header))
		return "is cut off";
	memcpy(&image->header, image->bytes, sizeof(image->header));
	if (image->header.e_ident[EI_CLASS] != ELFCLASS64 ||
	    image->header.e_ident[EI_DATA] != OWN_DATA)
		return "is built for another kind of processor";
	return image->header.e_type == ET_DYN ? NULL : "is not a shared library";
}

static const char *read_segments(struct image *image)
{
	const char *table = image->bytes + image->header.e_phoff;

	for (size_t i = 0; i < image->segment_count; i++) {
		ElfW(Phdr) *segment = &image->segments[i];

		memcpy(segment, table + i * sizeof(*segment), sizeof(*segment));
		if (!is_inside(image, segment->p_offset, segment->p_filesz))
			return "is cut off";
	}
	return NULL;
}

const char *image_read(struct image *image)
{
	const ElfW(Ehdr) *header = &image->header;
	const char *wrong = read_header(image);

	if (wrong)
		return wrong;
	if (header->e_phentsize != sizeof(ElfW(Phdr)) || header->e_phnum > SEGMENTS_MAX)
		return "has no program headers that can be understood";
	image->segment_count = header->e_phnum;
	if (!is_inside(image, header->e_phoff, image->segment_count * sizeof(ElfW(Phdr))))
		return "is cut off";
	return read_segments(image);
}

const ElfW(Phdr) * image_segment(const struct image *image, uint32_t type)
{
	for (size_t i = 0; i < image->segment_count; i++) {
		if (image->segments[i].p_type == type)
			return &image->segments[i];
	}
	return NULL;
}

/* The bytes that would be loaded at this address, or NULL. */
static const char *loaded_at(const struct image *image, uint64_t address, uint64_t size)
{
	for (size_t i = 0; i < image->segment_count; i++) {
		const ElfW(Phdr) *segment = &image->segments[i];

		if (segment->p_type == PT_LOAD && address >= segment->p_vaddr &&
		    size <= segment->p_filesz &&
		    address - segment->p_vaddr <= segment->p_filesz - size)
			return image->bytes + segment->p_offset + (address - segment->p_vaddr);
	}
	return NULL;
}

const char *image_strings(const struct image *image, size_t *size)
{
	const ElfW(Phdr) *segment = image_segment(image, PT_DYNAMIC);
	uint64_t strings = 0;
	ElfW(Dyn) entry;

	*size = 0;
	for (uint64_t at = 0; segment && at + sizeof(entry) <= segment->p_filesz;
	     at += sizeof(entry)) {
		memcpy(&entry, image->bytes + segment->p_offset + at, sizeof(entry));
		if (entry.d_tag == DT_NULL)
			break;
		if (entry.d_tag == DT_STRTAB)
			strings = entry.d_un.d_ptr;
		else if (entry.d_tag == DT_STRSZ)
			*size = entry.d_un.d_val;
	}
	return strings && *size ? loaded_at(image, strings, *size) : NULL;
}
