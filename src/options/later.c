/* SPDX-License-Identifier: MIT */
#include "options/later.h"

#include <string.h>

static const char *const kinds[] = {
	"mutex-unlock-unlocked", "mutex-self-deadlock",
	"mutex-deadlock",	 "mutex-lock-order",
	"mutex-garbage",	 "mutex-held-at-thread-exit",
	"mutex-held-at-fork",	 "mutex-long-hold",
	"mutex-long-wait",	 "hang",
};

bool later_has_kind(const char *name, size_t length)
{
	for (size_t i = 0; i < countof(kinds); i++) {
		if (strlen(kinds[i]) == length && memcmp(kinds[i], name, length) == 0)
			return true;
	}
	return false;
}
