/* SPDX-License-Identifier: MIT */
/* One finding as JSON. */
#ifndef PYTHREAD_TRACE_JSON_FINDING_H
#define PYTHREAD_TRACE_JSON_FINDING_H

#include "report/document.h"
#include "report/json_build.h"

json_object *json_finding(const struct shown_finding *finding);

#endif
