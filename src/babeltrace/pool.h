/* SPDX-License-Identifier: MIT */
/* Memory that is given back all at once: what one report is made of. */
#ifndef PYTHREAD_TRACE_BABELTRACE_POOL_H
#define PYTHREAD_TRACE_BABELTRACE_POOL_H

#include "base/common.h"

struct pool {
	struct pool_block *blocks;
	char *next;
	size_t left;
};

/* Zeroed, for `count` items of that size; NULL only when memory ran out. */
void *pool_take(struct pool *pool, size_t count, size_t size);
char *pool_copy(struct pool *pool, const char *text, size_t length);
void pool_free(struct pool *pool);

#endif
