/* SPDX-License-Identifier: MIT */
#include "hook/functions.h"

const struct function_entry functions[FUNCTION_COUNT] = {
#define HOOK(result, name, parameters) {#name, (uintptr_t)name},
#include "hook/functions.def"
#undef HOOK
};
