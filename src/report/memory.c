/* SPDX-License-Identifier: MIT */
#include "report/memory.h"

#include "base/imports.h"
#include "base/path.h"

#include <elfutils/libdw.h>
#include <errno.h>
#include <search.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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
} checked_imports[] = {
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

/* Where the page cannot be written to, the library goes on as it is. */
static void guard_import(void **slot, const char *name, void *library)
{
	for (size_t i = 0; i < countof(checked_imports); i++) {
		if (strcmp(name, checked_imports[i].name) == 0)
			imports_exchange(library, slot, checked_imports[i].checked);
	}
}

static bool is_guarded(const char *path)
{
	const char *name = path_last(path);

	for (size_t i = 0; i < countof(libraries); i++) {
		if (strncmp(name, libraries[i], strlen(libraries[i])) == 0)
			return true;
	}
	return false;
}

static int guard_library(struct dl_phdr_info *info, size_t size, void *unused)
{
	struct imports imports;

	(void)size, (void)unused;
	if (is_guarded(info->dlpi_name) && imports_read(&imports, info))
		imports_for_each(&imports, guard_import, &imports);
	return 0;
}

/* They are there from when this plug-in is, and stay as long. */
static __attribute__((constructor)) void guard_libraries(void)
{
	dl_iterate_phdr(guard_library, NULL);
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
