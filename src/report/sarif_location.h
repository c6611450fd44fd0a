/* SPDX-License-Identifier: MIT */
/* Frames and stacks as SARIF has them. */
#ifndef PYTHREAD_TRACE_SARIF_LOCATION_H
#define PYTHREAD_TRACE_SARIF_LOCATION_H

#include "report/document.h"
#include "report/json_build.h"

/* {"text": text} */
json_object *sarif_message(const char *text);

/* Where a stack points to: its innermost frame with a known file. NULL when there is none. */
json_object *sarif_location(const struct shown_stack *stack);

/* The native frames and then the Python ones, innermost first. */
json_object *sarif_stack(const struct shown_stack *stack);

/* What a story says happened there. */
const char *sarif_caption(const struct shown_stack *stack);

#endif
