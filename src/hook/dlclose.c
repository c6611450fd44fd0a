/* SPDX-License-Identifier: MIT */
/*
 * Libraries that go: what is known of addresses must be looked at again then. Only dlclose() tells;
 * what libc closes behind it (NSS, iconv) is its own and calls none of the hooked functions.
 */
#include "hook/real.h"
#include "stack/modules.h"

#include <dlfcn.h>

EXPORT int dlclose(void *handle);

int dlclose(void *handle)
{
	int result;

	modules_unload_begins();
	result = real()->dlclose(handle);
	modules_unload_ends();
	return result;
}
