/* SPDX-License-Identifier: MIT */
/* Texts of a trace, kept once each. */
#ifndef PYTHREAD_TRACE_BABELTRACE_TEXTS_H
#define PYTHREAD_TRACE_BABELTRACE_TEXTS_H

#include "base/common.h"

struct texts {
	struct kept_text *all;
};

/* A copy that lives until texts_free(), one for equal texts; NULL for NULL and without memory. */
const char *texts_keep(struct texts *texts, const char *text);

void texts_free(struct texts *texts);

#endif
