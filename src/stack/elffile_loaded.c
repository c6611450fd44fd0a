/* SPDX-License-Identifier: MIT */
/* Is the file the one that was loaded? By its segments and its build id, or that it has none. */
#include "stack/elffile.h"

#include <elfutils/libdwelf.h>
#include <link.h>
#include <string.h>

/* What the file has is asked of libelf before the comparison, whose callback only looks at it. */
struct comparison {
	const struct module *module;
	const ElfW(Phdr) * segments; /* NULL: unreadable */
	size_t segment_count;
	const void *build_id;
	ssize_t build_id_length; /* 0 or less: none */
	bool differs;
};

static bool mapped(const struct dl_phdr_info *info, ElfW(Addr) address, size_t length)
{
	for (int i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *segment = &info->dlpi_phdr[i];

		if (segment->p_type == PT_LOAD && (segment->p_flags & PF_R) &&
		    address >= segment->p_vaddr && length <= segment->p_memsz &&
		    address - segment->p_vaddr <= segment->p_memsz - length)
			return true;
	}
	return false;
}

/* The build id in a note segment in memory, or NULL. */
static const void *build_id_in(const char *notes, size_t left, size_t align, size_t *length)
{
	ElfW(Nhdr) header;
	size_t name, description;

	while (left >= sizeof(header)) {
		memcpy(&header, notes, sizeof(header));
		name = (sizeof(header) + (size_t)header.n_namesz + align - 1) & ~(align - 1);
		description = ((size_t)header.n_descsz + align - 1) & ~(align - 1);
		if (name > left || header.n_descsz > left - name)
			return NULL;
		if (header.n_type == NT_GNU_BUILD_ID && header.n_namesz == sizeof("GNU") &&
		    !memcmp(notes + sizeof(header), "GNU", sizeof("GNU"))) {
			*length = header.n_descsz;
			return notes + name;
		}
		if (description > left - name)
			return NULL;
		notes += name + description;
		left -= name + description;
	}
	return NULL;
}

static bool same_build_id(const struct dl_phdr_info *info, const struct comparison *file)
{
	const void *in_memory = NULL;
	size_t memory_length = 0;

	for (int i = 0; i < info->dlpi_phnum && !in_memory; i++) {
		const ElfW(Phdr) *segment = &info->dlpi_phdr[i];
		ElfW(Addr) address = info->dlpi_addr + segment->p_vaddr;

		if (segment->p_type != PT_NOTE || !mapped(info, segment->p_vaddr, segment->p_memsz))
			continue;
		/* NOLINTNEXTLINE(performance-no-int-to-ptr): tables hold addresses as numbers. */
		in_memory = build_id_in((const char *)address, segment->p_memsz,
					segment->p_align == 8 ? 8 : 4, &memory_length);
	}
	if (file->build_id_length <= 0 || !in_memory)
		return file->build_id_length <= 0 && !in_memory;
	return (size_t)file->build_id_length == memory_length &&
	       !memcmp(file->build_id, in_memory, memory_length);
}

static bool same_segments(const struct dl_phdr_info *info, const struct comparison *file)
{
	if (!file->segments || file->segment_count != info->dlpi_phnum)
		return false;
	for (int i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *memory = &info->dlpi_phdr[i], *segment = &file->segments[i];

		if (memory->p_type == PT_LOAD &&
		    (segment->p_type != PT_LOAD || segment->p_vaddr != memory->p_vaddr ||
		     segment->p_memsz != memory->p_memsz || segment->p_flags != memory->p_flags))
			return false;
	}
	return true;
}

/*
 * The dynamic linker's lock is held here, and libelf may be left by a jump when it asks for memory:
 * nothing of libelf's may be called.
 */
static int compare(struct dl_phdr_info *info, size_t size, void *data)
{
	struct comparison *comparison = data;
	const struct module *module = comparison->module;

	(void)size;
	/* The executable has no name here. */
	if (info->dlpi_addr != module->bias ||
	    (info->dlpi_name[0] && strcmp(info->dlpi_name, module->path) != 0))
		return 0;
	comparison->differs = !same_segments(info, comparison) || !same_build_id(info, comparison);
	return 1;
}

bool elffile_is_loaded(Elf *elf, const struct module *module)
{
	struct comparison comparison = {.module = module};

	if (elf_getphdrnum(elf, &comparison.segment_count) == 0)
		comparison.segments = elf64_getphdr(elf);
	comparison.build_id_length = dwelf_elf_gnu_build_id(elf, &comparison.build_id);
	dl_iterate_phdr(compare, &comparison);
	return !comparison.differs;
}
