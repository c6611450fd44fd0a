/* SPDX-License-Identifier: MIT */
/*
 * What the report plug-in (report.so, loaded with RTLD_LOCAL at the first need) gives to the
 * library: everything that needs libdw or json-c. The library reports without it too, in text
 * and with bare addresses, and says why.
 */
#ifndef PYTHREAD_TRACE_PLUGIN_H
#define PYTHREAD_TRACE_PLUGIN_H

#include "base/buffer.h"
#include "report/document.h"
#include "stack/symbolize.h"

#define REPORT_PLUGIN_SYMBOL "pythread_trace_report_plugin"
#define REPORT_PLUGIN_ABI 3

struct report_plugin {
	int abi; /* REPORT_PLUGIN_ABI */
	void (*symbolize_code)(const struct module *module, uintptr_t address, struct symbol *out);
	void (*symbolize_data)(const struct module *module, uintptr_t address, struct symbol *out);
	void (*write_json)(struct buffer *out, const struct document *document);
	void (*write_sarif)(struct buffer *out, const struct document *document);
	/* Of the questions so far, how many were not answered for lack of memory or of files. */
	uint64_t (*lost)(void);
};

#endif
