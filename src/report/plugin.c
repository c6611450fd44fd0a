/* SPDX-License-Identifier: MIT */
#include "report/plugin.h"

#include "report/json.h"
#include "report/sarif.h"

extern const struct report_plugin pythread_trace_report_plugin;

EXPORT const struct report_plugin pythread_trace_report_plugin = {
	.abi = REPORT_PLUGIN_ABI,
	.symbolize_code = symbolize_code,
	.symbolize_data = symbolize_data,
	.write_json = json_write,
	.write_sarif = sarif_write,
};
