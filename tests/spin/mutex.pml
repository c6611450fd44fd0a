/* SPDX-License-Identifier: MIT */
/*
 * The mutex of src/core/mutex.{h,c} and its parking lot, src/core/lot.{h,c}, for spin: three
 * threads, each step that touches what threads share is one step here, and names where it is from.
 *
 * What is checked, in every interleaving:
 *   - two threads never hold a mutex at once;
 *   - nobody is left behind, in this lot or the interpreter's: the rescue of lot.c is not in here (but
 *     for RESCUE), so a wake-up that is lost ends in a state that nobody leaves (ROUNDS), or in a
 *     waiter that waits for ever while others go on (ENDLESS);
 *   - who has unlocked does not touch the byte again: the last user frees it, whoever is still
 *     inside of its unlock;
 *   - who wakes a waiter does not touch it when it is gone: it lies on its thread's stack;
 *   - the count of waiters, which is read without the bucket's lock, is right.
 *
 * How it is compiled (run.sh has the combinations):
 *   ROUNDS=n     each thread takes and gives back n times, then ends
 *   ENDLESS      each goes on for ever; the claim is that thread 0 does not wait for ever
 *   ARMED        the mutex may become armed: MUTEX_PARKED stays set from then on
 *   COLLIDE      two mutexes share the bucket, each thread takes either one
 *   RESCUE       waiters time out and look for themselves, as often as they like
 *   OTHER_LOT    the interpreter's functions serve the same byte, with waiters of their own: who locks
 *                or unlocks with a call does so by one or the other, as the guess of who called has it
 *   BREAK_*      what is wrong in a mutant; each must be refuted
 *
 * OTHER_LOT has the calls that the tool's functions see, all of them: without a rescue nobody is left
 * behind in either lot. A call that they do not see, by an interpreter that locks an extension's mutex
 * for itself, is not in here: such an unlock wakes nobody in this lot, and the rescue is there for it.
 *
 * Time is not modelled: "has waited for MUTEX_FAIR_NS" may be true or false whenever it is asked.
 *
 * Spin's memory is sequentially consistent. That is the C code's, as far as it matters: all accesses
 * to the byte and to the count that take part in "who unlocks reads the count after the byte, who
 * waits reads the byte after it is counted" (core_mutex_unlock and enter) are __ATOMIC_SEQ_CST, which
 * forbids that each misses the other; the queue, and `queued`, are under the bucket's lock; `outcome`
 * is stored with __ATOMIC_RELEASE before the post, and read after the wait. What is weaker is alone
 * on one byte, whose changes all threads see in one order: the extension's inlined compare-and-swaps
 * (acquire, release), and the relaxed first look of core_mutex_try_lock, whose answer the
 * compare-and-swap confirms, or which, when it says "locked" too late, leads to the looks of
 * mark_parked and enter, which are SEQ_CST.
 */

#define LOCKED 1 /* MUTEX_LOCKED */
#define PARKED 2 /* MUTEX_PARKED */

#define THREADS 3
#ifdef COLLIDE
#define MUTEXES 2
#else
#define MUTEXES 1
#endif

mtype = { CHANGED, HANDED }; /* enum lot_outcome */

/* What threads share. The bucket is the one that all these mutexes are in. */
byte bits[MUTEXES];			     /* struct mutex */
bool bucket_locked;			     /* struct bucket, lock */
chan queue = [THREADS] of { byte, byte };    /* struct bucket, first: the mutex, and who waits */
byte waiting;				     /* mutex_waiters[].count */
bool posted[THREADS];			     /* struct waiter, woken */
mtype outcome[THREADS];			     /* struct waiter, outcome */
bool armed[MUTEXES];			     /* struct mutex_record, of src/model/ */
#if defined(OTHER_LOT)
bool forwarded[MUTEXES];		     /* as well */
chan other = [THREADS] of { byte, byte };    /* the interpreter's lot: the mutex, and who waits */
#define is_shared(mutex) forwarded[mutex]
#else
#define is_shared(mutex) false
#endif

/* For the properties. */
byte holders[MUTEXES];
byte users[MUTEXES];	  /* who may still take it */
bool gone[MUTEXES];	  /* its memory */
bool in_lot[THREADS];	  /* its waiter is on its stack */

#define touch(mutex) assert(!gone[mutex])
#define REST(is_armed) (is_armed -> PARKED : 0)
#define is_held_and_parked(mutex) ((bits[mutex] & (LOCKED | PARKED)) == (LOCKED | PARKED))
#define waits_for(mutex) queue ?? [eval(mutex), _]

inline bucket_lock() /* pthread_mutex_lock(&bucket->lock) */
{
	atomic { !bucket_locked -> bucket_locked = true }
}

inline bucket_unlock()
{
	bucket_locked = false
}

inline compare_exchange(mutex, expected, desired, seen, done)
{
	atomic {
		touch(mutex);
		done = (bits[mutex] == (expected));
		bits[mutex] = (done -> (desired) : bits[mutex]);
		seen = (done -> seen : bits[mutex])
	}
}

/* core_mutex_try_lock, mutex.h */
inline core_mutex_try_lock(mutex, is_armed, taken)
{
	atomic { touch(mutex); old = bits[mutex]; taken = false }
	do
	:: taken || (old & LOCKED) -> break
	:: else ->
		compare_exchange(mutex, old, old | LOCKED | REST(is_armed), old, taken)
	od
}

/* mark_parked, mutex.c: answers whether somebody holds it, who knows now that one waits */
inline mark_parked(mutex, marked)
{
	atomic { touch(mutex); old = bits[mutex]; marked = false }
	do
	:: marked || !(old & LOCKED) -> break
	:: else ->
		if
		:: old & PARKED -> marked = true
		:: else -> compare_exchange(mutex, old, old | PARKED, old, marked)
		fi
	od
}

/* enqueue, lot.c */
inline enqueue(mutex, id)
{
#if defined(BREAK_FORGETS_TO_COUNT)
	queue ! mutex, id
#else
	atomic { queue ! mutex, id; waiting++ }
#endif
}

/* dequeue, lot.c: out of the queue; the count is another step, but the bucket's lock is held */
inline dequeue_self(id)
{
	atomic { queue ?? _, eval(id); waiting-- }
}

/* enter, lot.c */
inline enter(mutex, id, entered)
{
	bucket_lock();
#if defined(BREAK_ENTER_LOOKS_FIRST) /* reads the byte before it is counted */
	atomic { touch(mutex); entered = is_held_and_parked(mutex) }
	if
	:: entered -> enqueue(mutex, id)
	:: else
	fi;
#else
	enqueue(mutex, id);
#if defined(BREAK_ENTER_DOES_NOT_LOOK)
	entered = true;
#else
	atomic { touch(mutex); entered = is_held_and_parked(mutex) }
#endif
	if
	:: entered
	:: else -> dequeue_self(id)
	fi;
#endif
	bucket_unlock()
}

/* leave, lot.c: whether it took itself out of the queue */
inline leave(id, left)
{
	bucket_lock();
	left = queue ?? [_, eval(id)];
	if
	:: left -> dequeue_self(id)
	:: else
	fi;
	bucket_unlock()
}

/* sleep_until_woken, lot.c */
inline sleep_until_woken(mutex, id)
{
#if defined(RESCUE)
	found_free = false;
	do
	:: posted[id] -> posted[id] = false; break
	:: true -> /* sleep_for() timed out */
		atomic { touch(mutex); is_free = !is_held_and_parked(mutex) }
		if
		:: is_free && found_free ->
#if defined(BREAK_LEAVES_UNASKED) /* though somebody has taken it out, and is about to post */
			atomic {
				if
				:: queue ?? [_, eval(id)] -> queue ?? _, eval(id); waiting--
				:: else
				fi
			}
			break
#else
			leave(id, done);
			if
			:: done -> break
			:: else -> found_free = is_free
			fi
#endif
		:: else -> found_free = is_free
		fi
	od
#else
	atomic { posted[id] -> posted[id] = false }
#endif
}

/* lot_park, lot.c */
inline lot_park(mutex, id, handed)
{
	atomic { in_lot[id] = true; posted[id] = false; outcome[id] = CHANGED }
	enter(mutex, id, done);
	if
	:: done -> sleep_until_woken(mutex, id)
	:: else
	fi;
	/* Then it is gone from the stack. */
	atomic { handed = (outcome[id] == HANDED); in_lot[id] = false; outcome[id] = 0; posted[id] = false }
}

/* wake, lot.c */
inline wake(id, result)
{
	atomic { assert(in_lot[id]); outcome[id] = result }
	atomic { assert(in_lot[id]); posted[id] = true }
}

#if defined(OTHER_LOT)
/*
 * CPython's side (Python/lock.c, Python/parking_lot.c), which its own tests are for: what it does
 * under its bucket's lock is one step here, and so is that its waiter has been woken.
 */
#define waits_in_other(mutex) other ?? [eval(mutex), _]

inline unpark(result)
{
	other ?? eval(mutex), who;
	outcome[who] = result;
	posted[who] = true
}

/* _PyMutex_LockTimed */
inline other_lock(mutex, id)
{
	do
	:: taken -> break
	:: else ->
		atomic { touch(mutex); old = bits[mutex]; done = false }
		if
		:: !(old & LOCKED) -> compare_exchange(mutex, old, old | LOCKED, old, taken)
		:: old == LOCKED -> compare_exchange(mutex, old, old | PARKED, old, done)
		:: else -> done = true
		fi;
		if
		:: done -> /* _PyParkingLot_Park */
			atomic {
				touch(mutex);
				done = (bits[mutex] == (LOCKED | PARKED));
				if
				:: done -> other ! mutex, id
				:: else
				fi
			}
			if
			:: done ->
				atomic {
					posted[id] -> posted[id] = false;
					taken = (outcome[id] == HANDED);
					outcome[id] = 0
				}
			:: else
			fi
		:: else
		fi
	od
}

/* _PyMutex_TryUnlock, mutex_unpark */
inline other_unlock(mutex)
{
	done = false;
	do
	:: done -> break
	:: else ->
		atomic { touch(mutex); old = bits[mutex]; assert(old & LOCKED) }
		if
		:: old & PARKED ->
			atomic {
				touch(mutex);
				done = true;
				if
				:: waits_in_other(mutex) ->
					if
					:: unpark(CHANGED); rest = 0
					:: unpark(HANDED); rest = LOCKED
					fi;
					bits[mutex] = (waits_in_other(mutex) -> rest | PARKED : rest)
				:: else -> bits[mutex] = 0
				fi
			}
		:: else -> compare_exchange(mutex, old, 0, old, done)
		fi
	od
}

/* unlock_in_lot, mutex_host.c: _PyParkingLot_Unpark with store_rest */
inline unlock_other(mutex, is_armed)
{
	atomic {
		touch(mutex);
		if
		:: waits_in_other(mutex) ->
			unpark(CHANGED);
#if defined(BREAK_FORGETS_MORE_IN_OTHER)
			bits[mutex] = REST(is_armed)
#else
			bits[mutex] = (waits_in_other(mutex) -> PARKED : REST(is_armed))
#endif
		:: else -> bits[mutex] = REST(is_armed)
		fi
	}
}

/* mutex_host_wake_other, mutex_host.c: the byte is not touched */
inline wake_other(mutex)
{
	do
	:: atomic { waits_in_other(mutex) -> unpark(CHANGED) }
	:: else -> break
	od
}

/* By who has begun to unlock when nobody had been seen to go there. */
inline wake_other_if_shared(mutex)
{
	if
#if defined(BREAK_DOES_NOT_LOOK_AGAIN)
	:: true
#else
	:: !shared && is_shared(mutex) -> wake_other(mutex)
	:: else
#endif
	fi
}
#else
#define shared false
#define wake_other_if_shared(mutex) skip
#endif

/* core_mutex_lock, mutex.c; arm() of src/hook/observe_mutex.c is what arms */
inline core_mutex_lock(mutex, id, is_armed)
{
	core_mutex_try_lock(mutex, is_armed, taken);
#if defined(ARMED)
	if
	:: !taken && !is_armed -> is_armed = true; armed[mutex] = true
	:: !taken && !is_armed /* not yet: it was not waited for before */
	:: else
	fi;
#endif
	do
	:: taken -> break
	:: else ->
		core_mutex_try_lock(mutex, is_armed, taken);
		if
		:: taken -> break
		:: else ->
			mark_parked(mutex, done);
			if
			:: done ->
				lot_park(mutex, id, taken);
				if
				:: taken && is_armed -> /* arm_held */
					atomic { touch(mutex); bits[mutex] = bits[mutex] | PARKED }
				:: else
				fi
			:: else
			fi
		fi
	od
}

/* lot_unlock, lot.c */
inline lot_unlock(mutex, keep_parked, found)
{
	bucket_lock();
	found = waits_for(mutex);
	if
	:: found ->
		atomic { queue ?? eval(mutex), who; waiting-- }
#if defined(BREAK_FORGETS_THE_OTHERS)
		rest = REST(keep_parked);
#else
		rest = ((keep_parked || waits_for(mutex)) -> PARKED : 0);
#endif
		result = CHANGED;
		if
		:: true /* it has not waited for long */
		:: true ->
			result = HANDED;
#if !defined(BREAK_HANDS_OVER_UNLOCKED)
			rest = rest | LOCKED
#endif
		fi;
#if defined(BREAK_WAKES_BEFORE_STORE)
		wake(who, result);
		atomic { touch(mutex); bits[mutex] = rest }
#else
		atomic { touch(mutex); bits[mutex] = rest }
#endif
	:: else
	fi;
	bucket_unlock();
#if !defined(BREAK_WAKES_BEFORE_STORE)
	if
	:: found -> wake(who, result)
	:: else
	fi
#endif
}

/* core_mutex_wake, lot.c */
inline core_mutex_wake(mutex)
{
	if
	:: waiting > 0 -> /* core_mutex_waiters */
		bucket_lock();
		woken = 0;
		do
		:: waits_for(mutex) ->
			atomic { queue ?? eval(mutex), who; waiting--; woken = woken | (1 << who) }
#if defined(BREAK_WAKES_ONE)
			break
#endif
		:: else -> break
		od;
		bucket_unlock();
		who = 0;
		do
		:: who < THREADS && (woken & (1 << who)) -> wake(who, CHANGED); who++
		:: who < THREADS && !(woken & (1 << who)) -> who++
		:: else -> break
		od
	:: else
	fi
}

/* core_mutex_unlock_alone, mutex.h; where it says no, core_mutex_unlock is to be called */
inline core_mutex_unlock_alone(mutex, is_armed, unlocked)
{
	if
	:: !is_armed -> compare_exchange(mutex, LOCKED, 0, old, unlocked)
	:: is_armed && waiting > 0 -> unlocked = false
	:: is_armed && waiting == 0 ->
		unlocked = true;
		atomic { touch(mutex); bits[mutex] = PARKED }
	fi
}

/* core_mutex_unlock, mutex.c */
inline core_mutex_unlock(mutex, is_armed)
{
	atomic { touch(mutex); assert(bits[mutex] & LOCKED) } /* core_mutex_is_locked */
	done = false;
	if
	:: !is_armed -> core_mutex_unlock_alone(mutex, is_armed, done)
	:: else
	fi;
	if
	:: done
	:: else ->
		if
#if defined(BREAK_KEEPS_NO_PARKED) /* for the next one to look at the other lot */
		:: waiting > 0 -> lot_unlock(mutex, is_armed, done)
#else
		:: waiting > 0 -> lot_unlock(mutex, is_armed || shared, done) /* core_mutex_waiters */
#endif
		:: else
		fi;
		if
		:: done
		:: else ->
#if defined(BREAK_LOOKS_BEFORE_STORE)
			done = (waiting > 0);
			atomic { touch(mutex); bits[mutex] = REST(is_armed) }
			if
			:: done -> core_mutex_wake(mutex)
			:: else
			fi
#elif defined(BREAK_LOOKS_AT_THE_BYTE) /* wakes nobody where the next one has it already */
			atomic { touch(mutex); bits[mutex] = REST(is_armed) }
			atomic { touch(mutex); done = (bits[mutex] & LOCKED) }
			if
			:: done
			:: else -> core_mutex_wake(mutex)
			fi
#elif defined(BREAK_ARMS_AFTER_STORE)
			atomic { touch(mutex); bits[mutex] = 0 }
			if
			:: is_armed -> atomic { touch(mutex); bits[mutex] = bits[mutex] | PARKED }
			:: else
			fi;
			core_mutex_wake(mutex)
#elif defined(OTHER_LOT) && !defined(BREAK_STORES_FOR_OTHER)
			if
			:: shared -> unlock_other(mutex, is_armed)
			:: else -> atomic { touch(mutex); bits[mutex] = REST(is_armed) } /* store */
			fi;
			core_mutex_wake(mutex)
#else
			atomic { touch(mutex); bits[mutex] = REST(is_armed) } /* store */
			core_mutex_wake(mutex)
#endif
		fi
	fi
}

/*
 * An extension takes it by PyMutex_Lock of the interpreter's headers, in its own code, or calls
 * quick_take of src/hook/quick.h; what these do not do, the core does.
 */
inline lock(mutex, id)
{
	taken = false;
	if
	:: compare_exchange(mutex, 0, LOCKED, old, taken)
	:: is_armed = armed[mutex];
		compare_exchange(mutex, REST(is_armed), LOCKED | REST(is_armed), old, taken)
	fi;
	if
	:: taken
	:: !taken ->
		is_armed = armed[mutex];
		core_mutex_lock(mutex, id, is_armed)
#if defined(OTHER_LOT) /* operation_choose_side */
	:: !taken ->
		forwarded[mutex] = true;
		other_lock(mutex, id)
#endif
	fi
}

/* quick_release and quick_finish_release of src/hook/ */
inline quick_release(mutex)
{
	is_armed = armed[mutex];
	core_mutex_unlock_alone(mutex, is_armed, done);
	if
#if defined(BREAK_IS_ALONE_FOR_SURE) /* does not look again after its store */
	:: done
#else
	:: done -> core_mutex_wake(mutex)
#endif
	:: else -> core_mutex_unlock(mutex, is_armed)
	fi;
	wake_other_if_shared(mutex)
}

/* do_unlock, observe_unlock.c */
inline unlock_slowly(mutex)
{
	is_armed = armed[mutex];
	shared = is_shared(mutex);
	core_mutex_unlock(mutex, is_armed);
	wake_other_if_shared(mutex)
}

/* PyMutex_Unlock of the headers; what these do not do, and who calls it at once, goes on below. */
inline unlock(mutex)
{
	done = false;
	if
	:: compare_exchange(mutex, LOCKED, 0, old, done)
	:: true
	fi;
	if
	:: done
	:: !done && !is_shared(mutex) -> quick_release(mutex)
#if defined(OTHER_LOT)
	:: !done -> unlock_slowly(mutex)
	:: !done ->
		forwarded[mutex] = true;
		other_unlock(mutex);
#if !defined(BREAK_FORWARDS_ONLY)
		core_mutex_wake(mutex)
#endif
#endif
	fi
}

proctype thread(byte id)
{
	byte mutex, round, old, who, rest, woken;
	mtype result;
	bool taken, done, is_armed, last;
#if defined(RESCUE)
	bool found_free, is_free;
#endif
#if defined(OTHER_LOT)
	bool shared;
#endif

	do
#if defined(ROUNDS)
	:: round == ROUNDS -> break
	:: round < ROUNDS ->
		round++;
#else
	:: true ->
#endif
#if defined(COLLIDE)
		atomic {
			if
			:: mutex = 0
			:: mutex = 1
			fi;
			if
			:: round == ROUNDS -> users[1 - mutex]-- /* which it takes no more */
			:: else
			fi
		}
#endif
		lock(mutex, id);
		atomic { holders[mutex]++; assert(holders[mutex] == 1) }
		atomic {
			holders[mutex]--;
			last = false;
#if defined(ROUNDS)
			if
			:: round == ROUNDS -> users[mutex]--; last = (users[mutex] == 0)
			:: else
			fi
#endif
		}
		unlock(mutex);
		atomic {
			if
			:: last -> gone[mutex] = true
			:: else
			fi;
			/* Not part of what tells one state from another. */
			last = false; old = 0; who = 0; rest = 0; woken = 0; result = 0;
			taken = false; done = false; is_armed = false; mutex = 0;
#if defined(OTHER_LOT)
			shared = false
#endif
		}
	od
}

init {
	byte i;

	atomic {
		for (i : 0 .. MUTEXES - 1) {
			users[i] = THREADS
		}
		for (i : 0 .. THREADS - 1) {
			run thread(i)
		}
		i = 0
	}
	(_nr_pr == 1); /* nobody waits, and all is as it was */
	assert(waiting == 0 && len(queue) == 0 && !(bits[0] & LOCKED))
}

#if defined(ENDLESS)
/* A waiter in the queue is taken out of it, if each thread that can go on does so. */
ltl woken_at_last { [] (queue ?? [0, 0] -> <> !(queue ?? [0, 0])) }
#endif
