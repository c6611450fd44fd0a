/* SPDX-License-Identifier: MIT */
#include "report/json.h"

#include "config.h"
#include "report/json_document.h"
#include "report/json_finding.h"
#include "report/json_mutex.h"

#define FORMAT_NUMBER 1

static json_object *make_argv(const char *const *argv)
{
	json_object *array;

	if (!argv)
		return NULL;
	array = json_new_array();
	for (; *argv; argv++)
		json_push(array, json_text(*argv));
	return array;
}

static json_object *make_process(const struct document *document)
{
	json_object *process = json_new_object();
	int exit = document->exit_status;

	json_set(process, "pid", json_number(document->pid));
	json_set(process, "ppid", json_number(document->ppid));
	json_set(process, "argv", make_argv(document->argv));
	json_set(process, "exit", exit < 0 ? NULL : json_number(exit));
	return process;
}

static json_object *make_python(const struct report_facts *facts)
{
	json_object *python = json_new_object();

	json_set(python, "version", json_text(facts->python_version));
	json_set(python, "build", json_text(facts->python_build));
	json_set(python, "free_threaded",
		 facts->python_version ? json_flag(facts->free_threaded) : NULL);
	return python;
}

static json_object *make_stack_support(const struct report_facts *facts)
{
	json_object *support = json_new_object();

	json_set(support, "native", json_text(facts->native_stack_refusal));
	json_set(support, "python", json_text(facts->python_stack_refusal));
	return support;
}

static json_object *make_hooks(const struct report_facts *facts)
{
	json_object *hooks = json_new_array();

	for (unsigned int i = 0; i < facts->hook_count; i++) {
		const struct report_hook *shown = &facts->hooks[i];
		json_object *hook = json_new_object();

		json_set(hook, "function", json_text(shown->function));
		json_set(hook, "hooked", json_flag(shown->hooked));
		json_set(hook, "how", json_text(shown->how));
		json_set(hook, "calls", json_number((int64_t)shown->calls));
		json_push(hooks, hook);
	}
	return hooks;
}

static json_object *make_findings(const struct document *document)
{
	json_object *findings = json_new_array();

	for (unsigned int i = 0; i < document->finding_count; i++)
		json_push(findings, json_finding(&document->findings[i]));
	return findings;
}

static json_object *make_owners(const struct report_facts *facts)
{
	json_object *owners = json_new_array();

	for (unsigned int i = 0; i < facts->owner_count; i++) {
		const struct report_owner *shown = &facts->owners[i];
		json_object *owner = json_new_object();

		json_set(owner, "module", json_text(shown->module));
		json_set(owner, "live", json_number(shown->live));
		json_set(owner, "created", json_number(shown->created));
		json_push(owners, owner);
	}
	return owners;
}

static json_object *make_keys(const struct report_facts *facts)
{
	json_object *keys = json_new_object();

	json_set(keys, "limit", json_number_or_null(facts->keys_limit));
	json_set(keys, "live", json_number(facts->keys_live));
	json_set(keys, "peak", json_number(facts->keys_peak));
	json_set(keys, "owners", make_owners(facts));
	return keys;
}

static json_object *make_summary(const struct report_summary *shown)
{
	json_object *summary = json_new_object();

	json_set(summary, "errors", json_number(shown->errors));
	json_set(summary, "warnings", json_number(shown->warnings));
	json_set(summary, "leaks", json_number(shown->leaks));
	json_set(summary, "notes", json_number(shown->notes));
	json_set(summary, "suppressed", json_number(shown->suppressed));
	return summary;
}

json_object *json_document(const struct document *document)
{
	const struct report_facts *facts = document->facts;
	json_object *root = json_new_object();

	json_set(root, "tool", json_text(PACKAGE_NAME));
	json_set(root, "version", json_text(PACKAGE_VERSION));
	json_set(root, "format", json_number(FORMAT_NUMBER));
	json_set(root, "process", make_process(document));
	json_set(root, "python", make_python(facts));
	json_set(root, "stack_support", make_stack_support(facts));
	json_set(root, "hooks", make_hooks(facts));
	json_set(root, "findings", make_findings(document));
	json_set(root, "keys", make_keys(facts));
	json_set(root, "mutexes", json_mutexes(document));
	json_set(root, "mutexes_seen", json_number(facts->mutex_count));
	json_set(root, "waits", json_waits(document));
	json_set(root, "rescues", json_number((int64_t)facts->rescues));
	json_set(root, "dropped", json_number((int64_t)facts->dropped));
	json_set(root, "summary", make_summary(&document->summary));
	return root;
}

void json_write(struct buffer *out, const struct document *document)
{
	json_begin();
	json_end(out, json_document(document));
}
