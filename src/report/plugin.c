/* SPDX-License-Identifier: MIT */
#include "report/plugin.h"

#include "report/json.h"
#include "report/memory.h"
#include "report/sarif.h"

extern const struct report_plugin pythread_trace_report_plugin;

/* Times that there was no memory to begin with: the module can be asked about other addresses. */
static uint64_t not_begun;

struct lookup {
	void (*symbolize)(const struct module *module, uintptr_t address, struct symbol *out);
	const struct module *module;
	uintptr_t address;
	struct symbol found;
};

static void look_up(void *context)
{
	struct lookup *lookup = context;

	lookup->symbolize(lookup->module, lookup->address, &lookup->found);
}

static void try_to_look_up(struct lookup *lookup, struct symbol *out)
{
	enum memory_outcome outcome = memory_try(look_up, lookup);

	if (outcome == MEMORY_SUFFICED) {
		*out = lookup->found;
		return;
	}
	if (outcome == MEMORY_RAN_OUT)
		symbolize_abandon(lookup->module);
	else
		not_begun++;
	*out = (struct symbol){0};
}

static uint64_t count_lost(void)
{
	return symbolize_lost() + not_begun;
}

static void try_code(const struct module *module, uintptr_t address, struct symbol *out)
{
	struct lookup lookup = {symbolize_code, module, address, {0}};

	try_to_look_up(&lookup, out);
}

static void try_data(const struct module *module, uintptr_t address, struct symbol *out)
{
	struct lookup lookup = {symbolize_data, module, address, {0}};

	try_to_look_up(&lookup, out);
}

struct writing {
	void (*write)(struct buffer *out, const struct document *document);
	struct buffer *out;
	const struct document *document;
};

static void write_document(void *context)
{
	const struct writing *writing = context;

	writing->write(writing->out, writing->document);
}

static void try_to_write(struct writing *writing)
{
	if (memory_try(write_document, writing) != MEMORY_SUFFICED)
		writing->out->failed = true;
}

static void try_json(struct buffer *out, const struct document *document)
{
	try_to_write(&(struct writing){json_write, out, document});
}

static void try_sarif(struct buffer *out, const struct document *document)
{
	try_to_write(&(struct writing){sarif_write, out, document});
}

EXPORT const struct report_plugin pythread_trace_report_plugin = {
	.abi = REPORT_PLUGIN_ABI,
	.symbolize_code = try_code,
	.symbolize_data = try_data,
	.write_json = try_json,
	.write_sarif = try_sarif,
	.lost = count_lost,
};
