/* SPDX-License-Identifier: MIT */
/* A host for the model of mutexes, and threads that only pretend. */
#ifndef MUTEXES_HOST_H
#define MUTEXES_HOST_H

#include "model/mutexes.h"
#include "model_host.h"

/* cmocka set-up: no findings yet, no thresholds, the runtime not judged. */
int mutexes_host_set_up(void **state);

/* A mutex that nobody knows yet. */
const void *fresh(void);

/* A thread that just began; its kernel id is the same for ever. */
struct mutex_thread *begin(pid_t tid);

/* The record of a mutex that is known. */
struct mutex_record *record_of(const void *mutex);

/* The object file that all mutexes are in, at this moment. */
extern uint32_t module_now;

/* Time goes on only when told to. */
extern uint64_t now;

/* A site in the extension; each line of a test is a stack of its own. */
#define BY(thread) (&(struct site){.caller = EXTENSION, .native = __LINE__, .tid = (thread)->tid})

/* As the hooks do it, with nobody in the way. */
void ask(const void *mutex, struct mutex_thread *thread, const struct site *site);
void take(const void *mutex, struct mutex_thread *thread, const struct site *site);
void try_take(const void *mutex, struct mutex_thread *thread, const struct site *site);
void give(const void *mutex, struct mutex_thread *thread, const struct site *site);

/* It has to wait and does so until stop_waiting(). */
void start_waiting(const void *mutex, struct mutex_thread *thread, const struct site *site);
void stop_waiting(struct mutex_thread *thread);

#define ASK(mutex, thread) ask(mutex, thread, BY(thread))
#define TAKE(mutex, thread) take(mutex, thread, BY(thread))
#define TRY(mutex, thread) try_take(mutex, thread, BY(thread))
#define GIVE(mutex, thread) give(mutex, thread, BY(thread))
#define WAIT(mutex, thread) start_waiting(mutex, thread, BY(thread))

#endif
