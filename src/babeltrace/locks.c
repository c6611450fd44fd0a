/* SPDX-License-Identifier: MIT */
#include "babeltrace/table.h"

#include "babeltrace/process.h"

#include <stdlib.h>

struct lock_entry {
	uint64_t key; /* the address */
	UT_hash_handle hh;
	struct lock lock;
};

struct lock *locks_get(struct locks *locks, uint64_t address)
{
	struct lock_entry *entry;

	TABLE_FIND(locks->table, address, entry);
	if (entry)
		return &entry->lock;
	entry = shortage_note(calloc(1, sizeof(*entry)));
	if (!entry)
		return NULL;
	entry->key = entry->lock.address = address;
	TABLE_ADD(locks->table, entry);
	if (table_refused) {
		free(entry);
		return NULL;
	}
	entry->lock.next = locks->newest;
	locks->newest = &entry->lock;
	locks->count++;
	return &entry->lock;
}

void locks_free(struct locks *locks)
{
	struct lock_entry *entry, *next;

	TABLE_FREE(locks->table, entry, next);
}

void locks_requested(struct process *process, struct thread *thread, const struct seen *seen)
{
	struct lock *lock = locks_get(&process->locks, seen_number(seen, F_MUTEX));

	if (!lock || !thread)
		return;
	thread->waits_for = lock;
	thread->since = seen->time;
	thread->doubt = *process->doubt;
	thread->waiting = process_spot(process, thread->tid, seen);
	thread->holder = lock->held ? lock->owner : 0;
	if (thread->holder)
		thread->locked = lock->locked;
}

static void note_wait(struct process *process, struct lock *lock, const struct thread *thread,
		      const struct spot *spot)
{
	uint64_t waited = spot->time - thread->since;
	struct past_wait wait;

	lock->wait_total += waited;
	if (waited > lock->wait_max || !lock->waited_for.there) {
		lock->wait_max = waited;
		lock->waited_for = *spot;
	}
	if (!longest_wants(&process->longest, waited))
		return;
	wait = (struct past_wait){
		.lock = lock,
		.began = thread->since,
		.lasted = waited,
		.waited = *spot,
		.holder = thread->holder,
		.locked = thread->locked,
	};
	/* Nobody was known to have it at the beginning, but the last one to have it since is. */
	if (!wait.holder && lock->sure && lock->locked.there &&
	    lock->locked.time >= thread->since) {
		wait.holder = lock->last_owner;
		wait.locked = lock->locked;
	}
	longest_add(&process->longest, &wait);
}

/* The wait that this acquisition ends, if its beginning was seen, and everything since. */
static bool ends_wait(const struct process *process, const struct thread *thread,
		      const struct lock *lock, uint64_t now)
{
	return thread && thread->waits_for == lock && thread->doubt == *process->doubt &&
	       thread->since <= now;
}

static void take(struct process *process, struct lock *lock, const struct spot *spot, bool sure)
{
	lock->gaps = lock->gaps || lock->held;
	lock->sure = sure;
	lock->held = sure;
	lock->missed = lock->missed || !sure;
	lock->owner = spot->tid;
	lock->taken = spot->time;
	lock->since_known = true;
	lock->doubt = *process->doubt;
	lock->locked = *spot;
	if (spot->tid && lock->last_owner && spot->tid != lock->last_owner)
		lock->owner_changes++;
	lock->last_owner = spot->tid;
}

void locks_acquired(struct process *process, struct thread *thread, const struct seen *seen)
{
	struct lock *lock = locks_get(&process->locks, seen_number(seen, F_MUTEX));
	bool contended = seen_number(seen, F_CONTENDED);
	struct spot spot;

	if (!lock)
		return;
	spot = process_spot(process, thread ? thread->tid : 0, seen);
	if (!lock->first_use.there)
		lock->first_use = spot;
	lock->acquired++;
	if (contended) {
		lock->contended++;
		if (ends_wait(process, thread, lock, seen->time))
			note_wait(process, lock, thread, &spot);
	}
	process_end_wait(thread);
	take(process, lock, &spot, seen_number(seen, F_SURE));
}

void locks_unlocking(struct process *process, struct thread *thread, const struct seen *seen)
{
	struct lock *lock = locks_get(&process->locks, seen_number(seen, F_MUTEX));

	process_end_wait(thread); /* it has given up */
	if (!lock)
		return;
	if (lock->held && lock->since_known && lock->doubt == *process->doubt &&
	    lock->taken <= seen->time) {
		uint64_t held = seen->time - lock->taken;

		lock->hold_total += held;
		if (held > lock->hold_max)
			lock->hold_max = held;
	}
	lock->gaps = lock->gaps || (lock->sure && !lock->held);
	lock->held = false;
	lock->owner = 0;
}

/* What was so when the recording began; events that were seen since know better. */
void locks_dumped(struct process *process, const struct seen *seen)
{
	struct lock *lock = locks_get(&process->locks, seen_number(seen, F_MUTEX));
	uint64_t held = seen_number(seen, F_HELD_NS);

	if (!lock)
		return;
	lock->runtime = lock->runtime || seen_number(seen, F_RUNTIME);
	if (lock->acquired || lock->held || !seen_number(seen, F_OWNER))
		return;
	lock->held = lock->sure = true;
	lock->owner = lock->last_owner = (int32_t)seen_number(seen, F_OWNER);
	lock->since_known = held && held <= seen->time;
	lock->taken = lock->since_known ? seen->time - held : 0;
	lock->doubt = *process->doubt;
	lock->locked = process_spot(process, lock->owner, seen);
}
