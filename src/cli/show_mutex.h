/* SPDX-License-Identifier: MIT */
/* What doctor tells of an interpreter's PyMutex. */
#ifndef PYTHREAD_TRACE_CLI_SHOW_MUTEX_H
#define PYTHREAD_TRACE_CLI_SHOW_MUTEX_H

#include "base/common.h"

#include <json-c/json.h>

/* probe: what probe.py printed. */
void mutex_show(struct json_object *probe);

#endif
