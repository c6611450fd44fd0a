/* SPDX-License-Identifier: MIT */
/* The file of an extension module, which doctor looks at. */
#include "cli/image.h"

#include "base/byte_cas.h"
#include "fuzz.h"

#include <string.h>

/* As extension.c does it. */
static void look_at(const struct image *image)
{
	size_t size;
	const char *names = image_strings(image, &size);
	ElfW(Phdr) in_file[SEGMENTS_MAX];
	struct pymutex_object object = {image->header.e_machine, (uintptr_t)image->bytes, in_file,
					image->segment_count};

	for (size_t i = 0; i < image->segment_count; i++) {
		in_file[i] = image->segments[i];
		in_file[i].p_vaddr = in_file[i].p_offset;
	}
	REQUIRE(!names || (names >= image->bytes && names + size <= image->bytes + image->size));
	if (names)
		pymutex_use_of(&object, names, size);
	pymutex_use_of_caller(&object);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct image image;

	if (!image_open(&image, fuzz_file(data, size)))
		return 0;
	REQUIRE(image.size == size);
	if (!image_read(&image)) {
		image_segment(&image, PT_INTERP);
		look_at(&image);
	}
	image_close(&image);
	return 0;
}
