/* SPDX-License-Identifier: MIT */
#include "hook/functions.h"

const struct function_entry functions[FUNCTION_COUNT] = {
/* NOLINTNEXTLINE(bugprone-macro-parentheses): a name cannot be in them */
#define HOOK(result, name, parameters) {#name, (uintptr_t)(name)},
#include "hook/functions.def"
#undef HOOK
};
