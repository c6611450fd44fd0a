/* SPDX-License-Identifier: MIT */
#include "cli/extension.h"

#include "base/byte_cas.h"
#include "base/path.h"
#include "cli/command.h"
#include "cli/image.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static bool has_library_name(const char *path)
{
	const char *suffix = strstr(path_last(path), ".so");

	while (suffix && suffix[3] != '\0' && suffix[3] != '.')
		suffix = strstr(suffix + 3, ".so");
	return suffix != NULL;
}

/* Where a segment is in the file takes the place of where it would be in memory. */
static enum pymutex_use use_of(const struct image *image, const char *names, size_t size)
{
	ElfW(Phdr) in_file[SEGMENTS_MAX];
	struct pymutex_object object = {image->header.e_machine, (uintptr_t)image->bytes, in_file,
					image->segment_count};

	for (size_t i = 0; i < image->segment_count; i++) {
		in_file[i] = image->segments[i];
		in_file[i].p_vaddr = in_file[i].p_offset;
	}
	return pymutex_use_of(&object, names, size);
}

static void show_use(enum pymutex_use use)
{
	switch (use) {
	case PYMUTEX_UNUSED:
		puts("PyMutex      not used: this file calls none of its functions by name");
		break;
	case PYMUTEX_OUT_OF_LINE:
		puts("PyMutex      not inlined: every operation is a call, and is seen");
		break;
	case PYMUTEX_MAY_BE_INLINED:
		puts("PyMutex      inlined, by the look of its machine code: only what is "
		     "contended "
		     "is a call");
		puts("  in an interpreter with a GIL: contention is seen, and everything from a "
		     "mutex's second contention on");
		puts("  in a free-threaded one: contention is seen, and nothing else");
		puts("  to see everything, rebuild it with -include pythread-trace/pymutex.h");
		break;
	}
}

static const char *examine(struct image *image, const char *path)
{
	const char *wrong = image_read(image), *names;
	size_t size;

	if (wrong)
		return wrong;
	names = image_strings(image, &size);
	if (!names)
		return "has no dynamic symbols that can be read";
	printf("library      %s\n", path);
	show_use(use_of(image, names, size));
	return NULL;
}

bool extension_is(const char *path)
{
	struct image image;
	bool is_library;

	if (has_library_name(path))
		return true;
	if (access(path, X_OK) == 0 || !image_open(&image, path))
		return false;
	is_library = !image_read(&image) && !image_segment(&image, PT_INTERP);
	image_close(&image);
	return is_library;
}

int extension_examine(const char *path)
{
	struct image image;
	const char *wrong;

	if (!image_open(&image, path)) {
		bool missing = errno == ENOENT || errno == ENOTDIR;

		if (missing)
			complain("'%s' was not found", path);
		else
			complain("'%s' cannot be read: %s", path, strerror(errno));
		return missing ? STATUS_NOT_FOUND : STATUS_CANNOT_RUN;
	}
	wrong = examine(&image, path);
	image_close(&image);
	if (!wrong)
		return 0;
	complain("'%s' %s", path, wrong);
	return STATUS_CANNOT_RUN;
}
