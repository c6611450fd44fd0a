/* SPDX-License-Identifier: MIT */
#include "babeltrace/apply.h"

#include <stdio.h>
#include <string.h>

static void add_key(struct process *process, const struct seen *seen, bool created_now)
{
	if (created_now && seen_number(seen, F_RESULT) != 0)
		return;
	made_keys_add(&process->keys, (int32_t)seen_number(seen, F_SLOT),
		      texts_keep(process->texts, seen_text(seen, F_MODULE)), seen->time,
		      created_now);
}

static void name_object(struct process *process, const struct seen *seen, enum field object,
			const char *type)
{
	struct object_note note = {
		.name = texts_keep(process->texts, seen_text(seen, F_NAME)),
		.module = texts_keep(process->texts, seen_text(seen, F_MODULE)),
	};

	if (type && (note.name || note.module))
		notes_add(&process->notes, seen_number(seen, object), type, note);
}

static void dump_process(struct process *process, const struct seen *seen)
{
	process->dumped = true;
	process->ppid = (int32_t)seen_number(seen, F_PPID);
	process->keys.limit = (unsigned int)seen_number(seen, F_KEYS_LIMIT);
	process->free_threaded = seen_number(seen, F_FREE_THREADED);
	process->program = texts_keep(process->texts, seen_text(seen, F_PROGRAM));
	process->python_version = texts_keep(process->texts, seen_text(seen, F_PYTHON_VERSION));
	process->python_build = texts_keep(process->texts, seen_text(seen, F_PYTHON_BUILD));
}

/* A thread that waited already when the recording began. */
static void dump_thread(struct process *process, const struct seen *seen)
{
	struct thread *thread = process_thread(process, (int32_t)seen_number(seen, F_TID));
	uint64_t waiting = seen_number(seen, F_WAITING_NS);
	uint64_t mutex = seen_number(seen, F_WAITING_FOR);

	if (!thread)
		return;
	if (seen_text(seen, F_NAME))
		snprintf(thread->name, sizeof(thread->name), "%s", seen_text(seen, F_NAME));
	if (!mutex || thread->waits_for)
		return;
	thread->waits_for = locks_get(&process->locks, mutex);
	thread->since = waiting < seen->time ? seen->time - waiting : seen->time;
	thread->doubt = *process->doubt;
	thread->waiting = process_spot(process, thread->tid, seen);
	if (thread->waits_for && thread->waits_for->held) {
		thread->holder = thread->waits_for->owner;
		thread->locked = thread->waits_for->locked;
	}
}

/* The context "procname" is the name of the thread. */
static void name_thread(struct process *process, struct thread *thread, const struct seen *seen)
{
	const char *name = seen_text(seen, F_PROCNAME);

	if (!name)
		return;
	if (thread && strncmp(thread->name, name, sizeof(thread->name) - 1) != 0)
		snprintf(thread->name, sizeof(thread->name), "%s", name);
	if (!process->name && (!thread || thread->tid == process->vpid))
		process->name = texts_keep(process->texts, name);
}

/* True: the event was a frequent one, of a mutex. */
static bool apply_to_locks(struct process *process, struct thread *thread, const struct seen *seen)
{
	switch (seen->kind) {
	case SEEN_MUTEX_REQ:
		locks_requested(process, thread, seen);
		return true;
	case SEEN_MUTEX_ACQ:
		locks_acquired(process, thread, seen);
		return true;
	case SEEN_MUTEX_UNLOCK:
		locks_unlocking(process, thread, seen);
		return true;
	default:
		return false;
	}
}

static void apply_to_images(struct process *process, const struct seen *seen)
{
	bool load = seen->kind == SEEN_IMAGE_LOAD;

	switch (seen->kind) {
	case SEEN_IMAGE_FOUND:
	case SEEN_IMAGE_LOAD:
		images_add(&process->images, texts_keep(process->texts, seen_text(seen, F_PATH)),
			   seen, load);
		break;
	case SEEN_IMAGE_FOUND_ID:
	case SEEN_IMAGE_LOAD_ID:
		images_identify(&process->images, seen);
		break;
	case SEEN_IMAGE_UNLOAD:
		images_unload(&process->images, seen);
		break;
	default:
		break;
	}
}

/* What there was when the recording began. */
static void apply_statedump(struct process *process, const struct seen *seen)
{
	switch (seen->kind) {
	case SEEN_DUMP_PROCESS:
		dump_process(process, seen);
		break;
	case SEEN_DUMP_KEY:
		name_object(process, seen, F_KEY, seen_text(seen, F_TYPE));
		add_key(process, seen, false);
		break;
	case SEEN_DUMP_MUTEX:
		name_object(process, seen, F_MUTEX, "mutex");
		locks_dumped(process, seen);
		break;
	case SEEN_DUMP_THREAD:
		dump_thread(process, seen);
		break;
	default:
		apply_to_images(process, seen);
		break;
	}
}

static void apply_rest(struct process *process, struct thread *thread, const struct seen *seen)
{
	switch (seen->kind) {
	case SEEN_TSS_CREATE:
	case SEEN_KEY_CREATE:
	case SEEN_PTHREAD_KEY_CREATE:
		process_end_wait(thread);
		add_key(process, seen, true);
		break;
	case SEEN_TSS_DELETE:
	case SEEN_KEY_DELETE:
	case SEEN_PTHREAD_KEY_DELETE:
		process_end_wait(thread);
		made_keys_remove(&process->keys, (int32_t)seen_number(seen, F_SLOT), seen->time);
		break;
	case SEEN_OBJECT_NAME:
		name_object(process, seen, F_OBJECT, seen_text(seen, F_TYPE));
		break;
	case SEEN_THREAD_EXIT:
		process_end_wait(thread);
		break;
	case SEEN_FINDING:
		told_finding(process, thread, seen);
		break;
	case SEEN_FINDING_STORY:
		told_story(process, seen);
		break;
	case SEEN_PYTHON_STACK:
		process_keep_python(process, (uint32_t)seen_number(seen, F_ID),
				    seen->value[F_FRAMES].text);
		break;
	default:
		apply_statedump(process, seen);
		break;
	}
}

static void apply_fields(struct process *process, const struct seen *seen)
{
	struct thread *thread = NULL;

	if (!seen_is_tracers(seen->kind)) {
		thread = process_thread(process, (int32_t)seen_number(seen, F_VTID));
		name_thread(process, thread, seen);
	}
	if (!apply_to_locks(process, thread, seen))
		apply_rest(process, thread, seen);
}

void apply(struct process *process, const struct seen *seen)
{
	if (!process->events++)
		process->begin = seen->time;
	if (seen->time > process->end)
		process->end = seen->time;
	if (seen->kind == SEEN_COUNTED)
		process->counted = true;
	else
		apply_fields(process, seen);
}
