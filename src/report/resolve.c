/* SPDX-License-Identifier: MIT */
#include "report/resolve.h"

#include "report/arguments.h"
#include "report/show_mutex.h"
#include "report/suppress.h"
#include "stack/modules.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static size_t measure_findings(const struct snapshot *snapshot)
{
	size_t size = sizeof(struct shown_finding);

	for (unsigned int i = 0; i < snapshot->count; i++) {
		const struct finding *finding = &snapshot->entry[i].kept.finding;

		size += sizeof(struct shown_finding) + THREAD_NAME_SIZE;
		for (unsigned int s = 0; s < finding->stories; s++)
			size += show_measure(&finding->story[s]) + THREAD_NAME_SIZE;
	}
	return size;
}

static const char *path_of(const void *code)
{
	const struct module *module = module_get(module_at(code));

	return module ? module->path : NULL;
}

/* Nothing tells when a mutex is freed: another library may have come to its place. */
static uint32_t home_of(const struct finding_object *object)
{
	if (object->type == OBJECT_MUTEX)
		return object->module;
	return object->address ? module_at(object->address) : 0;
}

static void show_object(struct block *block, struct shown_object *out,
			const struct finding_object *object)
{
	uint32_t home = home_of(object);
	uint32_t maker = object->creator ? module_at(object->creator) : 0;
	const struct module *module = module_get(home ? home : maker);

	out->facts = *object;
	out->module = module ? module->path : NULL;
	out->made_by = module && !home;
	out->slot_owner = object->victim ? path_of(object->victim) : NULL;
	out->symbol = show_variable(block, home, object->address).function;
}

/* The name that a thread had when it made the finding stands. */
static const char *name_thread(struct block *block, const struct shown_finding *finding, pid_t tid)
{
	if (finding->thread_name && tid == finding->tid)
		return finding->thread_name;
	return show_thread_name(block, tid);
}

static void show_finding(struct block *block, struct shown_finding *out, const struct kept *kept,
			 bool strict)
{
	const struct finding *finding = &kept->finding;
	struct shown_stack *stacks = block_take(block, finding->stories, sizeof(*stacks));

	out->kind = finding->kind;
	out->severity = finding_severity(finding->kind, strict);
	out->message = finding->message;
	out->count = finding->count;
	out->told = kept->told > 0;
	out->count_told = kept->told == finding->count;
	out->tid = kept->tid;
	out->thread_name =
		kept->thread_name[0] ? kept->thread_name : show_thread_name(block, kept->tid);
	show_object(block, &out->object, &finding->object);
	out->others = finding->others;
	for (unsigned int i = 0; i < finding->others; i++)
		show_object(block, &out->other[i], &finding->other[i]);
	for (unsigned int i = 0; i < finding->stories; i++) {
		show_story(block, &stacks[i], &finding->story[i]);
		stacks[i].thread_name = name_thread(block, out, stacks[i].tid);
	}
	out->stacks = stacks;
	out->stack_count = finding->stories;
	out->suppressed = suppress_matches(out);
}

static bool make_block(struct resolved *out)
{
	out->block =
		mmap(NULL, out->size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (out->block != MAP_FAILED)
		return true;
	out->block = NULL;
	return false;
}

static void show_findings(struct block *block, struct document *document,
			  const struct snapshot *snapshot, bool strict)
{
	struct shown_finding *findings = block_take(block, snapshot->count, sizeof(*findings));

	for (unsigned int i = 0; i < snapshot->count; i++) {
		show_finding(block, &findings[i], &snapshot->entry[i].kept, strict);
		summary_count(&document->summary, &findings[i]);
	}
	document->findings = findings;
	document->finding_count = snapshot->count;
}

bool resolve(struct resolved *out, const struct snapshot *snapshot,
	     const struct resolve_request *request)
{
	const struct chosen chosen = {.facts = request->facts, .choice = request->mutexes};
	struct document *document = &out->document;
	struct block block;

	memset(out, 0, sizeof(*out));
	out->size =
		measure_findings(snapshot) + show_measure_mutexes(chosen, &document->mutex_count);
	if (request->with_waits)
		out->size += show_measure_waits(request->facts);
	if (!make_block(out))
		return false;
	block = (struct block){.next = out->block, .plugin = request->plugin};
	show_findings(&block, document, snapshot, request->strict);
	document->mutexes = show_mutexes(&block, chosen, document->mutex_count);
	if (request->with_waits) {
		document->waits = show_waits(&block, request->facts);
		document->wait_count = request->facts->wait_count;
	}
	document->pid = getpid();
	document->ppid = getppid();
	document->exit_status = request->exit_status;
	document->facts = request->facts;
	document->no_symbols = request->plugin ? NULL : request->no_plugin;
	if (request->with_argv)
		document->argv = arguments_read(&out->arguments);
	return true;
}

void resolve_free(struct resolved *resolved)
{
	if (resolved->block)
		munmap(resolved->block, resolved->size);
	buffer_free(&resolved->arguments);
	memset(resolved, 0, sizeof(*resolved));
}
