/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "report/memory.h"

#include <elfutils/libdw.h>
#include <errno.h>
#include <link.h>
#include <search.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#if defined(__x86_64__)
#define IS_IMPORT(type) ((type) == R_X86_64_JUMP_SLOT || (type) == R_X86_64_GLOB_DAT)
#elif defined(__aarch64__)
#define IS_IMPORT(type) ((type) == R_AARCH64_JUMP_SLOT || (type) == R_AARCH64_GLOB_DAT)
#endif

#define RELOCATION_SYMBOL(relocation) ELF64_R_SYM((relocation)->r_info)
#define RELOCATION_TYPE(relocation) ELF64_R_TYPE((relocation)->r_info)

/* More than any one of them asks for in the beginning. */
#define ROOM ((size_t)64 * 1024)

/*
 * The thread at work, and where it goes on when there is no memory. By its number, as a thread of a
 * forked child may be at the same address.
 */
static bool at_work;
static pid_t worker;
static jmp_buf without_memory;

/* The program may use these libraries too, in other threads and at other times. */
static void give_up(void)
{
	if (!at_work || worker != gettid())
		return;
	at_work = false;
	longjmp(without_memory, 1);
}

static void *checked(void *memory)
{
	if (!memory)
		give_up();
	return memory;
}

static void *checked_malloc(size_t size)
{
	return checked(malloc(size));
}

static void *checked_calloc(size_t count, size_t size)
{
	return checked(calloc(count, size));
}

static void *checked_realloc(void *block, size_t size)
{
	void *moved = realloc(block, size);

	if (!moved && size)
		give_up();
	return moved;
}

static int checked_posix_memalign(void **block, size_t alignment, size_t size)
{
	int error = posix_memalign(block, alignment, size);

	if (error == ENOMEM)
		give_up();
	return error;
}

static char *checked_strdup(const char *text)
{
	return checked(strdup(text));
}

static char *checked_strndup(const char *text, size_t length)
{
	return checked(strndup(text, length));
}

static void *checked_tsearch(const void *key, void **root,
			     int (*compare)(const void *, const void *))
{
	return checked(tsearch(key, root, compare));
}

static int checked_vasprintf_chk(char **text, int flag, const char *format, va_list arguments)
{
	int length = vasprintf(text, format, arguments);

	(void)flag;
	if (length < 0 && errno == ENOMEM)
		give_up();
	return length;
}

static int checked_asprintf_chk(char **text, int flag, const char *format, ...)
{
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = checked_vasprintf_chk(text, flag, format, arguments);
	va_end(arguments);
	return length;
}

static int checked_vasprintf(char **text, const char *format, va_list arguments)
{
	return checked_vasprintf_chk(text, 0, format, arguments);
}

static int checked_asprintf(char **text, const char *format, ...)
{
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = checked_vasprintf_chk(text, 0, format, arguments);
	va_end(arguments);
	return length;
}

static const struct {
	const char *name;
	void *checked;
} imports[] = {
	{"malloc", (void *)checked_malloc},
	{"calloc", (void *)checked_calloc},
	{"realloc", (void *)checked_realloc},
	{"posix_memalign", (void *)checked_posix_memalign},
	{"strdup", (void *)checked_strdup},
	{"strndup", (void *)checked_strndup},
	{"tsearch", (void *)checked_tsearch},
	{"asprintf", (void *)checked_asprintf},
	{"vasprintf", (void *)checked_vasprintf},
	{"__asprintf_chk", (void *)checked_asprintf_chk},
	{"__vasprintf_chk", (void *)checked_vasprintf_chk},
};

static const char *const libraries[] = {"libdw.so", "libdw-", "libelf.so", "libelf-",
					"libjson-c.so"};

struct library {
	ElfW(Addr) bias;
	ElfW(Addr) protected_start, protected_end; /* read-only after relocation */
	const ElfW(Sym) * symbols;
	const char *strings;
};

/* The dynamic linker has turned these link-time addresses into real ones, on most machines. */
static const void *pointer(const struct library *library, ElfW(Addr) address)
{
	/* NOLINTNEXTLINE(performance-no-int-to-ptr): tables hold addresses as numbers. */
	return (const void *)(address < library->bias ? address + library->bias : address);
}

/* Where the page cannot be written to, the library goes on as it is. */
static void exchange(const struct library *library, ElfW(Addr) address, void *value)
{
	uintptr_t size = (uintptr_t)sysconf(_SC_PAGESIZE);
	/* NOLINTBEGIN(performance-no-int-to-ptr) */
	void *page = (void *)(address & ~(size - 1)), **slot = (void **)address;
	/* NOLINTEND(performance-no-int-to-ptr) */
	bool is_protected = address >= library->protected_start && address < library->protected_end;

	if (is_protected && mprotect(page, size, PROT_READ | PROT_WRITE) != 0)
		return;
	__atomic_store_n(slot, value, __ATOMIC_RELEASE);
	if (is_protected)
		mprotect(page, size, PROT_READ);
}

static void exchange_import(const struct library *library, const ElfW(Rela) * relocation)
{
	const char *name =
		library->strings + library->symbols[RELOCATION_SYMBOL(relocation)].st_name;

	for (size_t i = 0; i < sizeof(imports) / sizeof(imports[0]); i++) {
		if (strcmp(name, imports[i].name) == 0)
			exchange(library, library->bias + relocation->r_offset, imports[i].checked);
	}
}

static void exchange_imports(const struct library *library, const ElfW(Rela) * table, size_t size)
{
	for (size_t i = 0; table && i < size / sizeof(*table); i++) {
		if (IS_IMPORT(RELOCATION_TYPE(&table[i])))
			exchange_import(library, &table[i]);
	}
}

static void guard_library(struct library *library, const ElfW(Dyn) * entry)
{
	const ElfW(Rela) *calls = NULL, *others = NULL;
	size_t calls_size = 0, others_size = 0;

	for (; entry->d_tag != DT_NULL; entry++) {
		ElfW(Addr) value = entry->d_un.d_ptr;

		if (entry->d_tag == DT_SYMTAB)
			library->symbols = pointer(library, value);
		else if (entry->d_tag == DT_STRTAB)
			library->strings = pointer(library, value);
		else if (entry->d_tag == DT_JMPREL)
			calls = pointer(library, value);
		else if (entry->d_tag == DT_PLTRELSZ)
			calls_size = value;
		else if (entry->d_tag == DT_RELA)
			others = pointer(library, value);
		else if (entry->d_tag == DT_RELASZ)
			others_size = value;
	}
	if (!library->symbols || !library->strings)
		return;
	exchange_imports(library, calls, calls_size);
	exchange_imports(library, others, others_size);
}

static bool is_guarded(const char *path)
{
	const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;

	for (size_t i = 0; i < sizeof(libraries) / sizeof(libraries[0]); i++) {
		if (strncmp(name, libraries[i], strlen(libraries[i])) == 0)
			return true;
	}
	return false;
}

static int visit(struct dl_phdr_info *info, size_t size, void *unused)
{
	struct library library = {.bias = info->dlpi_addr};
	const ElfW(Dyn) *dynamic = NULL;

	(void)size, (void)unused;
	if (!is_guarded(info->dlpi_name))
		return 0;
	for (int i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *segment = &info->dlpi_phdr[i];
		ElfW(Addr) start = info->dlpi_addr + segment->p_vaddr;

		/* NOLINTNEXTLINE(performance-no-int-to-ptr) */
		if (segment->p_type == PT_DYNAMIC)
			dynamic = (const ElfW(Dyn) *)start;
		if (segment->p_type == PT_GNU_RELRO) {
			library.protected_start = start;
			library.protected_end = start + segment->p_memsz;
		}
	}
	if (dynamic)
		guard_library(&library, dynamic);
	return 0;
}

/* They are there from when this plug-in is, and stay as long. */
static __attribute__((constructor)) void guard_libraries(void)
{
	dl_iterate_phdr(visit, NULL);
}

/* For what the libraries keep for each thread the linker allocates, and ends a program without. */
static bool has_room(void)
{
	void *room = malloc(ROOM);

	free(room);
	if (room)
		(void)(dwarf_errno() + elf_errno());
	return room;
}

enum memory_outcome memory_try(void (*work)(void *context), void *context)
{
	if (!has_room())
		return MEMORY_MISSING;
	worker = gettid();
	if (_setjmp(without_memory) != 0)
		return MEMORY_RAN_OUT;
	at_work = true;
	work(context);
	at_work = false;
	return MEMORY_SUFFICED;
}
