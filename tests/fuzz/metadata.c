/* SPDX-License-Identifier: MIT */
/* The file that describes a trace: only whole packets of it may reach babeltrace2. */
#include "babeltrace/metadata.h"

#include "fuzz.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	enum metadata_state state = metadata_judge(fuzz_file(data, size));
	uint32_t magic = 0;

	REQUIRE(state <= METADATA_UNREADABLE && state != METADATA_NONE);
	memcpy(&magic, data, size < sizeof(magic) ? size : sizeof(magic));
	if (magic == 0x75d11d57 && state == METADATA_GOOD)
		REQUIRE(size >= 37);
	return 0;
}
