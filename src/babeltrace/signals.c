/* SPDX-License-Identifier: MIT */
#include "babeltrace/signals.h"

#include <signal.h>

static struct graph *interruptible;
static volatile sig_atomic_t came;

static void interrupt(int signal)
{
	(void)signal;
	came = 1;
	if (interruptible)
		graph_interrupt(interruptible);
}

static void heed(int signal)
{
	struct sigaction action = {.sa_handler = interrupt, .sa_flags = (int)SA_RESETHAND}, old;

	if (sigaction(signal, NULL, &old) == 0 && old.sa_handler != SIG_IGN)
		sigaction(signal, &action, NULL);
}

void signals_interrupt(struct graph *graph)
{
	interruptible = graph;
	if (!graph)
		return;
	heed(SIGINT);
	heed(SIGTERM);
}

bool signals_came(void)
{
	return came;
}
