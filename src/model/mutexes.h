/* SPDX-License-Identifier: MIT */
/*
 * Who holds which PyMutex, who waits for which, in which order threads take them, and what that
 * costs; and whether it is right.
 *
 * The model learns of every operation that is seen from its caller, and gives what is wrong to
 * mutexes_host.finding, with no lock held. It never does the operation itself and never touches a
 * mutex's byte. Thread safe; finding a known mutex, taking and giving back one that nobody waits
 * for in an order that is known takes no lock, allocates nothing and writes only to what belongs to
 * the mutex or to the thread. Memory comes from an arena; when it runs out, records are dropped and
 * counted, and what has no record is not judged.
 *
 * Durations and moments are ticks of base/clock.h.
 */
#ifndef PYTHREAD_TRACE_MUTEXES_H
#define PYTHREAD_TRACE_MUTEXES_H

#include "model/finding.h"

struct order_node; /* order.h: the mutexes a thread holds, in the order it took them */

struct mutexes_host {
	void (*finding)(const struct finding *finding);
	/* Whether this code belongs to the language runtime, whose mutexes are its business. */
	bool (*is_runtime)(const void *code);
	/* The number of the object file that this address is in now; 0: in none. */
	uint32_t (*module)(const void *address);
	/*
	 * The calling thread is about to take (true) or has given back one of the model's locks: a
	 * signal handler may not come here meanwhile. Returns what was said before.
	 */
	bool (*set_busy)(bool busy);
	bool judge_runtime;	       /* report what the runtime itself does wrong, too */
	uint64_t long_hold, long_wait; /* ticks; 0: never worth a note */
	bool time_all;		       /* every hold, however short */
};

extern struct mutexes_host mutexes_host NOT_EXPORTED;

/*
 * What is known of one mutex; at most 300 bytes, with its first order_node. Found by its address
 * and kept for ever: nothing tells when a PyMutex is gone, and a new one at the same address goes
 * on with the same record. The numbers are written by whoever holds the mutex; other threads read
 * them at any time (relaxed).
 *
 * Three cache lines: threads that take turns hand over the first one only, or the second one too
 * where holds are timed or somebody waits.
 */
struct mutex_record {
	/* What every operation looks at. */
	const void *address;
	struct mutex_thread *owner; /* who is known to hold it now, or NULL */
	struct order_node *alone;   /* it held, and nothing else; made when it is first held */
	uint64_t acquired;
	struct site locked; /* by the owner, or the last one; often the caller alone */
	/* Its state, which can be looked at as one number (mutex_quick.h). */
	union {
		struct {
			bool armed;	  /* by the caller: all is seen from now on */
			bool forward;	  /* by the caller: of the interpreter's lot for good */
			bool forwarded;	  /* by the caller: somebody may wait in that lot */
			bool missed;	  /* an operation went unseen, before arming */
			bool runtime;	  /* the runtime's own */
			bool keep_stacks; /* in some order with others: worth a full stack */
			uint8_t orphaned; /* MUTEX_ORPHAN*, in a forked child; else 0 */
			uint8_t timing;	  /* MUTEX_BRIEF, MUTEX_TIMED: of its holds */
		};
		uint64_t state;
	};

	struct mutex_record *next;     /* in its bucket */
	uint64_t taken_at;	       /* when its owner got it; 0: not known */
	uint64_t hold_total, hold_max; /* of sure holds */
	uint64_t contended, owner_changes;
	uint64_t wait_total, wait_max;

	const char *name;		   /* from an annotation, or NULL */
	struct site first_use, waited_for; /* waited_for: of the longest wait */
	uint16_t waiters;		   /* threads that wait for it now (atomic) */
	bool outer;			   /* was held while another was taken */
	bool handed_about; /* was unlocked by a thread that did not hold it: no owner is to blame */
	uint32_t module : 24; /* that it lived in at first: mutexes_host.module() */
	uint8_t named;	      /* set by the caller: the era in which a trace was told its name */
} __attribute__((aligned(64)));

/* ORPHAN: its holder is not in this process. ORPHAN_TOLD: the same, and a wait was reported. */
#define MUTEX_ORPHAN 1
#define MUTEX_ORPHAN_TOLD 2

/* BRIEF: held so often and so briefly that one hold in HOLD_SAMPLE is timed; TIMED: this one is. */
#define MUTEX_BRIEF 1
#define MUTEX_TIMED 2

/*
 * What is known of one thread; part of the hook's own record of it. Zeroed memory at first, which
 * may serve one thread after another (mutexes_thread_begin() makes it new), and is never given
 * back.
 */
struct mutex_thread {
	uint64_t id; /* unique for ever, never 0; given by mutexes_thread_begin() */
	pid_t tid;
	bool context_stale; /* one of the context is not held any more (atomic) */
	bool told;	    /* a deadlock that this wait is part of was reported (atomic) */
	bool listed;
	bool holds_more;	     /* than its context says: there was no room for that */
	struct order_node *context;  /* what it holds for sure; NULL: nothing */
	struct mutex_record *recent; /* the caller's own: of its last operation, or NULL */
	/* Written by the thread itself, read by others (atomic, `waiting_for` last): */
	struct mutex_record *waiting_for;
	uint64_t waiting_since;
	struct site waiting_at;
	struct mutex_thread *next_waiting; /* list of all that ever waited, for mutexes_waits() */
};

/* The record, made where there is none; NULL where memory ran out. site: caller and tid will do. */
struct mutex_record *mutexes_get(const void *address, const struct site *site);

/* The record, or NULL where there is none. Takes no lock. */
struct mutex_record *mutexes_find(const void *address);

void mutexes_thread_begin(struct mutex_thread *thread, pid_t tid);

/*
 * Makes the thread hold nothing, and reports what it holds still (mutex-held-at-thread-exit) unless
 * site is NULL.
 */
void mutexes_thread_end(struct mutex_thread *thread, const struct site *site);

/*
 * How a thread asks for a mutex. try_only: it will not wait, so it cannot deadlock and sets no
 * order. A hold is sure when its end will be seen, whoever unlocks: only sure holds have owners,
 * enter orders and are judged.
 */
struct mutex_request {
	struct mutex_record *record;
	struct mutex_thread *thread;
	const struct site *site; /* with stacks where it is worth it, see mutexes_wants_stack() */
	bool try_only;
	bool sure;
};

/*
 * Whether the request's site should have full stacks: the thread holds others and takes this one
 * after them for the first time, or takes it for the first time since it is known to be in some
 * order with others. Takes no lock where the order is known.
 */
bool mutexes_wants_stack_now(const struct mutex_record *record, struct mutex_thread *thread);

static inline bool mutexes_wants_stack(const struct mutex_record *record,
				       struct mutex_thread *thread)
{
	if (likely(!thread->context && !__atomic_load_n(&record->keep_stacks, __ATOMIC_RELAXED)))
		return false;
	return mutexes_wants_stack_now(record, thread);
}

/*
 * Before the thread takes the mutex (or tries to): judges the order in which it does
 * (mutex-lock-order). Cheap where the order is known.
 */
void mutexes_requested(const struct mutex_request *request);

/*
 * Before it waits: judges what the wait may lead to (mutex-self-deadlock, mutex-deadlock,
 * mutex-held-at-fork), after telling everybody that it waits, since `now`.
 */
void mutexes_wait_begin(const struct mutex_request *request, uint64_t now);

/* The wait is over; how long it was, mutexes_acquired() is told. thread: may be NULL. */
void mutexes_wait_end(struct mutex_thread *thread);

/*
 * In the middle of a wait, the thread waits for something else, which may never come. Returns what
 * it waited for, or NULL: nothing, and nothing to resume.
 */
struct mutex_record *mutexes_wait_pause(struct mutex_thread *thread);
void mutexes_wait_resume(struct mutex_thread *thread, struct mutex_record *record);

/*
 * Whether the hold that begins now is to be timed. Reading a clock twice costs more than all else
 * that is done about a mutex, so of many brief holds only some are, and stand for the rest.
 */
#define HOLD_SAMPLE 32

static inline bool mutexes_is_brief(const struct mutex_record *record)
{
	return __atomic_load_n(&record->timing, __ATOMIC_RELAXED) & MUTEX_BRIEF;
}

static inline bool mutexes_is_sampled(const struct mutex_record *record)
{
	return __atomic_load_n(&record->acquired, __ATOMIC_RELAXED) % HOLD_SAMPLE == 0;
}

static inline bool mutexes_times_hold(const struct mutex_record *record)
{
	return !mutexes_is_brief(record) || mutexes_is_sampled(record);
}

/*
 * Right after it was taken. now: 0 where the hold is not timed. waited: 0 when there was no
 * contention; contended may be true all the same.
 */
void mutexes_acquired(const struct mutex_request *request, uint64_t now, bool contended,
		      uint64_t waited);

/*
 * Right before it is unlocked, by whomever; thread may be NULL where it is not known. Reports
 * mutex-long-hold. site: the unlocker's; a full stack is only wanted where mutexes_is_long_hold()
 * says so.
 */
void mutexes_releasing(struct mutex_record *record, struct mutex_thread *thread,
		       const struct site *site, uint64_t now);

/* The part of it that is about a hold that was timed. */
void mutexes_count_hold(struct mutex_record *record, uint64_t now);

bool mutexes_is_long_hold(const struct mutex_record *record, uint64_t now);
bool mutexes_is_long_wait(uint64_t waited);

/* Findings about the byte itself, before the operation: record may be NULL. */
void mutexes_report_unlocked(const void *address, const struct mutex_record *record,
			     const struct site *site);
void mutexes_report_garbage(const void *address, const struct mutex_record *record, uint8_t bits,
			    const struct site *site);
void mutexes_report_long_wait(const struct mutex_record *record, uint64_t waited,
			      const struct site *site);

/* A name for the reader of a report. The text is copied. */
void mutexes_name(const void *address, const char *name, const struct site *site);

/* Calls visit for every record, newest first. Takes no lock. */
typedef void mutexes_visit_fn(const struct mutex_record *record, void *context);
void mutexes_for_each(mutexes_visit_fn *visit, void *context);

/* One thread that waits at this moment, and who is known to hold what it waits for. */
struct mutex_wait {
	const struct mutex_record *record;
	uint64_t since;
	struct site site;
	pid_t tid, holder; /* holder: 0 where it is not known */
	uint64_t held_since;
	struct site locked;
};

/* Fills in as many as fit; returns how many there are. Takes no lock; a momentary view. */
unsigned int mutexes_waits(struct mutex_wait *waits, unsigned int size);

/*
 * The watchdog has seen waits longer than it allows: reports the finding `hang` about this one,
 * which has lasted longest. now: ticks. waiting: how many threads wait at this moment.
 */
void mutexes_report_hang(const struct mutex_wait *wait, uint64_t now, unsigned int waiting);

/* Records that memory ran out for, and orders that were not followed to their end. */
uint64_t mutexes_dropped(void);

/*
 * Around fork. In the child: `survivor` is the forking thread's (may be NULL); what others hold is
 * orphaned, nobody else waits, and counts begin anew.
 */
void mutexes_before_fork(void);
void mutexes_after_fork(bool in_child, struct mutex_thread *survivor);

#endif
