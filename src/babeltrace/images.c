/* SPDX-License-Identifier: MIT */
#include "babeltrace/images.h"

#include "babeltrace/shortage.h"

#include <stdlib.h>
#include <string.h>

static bool holds(const struct image *image, uint64_t address)
{
	return address >= image->start && address - image->start < image->size;
}

static bool overlap(const struct image *image, uint64_t start, uint64_t size)
{
	return holds(image, start) ||
	       (size && start <= image->start && image->start - start < size);
}

static bool is_loaded(const struct image *image)
{
	return image->unloaded == UINT64_MAX;
}

static struct image *loaded_from(const struct images *images, uint64_t start)
{
	for (struct image *image = images->newest; image; image = image->next)
		if (image->start == start && is_loaded(image))
			return image;
	return NULL;
}

/* Whatever was there before has gone, even if nobody saw how. */
static void displace(struct images *images, uint64_t start, uint64_t size, uint64_t now)
{
	for (struct image *image = images->newest; image; image = image->next) {
		if (is_loaded(image) && overlap(image, start, size)) {
			image->unloaded = now;
			images->epoch++;
		}
	}
}

void images_add(struct images *images, const char *path, const struct seen *seen, bool loaded_now)
{
	uint64_t start = seen_number(seen, F_BADDR), size = seen_number(seen, F_MEMSZ);
	struct image *known = loaded_from(images, start);
	struct image *image;

	if (!path || (known && known->size == size && strcmp(known->path, path) == 0))
		return;
	image = shortage_note(calloc(1, sizeof(*image)));
	if (!image)
		return;
	displace(images, start, size, seen->time);
	image->path = path;
	image->start = start;
	image->size = size;
	image->fixed = seen_has(seen, F_IS_PIC) && !seen_number(seen, F_IS_PIC);
	image->loaded = loaded_now ? seen->time : 0;
	image->unloaded = UINT64_MAX;
	image->next = images->newest;
	images->newest = image;
}

void images_identify(struct images *images, const struct seen *seen)
{
	struct image *image = loaded_from(images, seen_number(seen, F_BADDR));

	if (!image || image->build_id_length || seen->list.count > BUILD_ID_MAX)
		return;
	image->build_id_length = seen->list.count;
	for (unsigned int i = 0; i < seen->list.count; i++)
		image->build_id[i] = (unsigned char)seen->list.item[i];
}

void images_unload(struct images *images, const struct seen *seen)
{
	struct image *image = loaded_from(images, seen_number(seen, F_BADDR));

	if (!image)
		return;
	image->unloaded = seen->time;
	images->epoch++;
}

/*
 * The tracer tells of what is loaded some time after it begins to record, so an image may be
 * younger than what happened in it: where nothing was there then, the next one counts.
 */
struct image *images_at(const struct images *images, uint64_t address, uint64_t time)
{
	struct image *later = NULL;

	for (struct image *image = images->newest; image; image = image->next) {
		if (!holds(image, address) || image->unloaded < time)
			continue;
		if (image->loaded <= time)
			return image;
		later = image;
	}
	return later;
}

void images_free(struct images *images)
{
	struct image *image, *next;

	for (image = images->newest; image; image = next) {
		next = image->next;
		free(image);
	}
}
