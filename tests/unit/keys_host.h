/* SPDX-License-Identifier: MIT */
/* A host for the model of keys, and operations as the hooks do them. */
#ifndef KEYS_HOST_H
#define KEYS_HOST_H

#include "model/keys.h"
#include "model_host.h"

/* cmocka set-up: a fresh list of findings, a complete view, the runtime not judged. */
int keys_host_set_up(void **state);

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

#endif
