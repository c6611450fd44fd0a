/* SPDX-License-Identifier: MIT */
/* What the hosts of both models have in common: findings are kept, and code has an owner. */
#ifndef MODEL_HOST_H
#define MODEL_HOST_H

#include "model/finding.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define FINDINGS_MAX 64

struct found {
	unsigned int count; /* of all; only so many as fit are kept */
	struct finding finding[FINDINGS_MAX];
};

extern struct found found;

/* A host's `finding`. Any thread. */
void found_keep(const struct finding *finding);
void found_forget(void);

/* Places that code can stand for; RUNTIME is the interpreter. */
extern const char EXTENSION[], OTHER_EXTENSION[], RUNTIME[];

/* A host's `is_runtime`. */
bool is_runtime(const void *code);

void assert_nothing_found(void);

/* Exactly one finding since the last look; returns it and starts afresh. */
const struct finding *assert_found(enum finding_kind kind);

/* The first site of that role, or the one after so many others; it must be there. */
const struct site *story_of(const struct finding *finding, enum site_role role);
const struct site *nth_story_of(const struct finding *finding, enum site_role role,
				unsigned int nth);

#endif
