/* SPDX-License-Identifier: MIT */
/* What the events of keys have in common. Inside src/hook/ only. */
#ifndef PYTHREAD_TRACE_TRACE_KEY_H
#define PYTHREAD_TRACE_TRACE_KEY_H

#include "hook/trace_name.h"

/* In which era the name of each live key was told. */
extern uint8_t trace_key_told[KEY_SLOTS];

static inline bool trace_key_is_told(unsigned int slot)
{
	return likely(slot < KEY_SLOTS) &&
	       likely(__atomic_load_n(&trace_key_told[slot], __ATOMIC_RELAXED) ==
		      trace_current_era());
}

/* The number that an event says the struct has. */
static inline int32_t trace_slot_of(const struct tss *key)
{
	return key->is_initialized ? (int32_t)key->key : NO_SLOT;
}

struct trace_key_object {
	enum trace_type type;
	const void *address; /* or number */
	unsigned int slot;   /* KEY_SLOTS: none */
	const void *code;    /* that uses it, and may be the first */
	bool anew;	     /* another key than the one that may have been there before */
};

/* Inside the tool's work. */
void trace_key_tell_name(const struct trace_key_object *key, bool in_handler);

#endif
