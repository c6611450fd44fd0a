/* SPDX-License-Identifier: MIT */
/*
 * What a Py_tss_t is at this moment: the struct's own eight bytes, the record of its address and
 * the owner of its number are held against each other. Memory is handed out again without us
 * knowing, so where a correct program could explain what is seen, nothing is said. Inside
 * src/model/ only, and under the registry's lock.
 */
#ifndef PYTHREAD_TRACE_TSS_VERDICT_H
#define PYTHREAD_TRACE_TSS_VERDICT_H

#include "model/registry.h"

enum tss_verdict {
	TSS_FINE,
	TSS_STRANGER,	   /* live, but made out of our sight: to be known from now on */
	TSS_NEVER_CREATED, /* includes creation that failed, and garbage */
	TSS_DELETED,
	TSS_FREED,
	TSS_COPIED, /* the number belongs to a key at another address */
};

struct judgement {
	enum tss_verdict verdict;
	const struct key_record *story; /* of the key in question, may be NULL */
};

/* record: of the struct's address, or NULL. */
struct judgement tss_verdict(const struct tss *tss, const struct key_record *record);

#endif
