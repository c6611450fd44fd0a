/* SPDX-License-Identifier: MIT */
/* Files of JSON that were written for us a moment ago. */
#ifndef PYTHREAD_TRACE_JSON_FILE_H
#define PYTHREAD_TRACE_JSON_FILE_H

#include "base/common.h"

#include <json-c/json.h>

/*
 * The file's object, which json_object_put() ends; NULL where there is no file, or no object in it.
 * False after one line that says why it cannot be read, or not wholly.
 */
bool json_file_read(const char *path, struct json_object **object);

#endif
