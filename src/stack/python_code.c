/* SPDX-License-Identifier: MIT */
/*
 * Code objects: which one is it, and where in it is its frame? Told by content, since an address
 * may have been freed and taken by another code object meanwhile. A digest of 64 bits stands for
 * all that.
 */
#include "stack/python_internal.h"

#define FIRST UINT64_C(0xc2b2ae3d27d4eb4f)
#define SECOND UINT64_C(0x9e3779b97f4a7c15)

/* Both halves of a product depend on all bits of both factors. */
static inline uint64_t mixed(uint64_t one, uint64_t other)
{
	__extension__ unsigned __int128 product =
		(unsigned __int128)(one ^ FIRST) * (other ^ SECOND);

	return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static inline uint64_t word_at(const char *at)
{
	uint64_t word;

	memcpy(&word, at, sizeof(word));
	return word;
}

static uint64_t short_hash(const void *data, size_t length)
{
	uint64_t words[2] = {0};

	memcpy(words, data, length);
	return mixed(words[0] ^ length, words[1]);
}

/* Two chains side by side: a multiplication takes longer than it takes to start one. */
uint64_t python_hash(const void *data, size_t length)
{
	const char *at = data;
	const char *end = at + length;
	uint64_t even = length, odd = 0;

	if (length < 16)
		return short_hash(data, length);
	for (; end - at > 32; at += 32) {
		even = mixed(even ^ word_at(at), word_at(at + 8));
		odd = mixed(odd ^ word_at(at + 16), word_at(at + 24));
	}
	if (end - at > 16)
		even = mixed(even ^ word_at(at), word_at(at + 8));
	/* Some bytes a second time: no harm. */
	return even + mixed(odd ^ word_at(end - 16), word_at(end - 8));
}

/*
 * The version is a number that each code object of an interpreter gets when it is made (3.12 and
 * later; 0 after 2^32 of them): with the address it tells a code object from one that was freed
 * before. Without it the whole table does, still many times faster than looking the line up.
 */
static uint64_t position_of(const char *code, uint32_t unit)
{
	uint32_t version = 0;
	const char *table;

	if (python_layout.code_version)
		version = python_load_u32(code, python_layout.code_version);
	if (likely(version))
		return (uint64_t)version << 32 | unit;
	table = python_load(code, python_layout.code_line_table);
	return mixed(python_hash(table + python_layout.bytes_data,
				 python_load_size(table, python_layout.bytes_size)),
		     (uint64_t)python_load_u32(code, python_layout.code_first_line) << 32 | unit);
}

/* The hashes of texts are as good as random: the numbers they are combined with stay apart. */
static uint64_t digest_of(const struct python_raw_frame *raw, const char *file)
{
	const char *name = python_load(raw->code, python_layout.code_name);

	return mixed((uintptr_t)raw->code ^ python_text_hash(name),
		     position_of(raw->code, raw->unit) ^ python_text_hash(file));
}

uint64_t python_identify(struct python_raw_frame *raw, unsigned int count)
{
	uint64_t all = 0;
	unsigned int i;

	for (i = 0; i < count; i++) {
		raw[i].digest =
			digest_of(&raw[i], python_load(raw[i].code, python_layout.code_filename));
		all = (all ^ raw[i].digest) * SECOND;
	}
	return all ^ all >> 32;
}
