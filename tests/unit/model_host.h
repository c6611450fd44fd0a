/* SPDX-License-Identifier: MIT */
/* A host for the model that keeps its findings, and sites that need no stacks. */
#ifndef MODEL_HOST_H
#define MODEL_HOST_H

#include "model/keys.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define FINDINGS_MAX 64

struct found {
	unsigned int count;
	struct finding finding[FINDINGS_MAX];
};

extern struct found found;

/* Places that code can stand for; RUNTIME is the interpreter. */
extern const char EXTENSION[], OTHER_EXTENSION[], RUNTIME[];

/* cmocka set-up: a fresh list of findings, a complete view, the runtime not judged. */
int model_host_set_up(void **state);

/* A site of that code; each line of a test is a stack of its own. */
#define AT(code) (&(struct site){.caller = (code), .native = __LINE__, .tid = 42})

/* Operations as the hooks do them: model first where it judges, then the core. */
void do_create(struct tss *tss, const struct site *site);
void do_delete(struct tss *tss, const struct site *site);
struct tss *do_alloc(const struct site *site);
void do_free(struct tss *tss, const struct site *site);
void do_set(struct tss *tss, const struct site *site);
void do_get(struct tss *tss, const struct site *site);
int do_key_create(const struct site *site);
void do_key_delete(int key, const struct site *site);
void do_key_use(int key, enum key_use use, const struct site *site);

void assert_nothing_found(void);

/* Exactly one finding since the last look; returns it and starts afresh. */
const struct finding *assert_found(enum finding_kind kind);

/* The site of that role, which must be there. */
const struct site *story_of(const struct finding *finding, enum site_role role);

#endif
