/* SPDX-License-Identifier: MIT */
/* A library that is loaded and unloaded by unloaded.c, with a key of its own. */
#include "ext.h"

static Py_tss_t plugin_key = Py_tss_NEEDS_INIT;

void plugin_start(void);
void plugin_end(void);

void plugin_start(void)
{
	PyThread_tss_create(&plugin_key); /* CREATED run */
}

void plugin_end(void)
{
	PyThread_tss_delete(&plugin_key);
}
