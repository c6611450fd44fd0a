/* SPDX-License-Identifier: MIT */
/* Reads a report written as JSON or SARIF back, field by field. Each failure fails the test. */
#ifndef PYTHREAD_TRACE_REPORT_JSON_H
#define PYTHREAD_TRACE_REPORT_JSON_H

#include <json-c/json.h>
#include <stddef.h>

void json_read(const char *text);
int json_forget(void **state); /* a teardown of cmocka */

/* "findings.0.kind": names and numbers of array elements. */
json_object *at(const char *path);

void text_at(const char *path, const char *expected); /* NULL: null */
void number_at(const char *path, int expected);
void length_at(const char *path, size_t expected);

#endif
