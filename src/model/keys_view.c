/* SPDX-License-Identifier: MIT */
/* Live keys, for who may not wait for the registry's lock. */
#include "model/atomic.h"
#include "model/registry.h"

static enum key_owner owner_of(enum slot_kind kind)
{
	return kind == SLOT_TSS	     ? KEY_OWNER_TSS
	       : kind == SLOT_LEGACY ? KEY_OWNER_LEGACY
				     : KEY_OWNER_RAW;
}

static void add_record(struct key_view *view, const struct key_record *record)
{
	view->address = peek(record->address);
	view->name = __atomic_load_n(&record->name, __ATOMIC_ACQUIRE);
	view->created = peek_site(&record->created);
}

bool keys_view(unsigned int number, struct key_view *view)
{
	const struct slot *slot = &registry.slot[number];
	enum slot_kind kind = __atomic_load_n(&slot->kind, __ATOMIC_ACQUIRE);
	const struct key_record *record = kind == SLOT_TSS	? peek(slot->record)
					  : kind == SLOT_LEGACY ? peek(slot->legacy)
								: NULL;

	*view = (struct key_view){.owner = owner_of(kind)};
	if (kind == SLOT_FREE) /* made where nobody saw it, if it is in use */
		return core_key_in_use(number);
	view->creator = view->created.caller = peek(slot->creator);
	if (record)
		add_record(view, record);
	return peek(slot->kind) == kind;
}
