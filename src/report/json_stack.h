/* SPDX-License-Identifier: MIT */
/* One stack as JSON. */
#ifndef PYTHREAD_TRACE_JSON_STACK_H
#define PYTHREAD_TRACE_JSON_STACK_H

#include "report/document.h"
#include "report/json_build.h"

/* NULL, which is null, for NULL. */
json_object *json_stack(const struct shown_stack *stack);

#endif
