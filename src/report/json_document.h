/* SPDX-License-Identifier: MIT */
/* A document as a JSON object, for a text that holds more than one. */
#ifndef PYTHREAD_TRACE_JSON_DOCUMENT_H
#define PYTHREAD_TRACE_JSON_DOCUMENT_H

#include "report/document.h"
#include "report/json_build.h"

/* Between json_begin() and json_end(). */
json_object *json_document(const struct document *document);

#endif
