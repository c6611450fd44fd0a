/* SPDX-License-Identifier: MIT */
/*
 * The report as JSON: "format": 1 of the manual. Addresses and offsets are texts in hexadecimal,
 * which no reader of JSON rounds.
 */
#ifndef PYTHREAD_TRACE_JSON_H
#define PYTHREAD_TRACE_JSON_H

#include "base/buffer.h"
#include "report/document.h"

/* out->failed is set when memory ran out; what is in it must then not be used. */
void json_write(struct buffer *out, const struct document *document);

#endif
