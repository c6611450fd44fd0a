/* SPDX-License-Identifier: MIT */
/*
 * The slow paths of the hooks: takes the stacks and tells the model. Each does nothing but what
 * its comment says where the tool's guard refuses. errno is kept.
 */
#ifndef PYTHREAD_TRACE_OBSERVE_H
#define PYTHREAD_TRACE_OBSERVE_H

#include "hook/functions.h"
#include "model/keys.h"

void observe_tss_alloc(struct tss *key, const void *caller);

/* Judges the use, unless the key is live. */
void observe_tss_use(const struct tss *key, enum key_use use, const void *caller);

/* True when the key is to be freed: not for the second time. */
bool observe_tss_free(struct tss *key, const void *caller);

/* These two also do the operation, always: a frame less on the stacks they take. 0 or -1. */
int observe_tss_create(struct tss *key, const void *caller);
void observe_tss_delete(struct tss *key, const void *caller);

void observe_legacy_create(int key, const void *caller); /* key: what was created, or -1 */
void observe_legacy_use(int key, enum key_use use, const void *caller);
void observe_legacy_delete(int key, const void *caller);

#endif
