/* SPDX-License-Identifier: MIT */
/*
 * The report as SARIF 2.1.0, for code scanning: one rule a kind of finding, one result a finding.
 * SARIF knows no leaks: they are of level "warning", with the property "severity" telling more.
 * A result stands at the innermost frame with a known file of its first story, native before
 * Python; the other stories' are its related locations. Suppressed findings are marked as such.
 */
#ifndef PYTHREAD_TRACE_SARIF_H
#define PYTHREAD_TRACE_SARIF_H

#include "base/buffer.h"
#include "report/document.h"

/* out->failed is set when memory ran out; what is in it must then not be used. */
void sarif_write(struct buffer *out, const struct document *document);

#endif
