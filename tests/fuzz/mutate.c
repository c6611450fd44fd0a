/* SPDX-License-Identifier: MIT */
#include "mutate.h"

#include <string.h>

/* Numbers at which something changes. */
static const uint64_t edges[] = {0,	 1,	     0x7f,	 0x80,	     0xff,	0x7fff,
				 0xffff, 0x7fffffff, 0x80000000, 0xffffffff, INT64_MAX, UINT64_MAX};

static size_t insert(uint8_t *data, size_t size, size_t room, size_t at, const uint8_t *piece,
		     size_t length)
{
	if (length > room - size)
		length = room - size;
	memmove(data + at + length, data + at, size - at);
	memcpy(data + at, piece, length);
	return size + length;
}

static size_t erase(uint8_t *data, size_t size, size_t at, size_t length)
{
	if (length > size - at)
		length = size - at;
	memmove(data + at, data + at + length, size - at - length);
	return size - length;
}

static void overwrite(struct chance *chance, uint8_t *data, size_t size, size_t at)
{
	uint64_t number = edges[chance_below(chance, countof(edges))];
	size_t width = (size_t)1 << chance_below(chance, 4);

	memcpy(data + at, &number, width < size - at ? width : size - at);
}

static size_t insert_piece(struct chance *chance, uint8_t *data, size_t size, size_t room,
			   const uint8_t *from, size_t length)
{
	uint8_t piece[32];
	size_t start = chance_below(chance, length), end = start + 1 + chance_below(chance, 32);

	end = end < length ? end : length;
	memcpy(piece, from + start, end - start);
	return insert(data, size, room, chance_below(chance, size + 1), piece, end - start);
}

static size_t change(struct chance *chance, uint8_t *data, size_t size, size_t room,
		     const uint8_t *other, size_t other_size)
{
	uint8_t byte = (uint8_t)chance_next(chance);
	size_t at = size ? chance_below(chance, size) : 0;

	switch (size ? chance_below(chance, 7) : 0) {
	case 0:
		return insert(data, size, room, at, &byte, 1);
	case 1:
		return erase(data, size, at, 1 + chance_below(chance, 8));
	case 2:
		overwrite(chance, data, size, at);
		return size;
	case 3:
		data[at] = byte;
		return size;
	case 4:
		return insert_piece(chance, data, size, room, data, size);
	case 5:
		return other_size ? insert_piece(chance, data, size, room, other, other_size)
				  : size;
	default:
		data[at] ^= (uint8_t)(1U << byte % 8);
		return size;
	}
}

size_t mutate(struct chance *chance, uint8_t *data, size_t size, size_t room, const uint8_t *other,
	      size_t other_size)
{
	size_t changes = (size_t)1 << chance_below(chance, 5);

	while (changes--)
		size = change(chance, data, size, room, other, other_size);
	return size;
}
