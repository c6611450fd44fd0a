/* SPDX-License-Identifier: MIT */
/*
 * The report as text, in the habit of the sanitizers' so that editors and CI pick it up. Foreign
 * names are printed without control characters.
 */
#ifndef PYTHREAD_TRACE_TEXT_H
#define PYTHREAD_TRACE_TEXT_H

#include "base/buffer.h"
#include "report/document.h"

struct text_style {
	bool gen_suppressions;
	bool no_symbols_told; /* why there are no symbols has been said */
};

/* Why there are no symbols, unless that has been said. */
void text_no_symbols(struct buffer *out, const struct document *document, struct text_style *style);

/* One finding in full. */
void text_finding(struct buffer *out, const struct document *document,
		  const struct shown_finding *finding, struct text_style *style);

/* Where the memory for anything better is missing. */
void text_bare_finding(struct buffer *out, const struct finding *finding, bool strict);

/* One line for a finding shown earlier that was seen again since. */
void text_repeated(struct buffer *out, const struct document *document,
		   const struct shown_finding *finding);

void text_summary(struct buffer *out, const struct document *document);

/* --verbose: hooks with their calls, keys by library, suppressions that matched nothing. */
void text_tables(struct buffer *out, const struct document *document);

/* The keys by library. Also follows a finding about keys running out. */
void text_owners(struct buffer *out, const struct document *document);

#endif
