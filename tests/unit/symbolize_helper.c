/* SPDX-License-Identifier: MIT */
#include "symbolize_helper.h"

#define EXPORT __attribute__((visibility("default")))
#define NOINLINE __attribute__((noinline))

EXPORT void helper_facts(struct helper_facts *facts);
const void *helper_shown(int value) __asm__("_ZN4demo5shownEi");

static int helper_counter[4];

static NOINLINE const void *here(void)
{
	helper_counter[1]++;
	return __builtin_return_address(0);
}

static NOINLINE const void *helper_local(unsigned int *line)
{
	const void *code;

	*line = __LINE__ + 1;
	code = here();
	helper_counter[2]++;
	return code;
}

NOINLINE const void *helper_shown(int value)
{
	const void *code = here();

	helper_counter[3] += value;
	return code;
}

void helper_facts(struct helper_facts *facts)
{
	facts->code = helper_local(&facts->line);
	facts->variable = &helper_counter[2];
	facts->cplusplus = helper_shown(1);
}
