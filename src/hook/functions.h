/* SPDX-License-Identifier: MIT */
/* The hooked functions, as prototypes, as numbers and as a table. */
#ifndef PYTHREAD_TRACE_FUNCTIONS_H
#define PYTHREAD_TRACE_FUNCTIONS_H

#include "core/core.h"
#include "core/mutex.h"

#define HOOK(result, name, parameters) EXPORT result name parameters;
#include "hook/functions.def"
#undef HOOK

enum function {
#define HOOK(result, name, parameters) FUNCTION_##name,
#include "hook/functions.def"
#undef HOOK
	FUNCTION_COUNT
};

struct function_entry {
	const char *name;
	uintptr_t own; /* address of the library's function */
};

/* The library is linked with -Bsymbolic-functions: `own` never resolves to the executable's. */
extern const struct function_entry functions[FUNCTION_COUNT];

#endif
