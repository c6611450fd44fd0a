/* SPDX-License-Identifier: MIT */
#include "core/core.h"

#include <stdlib.h>

struct core_host core_host = {
	.malloc = malloc,
	.free = free,
	.key_create = pthread_key_create,
	.key_delete = pthread_key_delete,
};
