/* SPDX-License-Identifier: MIT */
/* Files that may be a trace's library, at its path and by its build id: none but the right one. */
#include "candidates.h"

#define elffile_open open_candidate
#include "babeltrace/library_files.c"
#undef elffile_open

static const char *const paths[] = {"/usr/lib/a.so", "[vdso]", "", "a.so"};
static const char *const roots[] = {NULL, "", "/sysroot"};

/* Whatever was found is one of the two, and has the build id that it has to have. */
static void require_right(const struct library *library, const char *path)
{
	ssize_t wanted = (ssize_t)library->build_id_length;
	unsigned int matching = 0;
	struct elffile file;
	const void *id;

	REQUIRE(path);
	for (unsigned int i = 0; i < countof(candidates.path); i++) {
		if (!elffile_open(&file, candidates.path[i]))
			continue;
		matching += !wanted || (dwelf_elf_gnu_build_id(file.elf, &id) == wanted &&
					memcmp(id, library->build_id, (size_t)wanted) == 0);
		elffile_close(&file);
	}
	REQUIRE(matching);
}

static void judge(const struct library *library)
{
	const struct module_files *files = &library->files;

	if (files->loaded)
		require_right(library, files->loaded);
	if (files->debug)
		require_right(library, files->debug);
	switch (library->state) {
	case LIBRARY_FOUND:
		REQUIRE(files->loaded);
		break;
	case LIBRARY_DEBUG_ONLY:
		REQUIRE(files->debug && !files->loaded);
		break;
	case LIBRARY_MISSING:
	case LIBRARY_DIFFERS:
		REQUIRE(!files->debug && !files->loaded);
		break;
	}
	if (library->fixed)
		REQUIRE(library->first == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input input = {data, size};
	uint8_t form = input_byte(&input);
	struct lookup_places places = {
		.sysroot = roots[form % countof(roots)],
		.debug_dirs = form & 1,
		.debug_dir = {"/debug"},
	};
	struct library library = {
		.module.path = paths[form / 4 % countof(paths)],
		.fixed = form & 0x10,
		.build_id_length = input_byte(&input) % (BUILD_ID_MAX + 1),
	};

	for (unsigned int i = 0; i < library.build_id_length; i++)
		library.build_id[i] = input_byte(&input);
	candidates_make(&input);
	library_files_find(&library, &places);
	judge(&library);
	free((void *)(uintptr_t)library.files.loaded);
	free((void *)(uintptr_t)library.files.debug);
	return 0;
}
