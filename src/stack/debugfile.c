/* SPDX-License-Identifier: MIT */
#include "stack/debugfile.h"

#include <elfutils/libdwelf.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *debugfile_root = "/usr/lib/debug";

/* What a candidate must show to be believed. */
struct proof {
	const void *build_id;
	ssize_t build_id_length; /* 0 or less: none, the checksum counts */
	GElf_Word checksum;
};

/* The CRC-32 of zlib and .gnu_debuglink, four bits at a time. */
static uint32_t checksum_of(const unsigned char *data, size_t length)
{
	static const uint32_t table[16] = {
		0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac, 0x76dc4190, 0x6b6b51f4,
		0x4db26158, 0x5005713c, 0xedb88320, 0xf00f9344, 0xd6d6a3e8, 0xcb61b38c,
		0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c,
	};
	uint32_t checksum = UINT32_MAX;
	size_t i;

	for (i = 0; i < length; i++) {
		checksum ^= data[i];
		checksum = table[checksum & 15] ^ (checksum >> 4);
		checksum = table[checksum & 15] ^ (checksum >> 4);
	}
	return ~checksum;
}

static bool proven(Elf *elf, const struct proof *proof)
{
	const void *build_id;
	const char *data;
	size_t size;

	if (proof->build_id_length > 0)
		return dwelf_elf_gnu_build_id(elf, &build_id) == proof->build_id_length &&
		       !memcmp(build_id, proof->build_id, (size_t)proof->build_id_length);
	data = elf_rawfile(elf, &size);
	return data && checksum_of((const unsigned char *)data, size) == proof->checksum;
}

static bool try_file(struct elffile *out, const char *path, const struct proof *proof)
{
	if (!elffile_open(out, path))
		return false;
	if (proven(out->elf, proof))
		return true;
	elffile_close(out);
	return false;
}

__attribute__((format(printf, 3, 4))) static bool
try_path(struct elffile *out, const struct proof *proof, const char *format, ...)
{
	char path[PATH_MAX];
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = vsnprintf(path, sizeof(path), format, arguments);
	va_end(arguments);
	return length > 0 && (size_t)length < sizeof(path) && try_file(out, path, proof);
}

#define BUILD_ID_MAX 64

static bool try_build_id(struct elffile *out, const struct proof *proof)
{
	const unsigned char *id = proof->build_id;
	char text[2 * BUILD_ID_MAX + 1];
	ssize_t i;

	if (proof->build_id_length < 2 || proof->build_id_length > BUILD_ID_MAX)
		return false;
	for (i = 0; i < proof->build_id_length; i++)
		snprintf(text + 2 * i, 3, "%02x", id[i]);
	return try_path(out, proof, "%s/.build-id/%.2s/%s.debug", debugfile_root, text, text + 2);
}

/* By the name in .gnu_debuglink, around the directory of `path`. */
static bool try_link(struct elffile *out, const struct proof *proof, const char *name,
		     const char *path)
{
	const char *slash = strrchr(path, '/');
	int directory = slash ? (int)(slash - path) + 1 : 0;

	return try_path(out, proof, "%.*s%s", directory, path, name) ||
	       try_path(out, proof, "%.*s.debug/%s", directory, path, name) ||
	       (path[0] == '/' &&
		try_path(out, proof, "%s%.*s%s", debugfile_root, directory, path, name));
}

bool debugfile_open(struct elffile *out, Elf *elf, const char *path)
{
	struct proof proof = {0};
	const char *name;
	char real[PATH_MAX];

	proof.build_id_length = dwelf_elf_gnu_build_id(elf, &proof.build_id);
	if (try_build_id(out, &proof))
		return true;
	name = dwelf_elf_gnu_debuglink(elf, &proof.checksum);
	if (!name || !name[0] || strchr(name, '/'))
		return false;
	if (try_link(out, &proof, name, path))
		return true;
	return realpath(path, real) && strcmp(real, path) != 0 && try_link(out, &proof, name, real);
}

void debugfile_add_supplement(Dwarf *dwarf)
{
	struct proof proof = {0};
	struct elffile file;
	const char *name;
	Dwarf *supplement;

	proof.build_id_length = dwelf_dwarf_gnu_debugaltlink(dwarf, &name, &proof.build_id);
	if (proof.build_id_length <= 0)
		return;
	if (!try_build_id(&file, &proof) && !(name[0] == '/' && try_file(&file, name, &proof)))
		return;
	supplement = dwarf_begin_elf(file.elf, DWARF_C_READ, NULL);
	elffile_detach(file.elf, file.fd);
	if (supplement)
		dwarf_setalt(dwarf, supplement);
}
