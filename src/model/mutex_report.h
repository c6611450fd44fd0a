/* SPDX-License-Identifier: MIT */
/* What findings about mutexes have in common. Inside src/model/ only. */
#ifndef PYTHREAD_TRACE_MUTEX_REPORT_H
#define PYTHREAD_TRACE_MUTEX_REPORT_H

#include "model/mutexes.h"

#define MUTEX_LABEL_SIZE 48
#define DURATION_SIZE 24

/* The mutex's name in quotes, or its address. */
void mutex_label(const struct mutex_record *record, char label[MUTEX_LABEL_SIZE]);

/* A duration of so many ticks for people, such as "12.3 ms". */
void mutex_duration(uint64_t ticks, char text[DURATION_SIZE]);

/* The object part of a finding. record may be NULL. */
void mutex_describe(struct finding *finding, const void *address,
		    const struct mutex_record *record);

/* The next mutex of a ring; one too many is left out. */
void mutex_describe_other(struct finding *finding, const struct mutex_record *record);

void mutex_report_self_deadlock(const struct mutex_record *record, const struct site *site);
void mutex_report_held_at_fork(const struct mutex_record *record, const struct site *site);
void mutex_report_held_at_exit(const struct mutex_record *record, const struct site *site);
void mutex_report_long_hold(const struct mutex_record *record, uint64_t held,
			    const struct site *site);

#endif
