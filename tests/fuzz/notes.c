/* SPDX-License-Identifier: MIT */
/* Is the file the one that was loaded? By the notes in memory, which anybody may have changed. */
#include <link.h>

static int iterate_over_made(int (*visit)(struct dl_phdr_info *, size_t, void *), void *data);

#define dl_iterate_phdr iterate_over_made
#include "stack/elffile_loaded.c"
#undef dl_iterate_phdr

#include "fuzz.h"

#include <stdlib.h>

#define SEGMENTS_MAX 64

static struct elffile file;
static ElfW(Phdr) segments[SEGMENTS_MAX];
static size_t count;
static struct dl_phdr_info made;

static int iterate_over_made(int (*visit)(struct dl_phdr_info *, size_t, void *), void *data)
{
	return visit(&made, sizeof(made), data);
}

/* This very program, the segments as its file has them. */
static void prepare(void)
{
	GElf_Phdr segment;

	if (file.elf)
		return;
	REQUIRE(elffile_open(&file, "/proc/self/exe"));
	REQUIRE(elf_getphdrnum(file.elf, &count) == 0 && count <= SEGMENTS_MAX);
	for (size_t i = 0; i < count; i++) {
		REQUIRE(gelf_getphdr(file.elf, (int)i, &segment));
		segments[i] = segment;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct module module = {.path = "", .name = ""};
	struct input input = {data, size};
	unsigned int align = input_byte(&input);
	size_t room, length = input.left;
	char *notes = input_block(&input, length);
	const ElfW(Phdr) *first = NULL;

	prepare();
	for (size_t i = 0; i < count && !first; i++)
		first = segments[i].p_type == PT_LOAD ? &segments[i] : NULL;
	REQUIRE(first);
	room = first->p_memsz < length ? first->p_memsz : length;
	for (size_t i = 0; i < count; i++) {
		if (segments[i].p_type != PT_NOTE)
			continue;
		segments[i].p_vaddr = first->p_vaddr;
		segments[i].p_memsz = room;
		segments[i].p_align = align;
	}
	made = (struct dl_phdr_info){
		.dlpi_addr = (uintptr_t)notes - first->p_vaddr,
		.dlpi_name = "",
		.dlpi_phdr = segments,
		.dlpi_phnum = (ElfW(Half))count,
	};
	module.bias = made.dlpi_addr;
	elffile_is_loaded(file.elf, &module);
	free(notes);
	return 0;
}
