/* SPDX-License-Identifier: MIT */
#include "hook/real.h"

#include "hook/coverage.h"

#include <dlfcn.h>
#include <stdbool.h>

static struct real functions;
static bool complete;

/* A data pointer and a function pointer are the same on every Linux; C cannot say so. */
#define LOOK_UP(name) (*(void **)&functions.name = dlsym(RTLD_NEXT, #name))

const struct real *real(void)
{
	/* Several threads may do this at once: they all store the same. */
	if (!__atomic_load_n(&complete, __ATOMIC_ACQUIRE)) {
		*(void **)&functions.register_atfork = dlsym(RTLD_NEXT, "__register_atfork");
		LOOK_UP(pthread_key_create);
		LOOK_UP(pthread_key_delete);
		LOOK_UP(pthread_create);
		LOOK_UP(dlclose);
		LOOK_UP(close);
		LOOK_UP(closefrom);
		LOOK_UP(_exit);
		LOOK_UP(quick_exit);
		LOOK_UP(execve);
		LOOK_UP(execvpe);
		LOOK_UP(fexecve);
		LOOK_UP(execveat);
		coverage_watch(&functions);
		__atomic_store_n(&complete, true, __ATOMIC_RELEASE);
	}
	return &functions;
}
