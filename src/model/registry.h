/* SPDX-License-Identifier: MIT */
/*
 * The memory of the model of keys: one record a key, one slot a key number. Inside src/model/ only.
 * Everything here is called with the registry's lock held, except where it says otherwise.
 */
#ifndef PYTHREAD_TRACE_REGISTRY_H
#define PYTHREAD_TRACE_REGISTRY_H

#include "model/keys.h"
#include "model/record_table.h"

enum slot_kind { SLOT_FREE, SLOT_TSS, SLOT_LEGACY, SLOT_RAW, SLOT_TOOL };

struct slot {
	enum slot_kind kind;
	bool runtime;		   /* made by the language runtime for itself */
	const void *creator;	   /* code that made the key */
	struct key_record *record; /* of the owner; when free or raw, of the last TSS owner */
	struct key_record *legacy; /* of the last legacy owner, live or not */
};

struct registry {
	struct slot slot[KEY_SLOTS];
	struct record_table records;
	unsigned int live, peak;
	unsigned int outside_runtime; /* TSS and legacy keys that are live and not the runtime's */
	bool warned;		      /* nearly exhausted: said once */
	bool missed;		      /* keys_missed() was called (atomic) */
};

extern struct registry registry;

void registry_lock(void);
void registry_unlock(void);

/* Gives a number to an owner; record may be NULL where memory ran out. */
void registry_occupy(unsigned int number, enum slot_kind kind, struct key_record *record,
		     const struct site *site);

/* The number is about to be given back: whoever owned it is deleted, by *site. */
void registry_release(unsigned int number, const struct site *site);

/* A live record whose struct is another key's from now on: keeps its slot, loses its address. */
void registry_detach(struct key_record *record, const struct site *site);

bool registry_is_judged(const struct site *site);

/* Whether keys were made or deleted that nobody saw. Takes no lock. */
bool registry_has_missed(void);

/* The object part of a finding. record may be NULL. */
void registry_describe_tss(struct finding *finding, const void *address,
			   const struct key_record *record);
void registry_describe_legacy(struct finding *finding, int key, const struct key_record *record);

#endif
