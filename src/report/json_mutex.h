/* SPDX-License-Identifier: MIT */
/* Mutexes and waits as JSON. */
#ifndef PYTHREAD_TRACE_JSON_MUTEX_H
#define PYTHREAD_TRACE_JSON_MUTEX_H

#include "report/document.h"
#include "report/json_build.h"

json_object *json_mutexes(const struct document *document);
json_object *json_waits(const struct document *document);

#endif
