/* SPDX-License-Identifier: MIT */
#include "report/suppress.h"

#include "report/rules.h"
#include "report/utf8.h"

#include <fnmatch.h>
#include <string.h>

static struct rule *rules;

bool suppress_read(const struct file_list *files, struct options_error *error)
{
	for (unsigned int i = 0; i < files->count; i++) {
		if (!rules_read(&rules, files->path[i], error))
			return false;
	}
	return true;
}

bool suppress_any(void)
{
	return rules;
}

static bool text_matches(const struct rule *rule, const char *text)
{
	return text && fnmatch(rule->glob, text, 0) == 0;
}

static bool stack_matches(const struct rule *rule, const struct shown_stack *stack)
{
	for (unsigned int i = 0; i < stack->native_count; i++) {
		const struct shown_frame *frame = &stack->native[i];

		if (text_matches(rule, frame->function) || text_matches(rule, frame->module) ||
		    text_matches(rule, frame->file))
			return true;
	}
	for (unsigned int i = 0; i < stack->python_count; i++) {
		const struct shown_python_frame *frame = &stack->python[i];

		if (text_matches(rule, frame->function) || text_matches(rule, frame->file))
			return true;
	}
	return false;
}

static bool object_matches(const struct rule *rule, const struct shown_object *object)
{
	return text_matches(rule, object->symbol) || text_matches(rule, object->module) ||
	       text_matches(rule, object->facts.name);
}

static bool rule_matches(const struct rule *rule, const struct shown_finding *finding)
{
	if (!rule->any_kind && rule->kind != finding->kind)
		return false;
	if (object_matches(rule, &finding->object))
		return true;
	for (unsigned int i = 0; i < finding->others; i++) {
		if (object_matches(rule, &finding->other[i]))
			return true;
	}
	for (unsigned int i = 0; i < finding->stack_count; i++) {
		if (stack_matches(rule, &finding->stacks[i]))
			return true;
	}
	return false;
}

bool suppress_matches(const struct shown_finding *finding)
{
	for (struct rule *rule = rules; rule; rule = rule->next) {
		if (rule_matches(rule, finding)) {
			rule->used = true;
			return true;
		}
	}
	return false;
}

void suppress_add_unused(struct buffer *out)
{
	for (const struct rule *rule = rules; rule; rule = rule->next) {
		if (rule->used)
			continue;
		buffer_printf(out, "    ");
		utf8_add_printable(out, rule->text);
		buffer_printf(out, " (");
		utf8_add_printable(out, rule->file);
		buffer_printf(out, ":%u)\n", rule->line);
	}
}

/* What names the finding best: the innermost function, else its library, else the object. */
static const char *telling_name(const struct shown_finding *finding, bool *whole)
{
	const struct shown_stack *stack = finding->stack_count ? &finding->stacks[0] : NULL;

	*whole = true;
	if (stack && stack->native_count && stack->native[0].function)
		return stack->native[0].function;
	if (stack && stack->python_count && stack->python[0].function)
		return stack->python[0].function;
	if (finding->object.symbol)
		return finding->object.symbol;
	*whole = false;
	if (finding->object.module)
		return strrchr(finding->object.module, '/') ?: finding->object.module;
	return NULL;
}

void suppress_add_ready(struct buffer *out, const struct shown_finding *finding)
{
	bool whole;
	const char *name = telling_name(finding, &whole);

	buffer_printf(out, "  suppression:\n%s:%s", finding_name(finding->kind), whole ? "^" : "");
	for (const char *at = name ? name : "*"; *at; at++) {
		/* A part of a path is not tied to the text's beginning, even if it begins so. */
		if (name && (strchr("*?[\\", *at) || (at == name && !whole && *at == '^')))
			buffer_add(out, "\\", 1);
		buffer_add(out, *at == '\n' ? "?" : at, 1);
	}
	buffer_printf(out, "%s\n", name ? "$" : "");
}

void suppress_after_fork(void)
{
	for (struct rule *rule = rules; rule; rule = rule->next)
		rule->used = false;
}
