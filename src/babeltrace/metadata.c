/* SPDX-License-Identifier: MIT */
#include "babeltrace/metadata.h"

#include "base/common.h"

#include <babeltrace2/babeltrace.h>
#include <byteswap.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#define RECORD_SEPARATOR 0x1e /* CTF 2's metadata begins with it */
#define MAGIC 0x75d11d57u

/* CTF 1.8, section 7.1: the header of a packet of metadata. Sizes are in bits. */
struct header {
	uint32_t magic;
	uint8_t uuid[16];
	uint32_t checksum, content_size, packet_size;
	uint8_t schemes[3], major, minor;
} __attribute__((packed));

/* babeltrace2 reads CTF 2 from its version 2.1 on. */
static bool is_too_new(const struct header *header)
{
	return *(const unsigned char *)header == RECORD_SEPARATOR && bt_version_get_major() == 2 &&
	       bt_version_get_minor() < 1;
}

/* babeltrace2 waits for ever for the rest of a packet. */
static enum metadata_state judge_packets(int fd, off_t size)
{
	struct header header;
	off_t at = 0;

	while (at < size) {
		uint32_t content, packet;

		if (pread(fd, &header, sizeof(header), at) != (ssize_t)sizeof(header))
			return METADATA_CUT;
		content = header.content_size;
		packet = header.packet_size;
		if (header.magic == bswap_32(MAGIC)) {
			content = bswap_32(content);
			packet = bswap_32(packet);
		} else if (header.magic != MAGIC) {
			return METADATA_CUT;
		}
		if (content > packet || content / 8 < sizeof(header) || packet % 8 ||
		    (off_t)(packet / 8) > size - at)
			return METADATA_CUT;
		at += packet / 8;
	}
	return METADATA_GOOD;
}

static enum metadata_state judge(int fd)
{
	struct header header = {0};
	struct stat status;

	if (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode))
		return METADATA_NONE;
	if (pread(fd, &header, sizeof(header), 0) < 0)
		return METADATA_UNREADABLE;
	if (status.st_size == 0)
		return METADATA_CUT; /* babeltrace2 2.1 breaks down */
	if (is_too_new(&header))
		return METADATA_NEWER;
	if (header.magic != MAGIC && header.magic != bswap_32(MAGIC))
		return METADATA_GOOD; /* plain text, or nonsense that is found out later */
	return judge_packets(fd, status.st_size);
}

/* A pipe of that name is not waited for. */
enum metadata_state metadata_judge(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	enum metadata_state state;

	if (fd < 0)
		return METADATA_UNREADABLE;
	state = judge(fd);
	close(fd);
	return state;
}
