/* SPDX-License-Identifier: MIT */
#include "report/guard.h"

#include <errno.h>
#include <pthread.h>

/* A signal that the CPU raises cannot wait: blocked, it would kill without a handler's word. */
static const int synchronous[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGSYS, SIGABRT};

static __thread bool inside __attribute__((tls_model("initial-exec")));

bool guard_enter(struct guard *guard)
{
	sigset_t blocked;

	guard->error = errno;
	if (inside)
		return false;
	sigfillset(&blocked);
	for (unsigned int i = 0; i < countof(synchronous); i++)
		sigdelset(&blocked, synchronous[i]);
	pthread_sigmask(SIG_BLOCK, &blocked, &guard->signals);
	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &guard->cancel_state);
	inside = true;
	return true;
}

void guard_leave(const struct guard *guard)
{
	int ignored;

	inside = false;
	pthread_setcancelstate(guard->cancel_state, &ignored);
	pthread_sigmask(SIG_SETMASK, &guard->signals, NULL);
	errno = guard->error;
}

void guard_stay(void)
{
	inside = true;
}
