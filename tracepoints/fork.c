/* SPDX-License-Identifier: MIT */
/*
 * LTTng's threads are not there in a child: its library starts them again, and its locks are held
 * while the process forks.
 */
#include "tracepoints/internal.h"

#include <link.h>
#include <lttng/urcu/urcu-ust.h>
#include <lttng/ust-fork.h>
#include <signal.h>
#include <string.h>

/* Forks wait for each other between the two functions. */
static sigset_t caller_signals;
static bool prepared;

static int is_helper(struct dl_phdr_info *info, size_t size, void *data)
{
	(void)size;
	(void)data;
	return strstr(info->dlpi_name, "/liblttng-ust-fork.so") != NULL;
}

static bool helper_is_loaded(void)
{
	static int answer; /* it is preloaded or never there. 1: no, 2: yes */
	int known = __atomic_load_n(&answer, __ATOMIC_RELAXED);

	if (!known) {
		known = 1 + (dl_iterate_phdr(is_helper, NULL) != 0);
		__atomic_store_n(&answer, known, __ATOMIC_RELAXED);
	}
	return known == 2;
}

static bool all_blocked(const sigset_t *signals)
{
	int number;

	for (number = 1; number < 32; number++) {
		if (number != SIGKILL && number != SIGSTOP && !sigismember(signals, number))
			return false;
	}
	return true;
}

/*
 * Whether LTTng's own helper library, which stands in front of fork but not of forkpty, does the
 * same for this one: it has all signals blocked meanwhile.
 */
static bool helper_forks(const sigset_t *signals)
{
	return helper_is_loaded() && all_blocked(signals);
}

bool fork_before(void)
{
	sigset_t signals;

	pthread_sigmask(SIG_SETMASK, NULL, &signals);
	if (helper_forks(&signals))
		return false;
	/* Leaves the signals as they are when one of LTTng's own threads forks. */
	lttng_ust_before_fork(&signals);
	caller_signals = signals;
	prepared = true;
	return true;
}

/* The parent's other threads may have been in the midst of an event: nobody is to wait for them. */
static void forget_other_threads(void)
{
	lttng_ust_urcu_before_fork();
	lttng_ust_urcu_after_fork_child();
}

void fork_after(enum trace_fork_side side)
{
	sigset_t signals = caller_signals;

	if (!prepared)
		return;
	prepared = false;
	if (side == FORK_CHILD)
		lttng_ust_after_fork_child(&signals);
	else
		lttng_ust_after_fork_parent(&signals);
	if (side == FORK_CHILD_QUIET)
		forget_other_threads();
}
