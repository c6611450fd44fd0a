/* SPDX-License-Identifier: MIT */
/* LTTng's code for the events of the provider "pythread". */
#define LTTNG_UST_TRACEPOINT_CREATE_PROBES
#define LTTNG_UST_TRACEPOINT_DEFINE
#include "tracepoints/pythread_tp.h"
