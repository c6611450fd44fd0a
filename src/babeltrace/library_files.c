/* SPDX-License-Identifier: MIT */
#include "babeltrace/library_files.h"

#include "babeltrace/shortage.h"
#include "stack/elffile.h"

#include <elfutils/libdwelf.h>
#include <gelf.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool is_right(const struct library *library, Elf *elf)
{
	const void *id;
	ssize_t length = dwelf_elf_gnu_build_id(elf, &id);

	if (!library->build_id_length) /* the trace does not tell, or it had none */
		return true;
	return length == (ssize_t)library->build_id_length &&
	       memcmp(id, library->build_id, library->build_id_length) == 0;
}

static void note_first(struct library *library, Elf *elf)
{
	size_t count;
	GElf_Phdr segment;

	if (library->fixed || elf_getphdrnum(elf, &count) != 0)
		return;
	for (size_t i = 0; i < count; i++) {
		if (gelf_getphdr(elf, (int)i, &segment) && segment.p_type == PT_LOAD) {
			library->first = segment.p_vaddr;
			return;
		}
	}
}

enum answer { NO_FILE, WRONG_FILE, RIGHT_FILE };

static enum answer examine(struct library *library, const char *path)
{
	struct elffile file;
	bool right;

	if (!elffile_open(&file, path))
		return NO_FILE;
	right = is_right(library, file.elf);
	if (right)
		note_first(library, file.elf);
	elffile_close(&file);
	return right ? RIGHT_FILE : WRONG_FILE;
}

/* The copy stays as long as the library: for ever. */
static enum answer try_path(struct library *library, const char *path, const char **out)
{
	enum answer answer = examine(library, path);

	if (answer == RIGHT_FILE) {
		*out = shortage_note(strdup(path));
		answer = *out ? RIGHT_FILE : NO_FILE;
	}
	return answer;
}

static bool try_build_id(struct library *library, const char *directory, const char *below,
			 const char *ending, const char **out)
{
	char id[2 * BUILD_ID_MAX + 1] = "", path[PATH_MAX];
	int length;

	if (*out || library->build_id_length < 2)
		return false;
	for (unsigned int i = 0; i < library->build_id_length; i++)
		snprintf(id + 2 * (size_t)i, 3, "%02x", library->build_id[i]);
	length = snprintf(path, sizeof(path), "%s%s/%.2s/%s%s", directory, below, id, id + 2,
			  ending);
	return length > 0 && (size_t)length < sizeof(path) &&
	       try_path(library, path, out) == RIGHT_FILE;
}

static void search(struct library *library, const char *directory)
{
	static const char *const below[] = {"/.build-id", ""};

	for (unsigned int i = 0; i < countof(below); i++) {
		try_build_id(library, directory, below[i], "", &library->files.loaded);
		try_build_id(library, directory, below[i], ".debug", &library->files.debug);
	}
}

static void search_sysroot(struct library *library, const char *sysroot)
{
	char path[PATH_MAX];

	if (!sysroot || !sysroot[0])
		return;
	if (snprintf(path, sizeof(path), "%s/usr/lib/debug", sysroot) < (int)sizeof(path))
		search(library, path);
}

static enum answer try_recorded(struct library *library, const char *sysroot)
{
	const char *recorded = library->module.path;
	char path[PATH_MAX];

	/* What the kernel makes up ("[vdso]") and relative names have no file. */
	if (recorded[0] != '/')
		return NO_FILE;
	if (snprintf(path, sizeof(path), "%s%s", sysroot ? sysroot : "", recorded) >=
	    (int)sizeof(path))
		return NO_FILE;
	return try_path(library, path, &library->files.loaded);
}

void library_files_find(struct library *library, const struct lookup_places *places)
{
	enum answer recorded = try_recorded(library, places->sysroot);

	search_sysroot(library, places->sysroot);
	for (unsigned int i = 0; i < places->debug_dirs; i++)
		search(library, places->debug_dir[i]);
	if (library->files.loaded)
		library->state = LIBRARY_FOUND;
	else if (library->files.debug)
		library->state = LIBRARY_DEBUG_ONLY;
	else
		library->state = recorded == WRONG_FILE ? LIBRARY_DIFFERS : LIBRARY_MISSING;
}
