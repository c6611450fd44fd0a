/* SPDX-License-Identifier: MIT */
/* What world.c and world_origin.c share. */
#ifndef PYTHREAD_TRACE_BABELTRACE_WORLD_INTERNAL_H
#define PYTHREAD_TRACE_BABELTRACE_WORLD_INTERNAL_H

#include "babeltrace/world.h"

/* All of them, and their machines. */
void world_free_origins(struct world *world);

#endif
