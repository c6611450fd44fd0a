/* SPDX-License-Identifier: MIT */
/* Members of JSON objects, of which any may be missing. */
#ifndef PYTHREAD_TRACE_FIELD_H
#define PYTHREAD_TRACE_FIELD_H

#include "base/common.h"

#include <json-c/json.h>

/* NULL where the object is NULL, has no such member, or it is null. */
static inline struct json_object *field_get(struct json_object *object, const char *name)
{
	return object ? json_object_object_get(object, name) : NULL;
}

static inline const char *field_text(struct json_object *object, const char *name,
				     const char *otherwise)
{
	struct json_object *field = field_get(object, name);

	return field ? json_object_get_string(field) : otherwise;
}

static inline bool field_bool(struct json_object *object, const char *name)
{
	return json_object_get_boolean(field_get(object, name));
}

#endif
