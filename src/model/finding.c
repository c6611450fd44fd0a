/* SPDX-License-Identifier: MIT */
#include "model/finding.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const struct {
	const char *name, *summary;
	enum severity severity, strict;
} kinds[FINDING_KIND_COUNT] = {
#define FINDING(identifier, name, severity, strict, summary)                                       \
	[FINDING_##identifier] = {name, summary, SEVERITY_##severity, SEVERITY_##strict},
#include "model/findings.def"
#undef FINDING
};

static const char *const severities[SEVERITY_COUNT] = {
	[SEVERITY_ERROR] = "error",
	[SEVERITY_WARNING] = "warning",
	[SEVERITY_LEAK] = "leak",
	[SEVERITY_NOTE] = "note",
};

static const char *const roles[ROLE_COUNT] = {
	[ROLE_HERE] = "here",	[ROLE_CREATED] = "created", [ROLE_DELETED] = "deleted",
	[ROLE_FREED] = "freed", [ROLE_LOCKED] = "locked",   [ROLE_OTHER] = "other",
};

void finding_begin(struct finding *finding, enum finding_kind kind, const char *message, ...)
{
	va_list arguments;

	memset(finding, 0, sizeof(*finding));
	finding->kind = kind;
	finding->count = 1;
	finding->object.slot = NO_SLOT;
	va_start(arguments, message);
	vsnprintf(finding->message, sizeof(finding->message), message, arguments);
	va_end(arguments);
}

void finding_tell(struct finding *finding, enum site_role role, const char *caption,
		  const struct site *site)
{
	if (site->tid == 0 || finding->stories == STORY_MAX)
		return;
	finding->story[finding->stories++] = (struct story){role, caption, *site};
}

const char *severity_name(enum severity severity)
{
	return severities[severity];
}

const char *role_name(enum site_role role)
{
	return roles[role];
}

const char *object_type_name(enum object_type type)
{
	static const char *const names[] = {NULL, "tss", "key", "mutex"};

	return names[type];
}

const char *finding_name(enum finding_kind kind)
{
	return kinds[kind].name;
}

const char *finding_summary(enum finding_kind kind)
{
	return kinds[kind].summary;
}

enum severity finding_severity(enum finding_kind kind, bool strict)
{
	return strict ? kinds[kind].strict : kinds[kind].severity;
}

bool finding_is_state(enum finding_kind kind)
{
	return kind == FINDING_TSS_KEY_LIVE || kind == FINDING_KEY_LIVE ||
	       kind == FINDING_TSS_KEY_GROWTH || kind == FINDING_KEY_GROWTH ||
	       kind == FINDING_TSS_KEY_LOST;
}

bool finding_is_told_by_another(enum finding_kind kind)
{
	return finding_is_state(kind) || kind == FINDING_HANG;
}

const struct story *finding_here(const struct finding *finding)
{
	const struct story *first = &finding->story[0];

	return finding->stories && first->role == ROLE_HERE ? first : NULL;
}

static bool is_name(const char *candidate, const char *name, size_t length)
{
	return strlen(candidate) == length && memcmp(candidate, name, length) == 0;
}

bool finding_kind_by_name(const char *name, size_t length, enum finding_kind *out)
{
	for (unsigned int i = 0; i < FINDING_KIND_COUNT; i++) {
		if (is_name(kinds[i].name, name, length)) {
			*out = (enum finding_kind)i;
			return true;
		}
	}
	return false;
}

bool severity_by_name(const char *name, size_t length, enum severity *out)
{
	for (unsigned int i = 0; i < SEVERITY_COUNT; i++) {
		if (is_name(severities[i], name, length)) {
			*out = (enum severity)i;
			return true;
		}
	}
	return false;
}
