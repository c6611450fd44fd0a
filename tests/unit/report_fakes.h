/* SPDX-License-Identifier: MIT */
/*
 * A small world for the report's tests: two modules, a few stacks, a plug-in whose symbols are
 * known beforehand but whose writers are the real ones. And a way to run a scenario in a process
 * of its own and read what it wrote.
 */
#ifndef PYTHREAD_TRACE_REPORT_FAKES_H
#define PYTHREAD_TRACE_REPORT_FAKES_H

#include "report/report.h"

/* Addresses in the modules /opt/lib/buggy.so and /usr/bin/python3.11, and their numbers. */
#define BUGGY 1
#define PYTHON 2
#define BUGGY_CALLER ((const void *)0x111f4)
#define BUGGY_KEY ((const void *)0x14010)  /* the variable cache_key */
#define WITHIN_KEY ((const void *)0x14014) /* and in the middle of it */
#define HEAP_KEY ((const void *)0x990000)

/* Sites: native and Python stack, thread. */
#define SITE_STORE ((struct site){BUGGY_CALLER, 1, 1, 4243})
#define SITE_CLEANUP ((struct site){BUGGY_CALLER, 2, 9, 4244})
#define SITE_NOWHERE ((struct site){BUGGY_CALLER, 0, 9, 4243})
#define SITE_ODD ((struct site){BUGGY_CALLER, 3, 2, 4243}) /* hostile names */

/* Whether the plug-in can be loaded. */
extern bool fake_plugin_missing;

/* tss-set-before-create on BUGGY_KEY at SITE_STORE, and more of that kind. */
struct finding fake_finding(enum finding_kind kind, const char *message);
void fake_add_story(struct finding *finding, enum site_role role, const char *caption,
		    struct site site);
void fake_report(enum finding_kind kind, const char *message);

/* report_init() with these facts: 2 hooks of which one is missed, 5 keys live of 1024. */
void fake_start(struct options *options);
extern struct report_facts fake_facts;

/* What the report asked for last. */
extern struct report_wanted fake_wanted;

struct outcome {
	bool keep_pid;	  /* to be set before: leave the process's id in text */
	char text[65536]; /* standard error, the process's id replaced by PID */
	pid_t pid;
	int status; /* as of waitpid() */
};

/* Runs it in a child named "python3" and waits. What it returns is the exit status. */
void run_scenario(int (*scenario)(void), struct outcome *outcome);

/* The same for any text that was written elsewhere. */
void replace_pid(char *text, pid_t pid);

void options_for_test(struct options *options);

#endif
