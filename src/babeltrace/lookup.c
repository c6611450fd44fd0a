/* SPDX-License-Identifier: MIT */
#include "babeltrace/lookup.h"

#include "babeltrace/library_files.h"
#include "babeltrace/shortage.h"
#include "base/path.h"

#include <stdlib.h>
#include <string.h>

static struct library *libraries;

static bool same(const struct library *library, const struct image *image)
{
	return library->build_id_length == image->build_id_length &&
	       library->fixed == image->fixed &&
	       library->module.end - library->module.start == image->size &&
	       memcmp(library->build_id, image->build_id, image->build_id_length) == 0 &&
	       strcmp(library->module.path, image->path) == 0;
}

static struct library *create(const struct lookup_places *places, const struct image *image)
{
	struct library *library = shortage_note(calloc(1, sizeof(*library)));
	char *path = library ? shortage_note(strdup(image->path)) : NULL;

	if (!path) {
		free(library);
		return NULL;
	}
	library->fixed = image->fixed;
	library->first = image->fixed ? image->start : 0;
	library->build_id_length = image->build_id_length;
	memcpy(library->build_id, image->build_id, image->build_id_length);
	library->module.path = path;
	library->module.name = path_last(path);
	library_files_find(library, places);
	library->module.start = library->first;
	library->module.end = library->first + image->size;
	library->module.files = &library->files;
	library->next = libraries;
	libraries = library;
	return library;
}

struct library *lookup_library(const struct lookup_places *places, struct image *image)
{
	struct library *library;

	if (image->library)
		return image->library;
	for (library = libraries; library; library = library->next)
		if (same(library, image))
			break;
	image->library = library ? library : create(places, image);
	return image->library;
}

static struct symbol look_up(const struct lookup_places *places, struct image *image,
			     uint64_t address, bool data)
{
	struct library *library = image ? lookup_library(places, image) : NULL;
	struct symbol symbol = {0};

	if (!library)
		return symbol;
	library->asked = true;
	address = address - image->start + library->first;
	if (data)
		symbolize_data(&library->module, address, &symbol);
	else
		symbolize_code(&library->module, address, &symbol);
	return symbol;
}

struct symbol lookup_code(const struct lookup_places *places, struct image *image, uint64_t address)
{
	return look_up(places, image, address, false);
}

struct symbol lookup_data(const struct lookup_places *places, struct image *image, uint64_t address)
{
	return look_up(places, image, address, true);
}

const struct library *lookup_all(void)
{
	return libraries;
}
