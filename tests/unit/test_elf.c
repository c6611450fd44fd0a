/* SPDX-License-Identifier: MIT */
/* Symbol look-up in real objects, in crafted tables, and in tables made to break it. */
#include "hook/elf.h"

#include <dlfcn.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <cmocka.h>

#if defined(__x86_64__)
#define JUMP_SLOT R_X86_64_JUMP_SLOT
#define RELATIVE R_X86_64_RELATIVE
#elif defined(__aarch64__)
#define JUMP_SLOT R_AARCH64_JUMP_SLOT
#define RELATIVE R_AARCH64_RELATIVE
#endif

#define NAME "PyThread_tss_get"
#define VALUE 0x100

/* An object of one page, with unmapped pages around: a read outside of it is a crash. */
struct image {
	ElfW(Phdr) segments[2];
	ElfW(Dyn) dynamic[8];
	ElfW(Sym) symbols[2];
	char strings[32];
	struct {
		uint32_t buckets, first, words, shift;
		ElfW(Addr) bloom[1];
		uint32_t bucket[1], chain[1];
	} gnu;
	struct {
		uint32_t buckets, chains, bucket[1], chain[2];
	} sysv;
};

static struct image *image;

static uint32_t gnu_hash(const char *name)
{
	uint32_t hash = 5381;

	while (*name)
		hash = hash * 33 + (unsigned char)*name++;
	return hash;
}

static ElfW(Addr) offset_of(const void *part)
{
	return (ElfW(Addr))((const char *)part - (const char *)image);
}

static int set_up(void **state)
{
	char *pages = mmap(NULL, (size_t)3 * 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	(void)state;
	if (pages == MAP_FAILED || mprotect(pages + 4096, 4096, PROT_READ | PROT_WRITE))
		return -1;
	image = (struct image *)(pages + 4096);
	image->segments[0] =
		(ElfW(Phdr)){.p_type = PT_LOAD, .p_vaddr = 0, .p_memsz = 4096, .p_flags = PF_R};
	image->segments[1] = (ElfW(Phdr)){.p_type = PT_DYNAMIC,
					  .p_vaddr = offset_of(image->dynamic),
					  .p_memsz = sizeof(image->dynamic)};
	image->dynamic[0] = (ElfW(Dyn)){DT_SYMTAB, {offset_of(image->symbols)}};
	image->dynamic[1] = (ElfW(Dyn)){DT_STRTAB, {offset_of(image->strings)}};
	image->dynamic[2] = (ElfW(Dyn)){DT_STRSZ, {sizeof(image->strings)}};
	image->dynamic[3] = (ElfW(Dyn)){DT_GNU_HASH, {offset_of(&image->gnu)}};
	image->symbols[1] = (ElfW(Sym)){.st_name = 1,
					.st_info = ELF64_ST_INFO(STB_GLOBAL, STT_FUNC),
					.st_shndx = 5,
					.st_value = VALUE};
	memcpy(image->strings + 1, NAME, sizeof(NAME));
	image->gnu.buckets = image->gnu.first = image->gnu.words = 1;
	image->gnu.shift = 6;
	image->gnu.bloom[0] = ~(ElfW(Addr))0;
	image->gnu.bucket[0] = 1;
	image->gnu.chain[0] = gnu_hash(NAME) | 1;
	image->sysv.buckets = 1;
	image->sysv.chains = 2;
	image->sysv.bucket[0] = 1;
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	return munmap((char *)image - 4096, (size_t)3 * 4096);
}

static bool open_image(struct elf_object *object)
{
	struct dl_phdr_info info = {.dlpi_addr = (ElfW(Addr))image,
				    .dlpi_name = "image",
				    .dlpi_phdr = image->segments,
				    .dlpi_phnum = 2};

	return elf_open(object, &info);
}

static uintptr_t look_up(const char *name)
{
	struct elf_object object;

	return open_image(&object) ? elf_address(&object, name) : 0;
}

static void use_sysv_hash(void)
{
	image->dynamic[3] = (ElfW(Dyn)){DT_HASH, {offset_of(&image->sysv)}};
}

static void found_by_either_hash(void **state)
{
	(void)state;
	assert_int_equal(look_up(NAME), (uintptr_t)image + VALUE);
	assert_int_equal(look_up("PyThread_tss_set"), 0);
	use_sysv_hash();
	assert_int_equal(look_up(NAME), (uintptr_t)image + VALUE);
	assert_int_equal(look_up("PyThread_tss_set"), 0);
}

static void undefined_and_local_symbols_do_not_count(void **state)
{
	(void)state;
	image->symbols[1].st_shndx = SHN_UNDEF;
	assert_int_equal(look_up(NAME), 0);
	image->symbols[1].st_shndx = 5;
	image->symbols[1].st_info = ELF64_ST_INFO(STB_LOCAL, STT_FUNC);
	assert_int_equal(look_up(NAME), 0);
}

static void empty_tables(void **state)
{
	(void)state;
	image->gnu.buckets = 0;
	assert_int_equal(look_up(NAME), 0);
	image->gnu.buckets = 1;
	image->gnu.words = 0;
	assert_int_equal(look_up(NAME), 0);
	use_sysv_hash();
	image->sysv.buckets = 0;
	assert_int_equal(look_up(NAME), 0);
	image->dynamic[3].d_tag = DT_NULL;
	assert_int_equal(look_up(NAME), 0);
}

static void tables_that_lead_outside(void **state)
{
	static const uint32_t wild[] = {0x7fffffff, 0xffffffff, 4096, 100000};

	(void)state;
	for (size_t i = 0; i < countof(wild); i++) {
		image->gnu.bucket[0] = wild[i];
		assert_int_equal(look_up(NAME), 0);
		image->gnu.bucket[0] = 1;
		image->gnu.words = wild[i];
		look_up(NAME);
		image->gnu.words = 1;
		image->gnu.buckets = wild[i];
		look_up(NAME);
		image->gnu.buckets = 1;
		image->gnu.first = wild[i];
		assert_int_equal(look_up(NAME), 0);
		image->gnu.first = 1;
		image->gnu.shift = wild[i];
		look_up(NAME);
		image->symbols[1].st_name = wild[i];
		assert_int_equal(look_up(NAME), 0);
		image->symbols[1].st_name = 1;
	}
	image->gnu.chain[0] = 0; /* a chain without an end: into the rest of the page and beyond */
	assert_int_equal(look_up(NAME), 0);
}

static void chain_in_a_circle(void **state)
{
	(void)state;
	use_sysv_hash();
	image->symbols[1].st_name = 2;
	image->sysv.chain[1] = 1;
	assert_int_equal(look_up(NAME), 0);
	image->sysv.chains = 0xffffffff;
	image->sysv.bucket[0] = 0xfffffff0;
	assert_int_equal(look_up(NAME), 0);
}

static void strings_without_an_end(void **state)
{
	(void)state;
	memset(image->strings, 'x', sizeof(image->strings));
	assert_int_equal(look_up(NAME), 0);
	image->dynamic[2].d_un.d_val = SIZE_MAX;
	assert_int_equal(look_up(NAME), 0);
}

static void dynamic_section_outside(void **state)
{
	(void)state;
	image->segments[1].p_vaddr = (ElfW(Addr))1 << 40;
	assert_int_equal(look_up(NAME), 0);
	image->segments[1].p_vaddr = 4096 - sizeof(ElfW(Dyn));
	assert_int_equal(look_up(NAME), 0);
	image->segments[0].p_memsz = SIZE_MAX;
	image->segments[0].p_vaddr = SIZE_MAX - 3;
	look_up("");
}

static void relocations_are_bounded(void **state)
{
	struct elf_object object;
	ElfW(Rela) relocation = {.r_offset = 0x18, .r_info = ELF64_R_INFO(1, JUMP_SLOT)};

	(void)state;
	image->dynamic[4] = (ElfW(Dyn)){DT_JMPREL, {0x200}};
	image->dynamic[5] = (ElfW(Dyn)){DT_PLTRELSZ, {SIZE_MAX}};
	assert_true(open_image(&object));
	assert_null(object.plt.table);
	image->dynamic[5].d_un.d_val = 3 * sizeof(relocation);
	assert_true(open_image(&object));
	assert_int_equal(object.plt.count, 3);
	assert_string_equal(elf_relocation_symbol(&object, &relocation), NAME);
	assert_ptr_equal(elf_relocation_slot(&object, &relocation), (char *)image + 0x18);
	relocation.r_offset = 4093;
	assert_null(elf_relocation_slot(&object, &relocation));
	relocation.r_offset = (ElfW(Addr))1 << 50;
	assert_null(elf_relocation_slot(&object, &relocation));
	relocation.r_info = ELF64_R_INFO(0xffffffff, RELATIVE);
	assert_null(elf_relocation_slot(&object, &relocation));
	assert_null(elf_relocation_symbol(&object, &relocation));
}

static unsigned int visits;

static void expect_second_slot(const struct elf_object *object, const ElfW(Rela) * relocation,
			       uintptr_t *slot)
{
	visits++;
	assert_ptr_equal(slot, (char *)image + 0xc08);
	assert_string_equal(elf_relocation_symbol(object, relocation), NAME);
}

/* One without a symbol, then slots that hold 7, 8 and 9. */
static void slots_by_their_value(void **state)
{
	ElfW(Rela) *table = (ElfW(Rela) *)((char *)image + 0x800);
	uintptr_t *slots = (uintptr_t *)((char *)image + 0xc00);
	struct elf_object object;

	(void)state;
	image->dynamic[4] = (ElfW(Dyn)){DT_RELA, {0x800}};
	image->dynamic[5] = (ElfW(Dyn)){DT_RELASZ, {4 * sizeof(*table)}};
	image->dynamic[6] = (ElfW(Dyn)){DT_RELACOUNT, {1}};
	for (unsigned int i = 0; i < 3; i++) {
		slots[i] = 7 + i;
		table[1 + i].r_offset = 0xc00 + i * sizeof(*slots);
		table[1 + i].r_info = ELF64_R_INFO(1, JUMP_SLOT);
	}
	for (visits = 0; visits < 2;) {
		assert_true(open_image(&object));
		assert_ptr_equal(object.data.table, &table[1]);
		assert_int_equal(object.data.count, 3);
		elf_for_each_slot(&object, &object.data, 8, 8, expect_second_slot);
		image->segments[0].p_flags |= PF_W; /* once more, by the shorter way */
	}
	assert_int_equal(object.data_end - object.data_start, 4096);
	image->dynamic[6].d_un.d_val = SIZE_MAX;
	assert_true(open_image(&object));
	assert_int_equal(object.data.count, 0);
}

static int find_in_libc(struct dl_phdr_info *info, size_t size, void *data)
{
	struct elf_object object;

	(void)size;
	if (elf_open(&object, info) && strstr(info->dlpi_name, "libc.so"))
		*(uintptr_t *)data = elf_address(&object, "malloc");
	return 0;
}

static void agrees_with_the_dynamic_linker(void **state)
{
	uintptr_t address = 0;
	void *libc = dlopen("libc.so.6", RTLD_NOW | RTLD_NOLOAD);

	(void)state;
	assert_non_null(libc);
	dl_iterate_phdr(find_in_libc, &address);
	assert_ptr_equal((void *)address, dlsym(libc, "malloc"));
	dlclose(libc);
}

/* As a packer may leave it: the dynamic linker goes by what it read before. */
static void object_without_its_header_is_found(void **state)
{
	void *library = dlopen("libm.so.6", RTLD_NOW);
	struct elf_object object;
	const void *code;
	Dl_info info;

	(void)state;
	assert_non_null(library);
	code = dlsym(library, "cos");
	assert_int_not_equal(dladdr(code, &info), 0);
	assert_int_equal(mprotect(info.dli_fbase, 4096, PROT_READ | PROT_WRITE), 0);
	memset(info.dli_fbase, 0, SELFMAG);
	assert_true(elf_at(&object, code));
	assert_non_null(strstr(object.name, "libm.so"));
	memcpy(info.dli_fbase, ELFMAG, SELFMAG);
	dlclose(library);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(found_by_either_hash),
		TEST(undefined_and_local_symbols_do_not_count),
		TEST(empty_tables),
		TEST(tables_that_lead_outside),
		TEST(chain_in_a_circle),
		TEST(strings_without_an_end),
		TEST(dynamic_section_outside),
		TEST(relocations_are_bounded),
		TEST(slots_by_their_value),
		TEST(agrees_with_the_dynamic_linker),
		TEST(object_without_its_header_is_found),
	};

	return cmocka_run_group_tests_name("ELF tables", tests, NULL, NULL);
}
