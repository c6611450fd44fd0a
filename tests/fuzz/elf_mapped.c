/* SPDX-License-Identifier: MIT */
/*
 * A loaded object, found by its header in memory: the dynamic linker has gone by the program
 * headers in the file, of which memory may have nothing, and there may be holes.
 */
#include <dlfcn.h>

int find_made(void *address, struct dl_find_object *found) __attribute__((weak));

#define _dl_find_object find_made
#include "hook/elf_at.c"
#undef _dl_find_object

#include "fuzz.h"

#include <sys/mman.h>

#define PAGE 4096
#define PAGES 4 /* its beginning, a hole, its data, and what is not its own */
#define HEADERS_MAX 80
#define IDENTITIES 8 /* one of so many is wrong */

static char *image;
static struct link_map map;

int find_made(void *address, struct dl_find_object *found)
{
	if ((char *)address < image || (char *)address >= image + 3 * PAGE)
		return -1;
	found->dlfo_map_start = image;
	found->dlfo_map_end = image + 3 * PAGE;
	found->dlfo_link_map = &map;
	return 0;
}

static void prepare(void)
{
	if (image)
		return;
	image = mmap(NULL, PAGES * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	REQUIRE(image != MAP_FAILED);
	REQUIRE(mprotect(image, PAGE, PROT_READ | PROT_WRITE) == 0);
	REQUIRE(mprotect(image + 2 * PAGE, PAGE, PROT_READ | PROT_WRITE) == 0);
	map.l_addr = (uintptr_t)image;
	map.l_name = "";
}

/* Those of a file that could be loaded: what is said of memory is so. */
static ElfW(Phdr) make_header(struct input *input, unsigned int number)
{
	size_t from = input_number(input, 2) % PAGE;

	switch (number) {
	case 0:
		return (ElfW(Phdr)){.p_type = PT_LOAD, .p_flags = PF_R, .p_memsz = PAGE};
	case 1:
		return (ElfW(Phdr)){.p_type = PT_LOAD,
				    .p_flags = PF_R | PF_W,
				    .p_vaddr = 2 * PAGE,
				    .p_memsz = PAGE};
	case 2:
		return (ElfW(Phdr)){.p_type = PT_DYNAMIC,
				    .p_vaddr = 2 * PAGE + from / 8 * 8,
				    .p_memsz = PAGE - from};
	default:
		return (ElfW(Phdr)){.p_type = PT_NOTE + (unsigned int)(from & 3),
				    .p_vaddr = input_number(input, 8),
				    .p_memsz = from};
	}
}

static void fill(struct input *input)
{
	ElfW(Ehdr) header = {.e_ident = ELFMAG, .e_phentsize = sizeof(ElfW(Phdr))};
	uint8_t identity = input_byte(input);
	size_t size;

	if (identity % IDENTITIES == 1)
		header.e_phentsize = identity;
	if (identity % IDENTITIES == 2)
		header.e_ident[identity / IDENTITIES % SELFMAG]++;
	header.e_phoff = identity & 0x80 ? input_number(input, 8) : input_number(input, 2);
	header.e_phnum = identity & 0x40 ? (ElfW(Half))input_number(input, 2)
					 : input_byte(input) % HEADERS_MAX;
	memset(image, identity, PAGE);
	memset(image + 2 * PAGE, 0, PAGE);
	memcpy(image, &header, sizeof(header));
	size = header.e_phnum * sizeof(ElfW(Phdr));
	if (header.e_phoff >= sizeof(header) && header.e_phoff <= PAGE &&
	    size <= PAGE - header.e_phoff) {
		for (unsigned int i = 0; i < header.e_phnum; i++) {
			ElfW(Phdr) one = make_header(input, i);

			memcpy(image + header.e_phoff + i * sizeof(one), &one, sizeof(one));
		}
	}
	size = input->left < PAGE ? input->left : PAGE;
	if (size)
		memcpy(image + 2 * PAGE, input->at, size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input input = {data, size};
	size_t offset = input_number(&input, 2) % (PAGES * PAGE);
	struct elf_object object;

	prepare();
	fill(&input);
	if (elf_at(&object, image + offset)) {
		REQUIRE(elf_contains(&object, image + offset));
		REQUIRE(elf_has(&object, object.symbols, 1));
	}
	return 0;
}
