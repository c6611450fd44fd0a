/* SPDX-License-Identifier: MIT */
#include "babeltrace/table.h"

#include "babeltrace/process.h"

#include <stdio.h>
#include <stdlib.h>

struct thread_entry {
	uint64_t key; /* its number */
	UT_hash_handle hh;
	struct thread thread;
};

struct python_stacks {
	uint64_t key; /* its id */
	UT_hash_handle hh;
	const char *frames;
};

struct process *process_create(const struct machine *machine, int32_t vpid, struct texts *texts)
{
	struct process *process = shortage_note(calloc(1, sizeof(*process)));

	if (!process)
		return NULL;
	process->machine = machine;
	process->vpid = vpid;
	process->texts = texts;
	told_begin(&process->told);
	return process;
}

static void free_threads(struct process *process)
{
	struct thread_entry *entry, *next;

	TABLE_FREE(process->threads, entry, next);
}

static void free_pythons(struct process *process)
{
	struct python_stacks *stack, *next;

	TABLE_FREE(process->pythons, stack, next);
}

void process_free(struct process *process)
{
	free_threads(process);
	free_pythons(process);
	locks_free(&process->locks);
	made_keys_free(&process->keys);
	told_free(&process->told);
	images_free(&process->images);
	notes_free(&process->notes);
	piles_free(&process->piles);
	free(process);
}

static struct thread_entry *find_thread(const struct process *process, int32_t tid)
{
	uint64_t key = (uint32_t)tid;
	struct thread_entry *entry;

	TABLE_FIND(process->threads, key, entry);
	return entry;
}

struct thread *process_thread(struct process *process, int32_t tid)
{
	struct thread_entry *entry;

	if (!tid)
		return NULL;
	entry = find_thread(process, tid);
	if (entry)
		return &entry->thread;
	entry = shortage_note(calloc(1, sizeof(*entry)));
	if (!entry)
		return NULL;
	entry->key = (uint32_t)tid;
	entry->thread.tid = tid;
	TABLE_ADD(process->threads, entry);
	if (table_refused) {
		free(entry);
		return NULL;
	}
	entry->thread.next = process->newest_thread;
	process->newest_thread = &entry->thread;
	return &entry->thread;
}

const struct thread *process_find_thread(const struct process *process, int32_t tid)
{
	const struct thread_entry *entry = find_thread(process, tid);

	return entry ? &entry->thread : NULL;
}

void process_end_wait(struct thread *thread)
{
	if (thread)
		thread->waits_for = NULL;
}

struct spot process_spot(struct process *process, int32_t tid, const struct seen *seen)
{
	struct spot spot = {
		.there = true,
		.tid = tid,
		.python = (uint32_t)seen_number(seen, F_PYTHON_STACK),
		.caller = seen_number(seen, F_CALLER),
		.time = seen->time,
	};

	if (seen->list.count)
		spot.pile = piles_keep(&process->piles, &seen->list, process->images.epoch);
	return spot;
}

static struct python_stacks *find_python(const struct process *process, uint32_t id)
{
	uint64_t key = id;
	struct python_stacks *stack;

	TABLE_FIND(process->pythons, key, stack);
	return stack;
}

void process_keep_python(struct process *process, uint32_t id, const char *frames)
{
	struct python_stacks *stack = find_python(process, id);

	frames = texts_keep(process->texts, frames);
	if (stack) {
		stack->frames = frames;
		return;
	}
	stack = shortage_note(calloc(1, sizeof(*stack)));
	if (!stack)
		return;
	stack->key = id;
	stack->frames = frames;
	TABLE_ADD(process->pythons, stack);
	if (table_refused)
		free(stack);
}

const char *process_python(const struct process *process, uint32_t id)
{
	for (; id && process; process = process->parent) {
		const struct python_stacks *stack = find_python(process, id);

		if (stack)
			return stack->frames;
	}
	return NULL;
}
