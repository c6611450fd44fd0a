/* SPDX-License-Identifier: MIT */
/* A handler that leaves by a jump, over and over, out of whatever looks at a key just then. */
#include "ext.h"

#include <setjmp.h>
#include <signal.h>
#include <string.h>
#include <sys/time.h>

#define JUMPS 2000
#define INTERVAL_US 100

static Py_tss_t key = Py_tss_NEEDS_INIT;
static sigjmp_buf before;
static volatile sig_atomic_t jumps;

static void jump(int number)
{
	(void)number;
	jumps++;
	siglongjmp(before, 1);
}

static void every(int interval_us)
{
	struct itimerval timer = {{0, interval_us}, {0, interval_us}};

	setitimer(ITIMER_REAL, &timer, NULL);
}

STEP(run)
{
	struct sigaction action, usual;

	memset(&action, 0, sizeof(action));
	action.sa_handler = jump;
	PyThread_tss_create(&key);
	sigaction(SIGALRM, &action, &usual);
	every(INTERVAL_US);
	sigsetjmp(before, 1);
	while (jumps < JUMPS) {
		PyThread_tss_set(&key, &key);
		if (PyThread_tss_get(&key) != &key || !PyThread_tss_is_created(&key))
			Py_FatalError("a key has lost its value");
	}
	every(0);
	sigaction(SIGALRM, &usual, NULL);
	PyThread_tss_delete(&key);
}

MODULE(METHOD(run))
