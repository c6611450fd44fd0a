/* SPDX-License-Identifier: MIT */
/*
 * json-c with what a report needs: absent facts are null, texts are made well-formed UTF-8, and
 * running out of memory is remembered instead of followed by a failed assertion. One thread at a
 * time.
 */
#ifndef PYTHREAD_TRACE_JSON_BUILD_H
#define PYTHREAD_TRACE_JSON_BUILD_H

#include "base/buffer.h"

#include <json-c/json.h>

/* Before the first call for a document, and after the last: root is freed, its text added. */
void json_begin(void);
void json_end(struct buffer *out, json_object *root);

json_object *json_new_object(void);
json_object *json_new_array(void);

/* These take value over. */
void json_set(json_object *object, const char *name, json_object *value);
void json_push(json_object *array, json_object *value);

/* A name only where there is something to name. */
json_object *json_text(const char *text); /* null for NULL */
json_object *json_number(int64_t number);
json_object *json_number_or_null(int64_t number); /* null for 0 */
json_object *json_flag(bool value);
json_object *json_address(bool known, uintptr_t address); /* "0x1f", null when not known */

#endif
