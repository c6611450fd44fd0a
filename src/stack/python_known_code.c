/* SPDX-License-Identifier: MIT */
#include "stack/python_known_code.h"

#include "stack/store.h"

#define BUCKETS 256
#define CODES_MAX 2048
#define TABLE_MAX 4096 /* bytes that are worth a copy */

#define NO_HASH UINT64_MAX /* none was asked for yet */

/* Under the store's lock. */
static struct known_code *buckets[BUCKETS];
static unsigned int count;

static struct known_code **bucket_of(const char *code)
{
	return &buckets[(uintptr_t)code * HASH_MULTIPLIER >> 56];
}

_Static_assert(BUCKETS == 1 << (64 - 56), "bucket_of() yields an index");

static struct known_text text_of(const char *code, uint32_t offset)
{
	const char *object = python_load(code, offset);

	return (struct known_text){object, python_load_size(object, python_layout.text.hash)};
}

static struct known_code describe(const char *code)
{
	const char *table = python_load(code, python_layout.code_line_table);
	struct known_code known = {
		.code = code,
		.name = text_of(code, python_layout.code_name),
		.file = text_of(code, python_layout.code_filename),
		.first_line = python_load_u32(code, python_layout.code_first_line),
		.table = table,
		.table_size = python_load_size(table, python_layout.bytes_size),
	};

	if (python_layout.code_version)
		known.version = python_load_u32(code, python_layout.code_version);
	return known;
}

static const struct known_code *make(const char *code)
{
	struct known_code described = describe(code), *known;
	struct known_code **bucket = bucket_of(code);
	size_t copied = described.version ? 0 : described.table_size;

	if (count == CODES_MAX || copied > TABLE_MAX || described.name.hash == NO_HASH ||
	    described.file.hash == NO_HASH)
		return NULL;
	known = store_alloc(sizeof(*known) + copied);
	if (!known)
		return NULL;
	*known = described;
	memcpy(known->table_copy, known->table + python_layout.bytes_data, copied);
	known->next = *bucket;
	*bucket = known;
	count++;
	return known;
}

const struct known_code *known_code_get(const char *code)
{
	const struct known_code *known = *bucket_of(code);

	while (known && (known->code != code || !known_code_is_same(known)))
		known = known->next;
	return known ? known : make(code);
}
