/* SPDX-License-Identifier: MIT */
/*
 * In which order threads take mutexes. Inside src/model/ only.
 *
 * A tree: each node stands for a mutex taken while exactly those of its ancestors were held, in
 * that order. What a thread holds is its context, one node. "X before Y" is known from each node of
 * Y that has an X above it. Nodes are made under the order lock, found without it, and never freed.
 *
 * An inversion is a ring of two to four requests, by different threads that hold nothing in common,
 * each asking for a mutex that the next one holds.
 */
#ifndef PYTHREAD_TRACE_ORDER_H
#define PYTHREAD_TRACE_ORDER_H

#include "model/atomic.h"
#include "model/mutex_table.h"

#define ORDER_NODES_MAX (1U << 18)
#define ORDER_THREADS 2 /* that a node knows by their ids */

/* How a thread came to a node. */
struct order_visit {
	struct site asked;  /* where it asked for the node's mutex */
	struct site locked; /* where it had taken the parent's */
};

struct order_node {
	struct order_node *parent; /* NULL: held alone */
	struct mutex_record *record;
	struct order_node *same;   /* list of nodes of one record, which begins with `alone` */
	struct order_node *hashed; /* list of a bucket */
	/* In `alone`, under the lock: lists of records, order_rank.h's and the lock's holder's. */
	struct mutex_record *knot, *todo;
	uint64_t thread[ORDER_THREADS]; /* those that would wait, where there are any */
	int64_t rank;			/* of the record, in `alone`; order_rank.h */
	uint32_t stamp;			/* as well: of the latest search that met it */
	uint32_t tied;			/* as well: equal in all records of one knot */
	bool many;			/* more threads than that */
	bool blocking;			/* somebody was ready to wait */
	struct order_visit visit[];	/* of each thread; none in a node without a parent */
};

#define RING_MAX 4

/* Each asks for record[i] at asked[i] and holds record[i + 1]; the last one holds record[0]. */
struct order_ring {
	unsigned int size;
	const struct mutex_record *record[RING_MAX];
	struct site asked[RING_MAX];
	struct site locked[RING_MAX]; /* where the asking thread took what it holds */
};

/* order.c: the tree. */
void order_lock(void);
void order_unlock(void);
struct order_node *order_find(const struct order_node *parent, const struct mutex_record *record);

/* Under the lock. NULL when there is no memory: no more orders are judged from then on. */
struct order_node *order_get(struct order_node *parent, struct mutex_record *record);
bool order_is_full(void);

/* Under the lock: memory for ever; NULL when there is none. */
void *order_alloc(size_t size);

/* The thread's number in the node, or -1. */
int order_thread(const struct order_node *node, uint64_t id);

/* Whether there is nothing that order_note() would add. */
bool order_is_noted(const struct order_node *node, const struct mutex_thread *thread,
		    const struct site *asked);

/*
 * Under the lock: the thread, whose context is the node's parent, came by. The first one that is
 * ready to wait takes the place of those that were not.
 */
void order_note(struct order_node *node, const struct mutex_thread *thread,
		const struct site *asked, bool blocking);

/* Where the thread, or else another one, took the mutex of a node above this one. */
struct site order_locked(const struct order_node *node, const struct order_node *above,
			 uint64_t id);

/* order_context.c: what a thread holds. Only by the thread itself. */
void order_refresh_stale(struct mutex_thread *thread);

/* Forgets what it does not hold any more. */
static inline void order_refresh(struct mutex_thread *thread)
{
	if (unlikely(peek(thread->context_stale)))
		order_refresh_stale(thread);
}

void order_push(struct mutex_thread *thread, struct mutex_record *record, const struct site *site);
void order_pop(struct mutex_thread *thread, const struct mutex_record *record);

/* order_rank.c, under the lock: a node was made. */
void order_rank(const struct order_node *node);

/* Whether orders lead from each of two neighbours to the other one. */
bool order_may_be_in_ring(const struct mutex_record *one, const struct mutex_record *other);

/* order_look.c, under the lock: a value that no record's stamp has. */
uint32_t order_new_stamp(void);

/* Likewise: how many steps a search may take, and how many it took. */
unsigned int order_steps(void);
void order_count_steps(unsigned int steps);

/*
 * order_ring.c, under the lock: the rings, not seen before, that this thread's request closes.
 * Returns how many were filled in.
 */
unsigned int order_rings(struct order_node *node, uint64_t id, struct order_ring *rings,
			 unsigned int size);

/*
 * order_told.c, under the lock: true once for each set of mutexes, which is sorted. What is beyond
 * `count` is NULL.
 */
bool order_is_news(const struct mutex_record *set[RING_MAX], unsigned int count);

/* A search was given up, or an order not judged. */
void order_count_cut(void);

/* Requests whose order memory ran out for, and searches that were given up. */
uint64_t order_dropped(void);

void order_before_fork(void);
void order_after_fork(bool in_child);

#endif
