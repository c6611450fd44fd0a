/* SPDX-License-Identifier: MIT */
/*
 * Reading str objects in place. But for their hashes nothing is called and nothing allocated, so
 * that this may run under the store's lock. Names and files of code objects do not change while a
 * frame runs them.
 */
#include "stack/python_internal.h"

#include <stdio.h>

struct python_layout python_layout;

/* What is read of one text: file names are shorter, and a bound keeps captures cheap. */
#define CHARACTERS_MAX 4096

struct characters {
	const char *data;
	size_t count;
	unsigned int width; /* bytes a character: 1, 2 or 4; 0 for an object that is not readable */
};

static struct characters characters_of(const char *text)
{
	uint32_t state = python_load_u32(text, python_layout.text.state);
	unsigned int kind = state >> python_layout.text.kind_shift & 7;
	bool compact = state >> (python_layout.text.kind_shift + 3) & 1;
	bool ascii = state >> (python_layout.text.kind_shift + 4) & 1;
	struct characters found = {
		.count = python_load_size(text, python_layout.text.length),
		.width = kind == 1 || kind == 2 || kind == 4 ? kind : 0,
	};

	if (found.width == 0)
		found.count = 0;
	if (found.count > CHARACTERS_MAX)
		found.count = CHARACTERS_MAX;
	if (compact)
		found.data = text + (ascii ? python_layout.text.ascii_data
					   : python_layout.text.compact_data);
	else
		found.data = python_load(text, python_layout.text.compact_data);
	if (!found.data)
		found.count = 0;
	return found;
}

/* A derived class may have a hash of its own, which runs Python code and is not kept. */
uint64_t python_text_hash_slowly(const char *text)
{
	struct characters read;

	if (python_load(text, python_layout.object_type) == python_layout.unicode_type)
		return (uint64_t)python_layout.hash(text);
	read = characters_of(text);
	return python_hash(read.data, read.count * read.width);
}

static uint32_t character_at(const struct characters *read, size_t index)
{
	uint16_t two;
	uint32_t four;

	switch (read->width) {
	case 1:
		return (unsigned char)read->data[index];
	case 2:
		memcpy(&two, read->data + 2 * index, sizeof(two));
		return two;
	default:
		memcpy(&four, read->data + 4 * index, sizeof(four));
		return four;
	}
}

#define ENCODED_MAX 8

static size_t encode(uint32_t character, char *out)
{
	static const unsigned char lead[] = {0, 0, 0xc0, 0xe0, 0xf0};
	size_t length = character < 0x80 ? 1 : character < 0x800 ? 2 : character < 0x10000 ? 3 : 4;
	size_t i;

	if (character == 0 || (character >= 0xd800 && character < 0xe000))
		return (size_t)snprintf(out, ENCODED_MAX, "\\u%04x", character);
	if (length == 1) {
		out[0] = (char)character;
		return 1;
	}
	for (i = length - 1; i > 0; i--) {
		out[i] = (char)(0x80 | (character & 0x3f));
		character >>= 6;
	}
	out[0] = (char)(lead[length] | character);
	return length;
}

void python_text_copy(const char *text, char *out, size_t size)
{
	struct characters read = characters_of(text);
	char encoded[ENCODED_MAX];
	size_t used = 0;
	size_t i, length;

	for (i = 0; i < read.count; i++) {
		length = encode(character_at(&read, i), encoded);
		if (length >= size - used)
			break;
		memcpy(out + used, encoded, length);
		used += length;
	}
	out[used] = '\0';
}
