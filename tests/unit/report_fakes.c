/* SPDX-License-Identifier: MIT */
#include "report_fakes.h"

#include "report/json.h"
#include "report/load.h"
#include "report/sarif.h"
#include "stack/stack.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static const struct module modules[] = {
	{NULL, NULL, 0, 0, 0, NULL},
	{"/opt/lib/buggy.so", "buggy.so", 0x10000, 0x10000, 0x20000, NULL},
	{"/usr/bin/python3.11", "python3.11", 0, 0x400000, 0x500000, NULL},
};

uint32_t module_at(const void *address)
{
	for (uint32_t i = 1; i < countof(modules); i++) {
		if ((uintptr_t)address >= modules[i].start && (uintptr_t)address < modules[i].end)
			return i;
	}
	return 0;
}

bool module_still_at(uint32_t id, const void *address)
{
	return module_at(address) == id;
}

const struct module *module_get(uint32_t id)
{
	return id ? &modules[id] : NULL;
}

/* Flexible arrays cannot be initialised in an array: these have the same layout. */
static const struct {
	unsigned int count;
	struct native_frame frame[3];
} natives[] = {
	{0, {{0, 0}}},
	{3, {{0x111f4, 1}, {0x401235, 2}, {0x770001, 0}}},
	{1, {{0x11301, 1}}},
	{1, {{0x11401, 1}}},
	{2, {{0x111f4, 1}, {0x401299, 2}}},
};

static const struct {
	unsigned int count;
	struct python_frame frame[2];
} pythons[] = {
	{0, {{NULL, NULL, 0}}},
	{2, {{"store_it", "app.py", 12}, {"main", "app.py", 30}}},
	{1, {{"f\033[31m\n", "caf\xc3\xa9/\xff.py", 0}}},
};

const struct native_stack *stack_native(const struct site *site)
{
	return site->native ? (const struct native_stack *)(const void *)&natives[site->native]
			    : NULL;
}

uint64_t stack_place(const struct site *site)
{
	return natives[site->native].frame[0].ip;
}

const struct python_stack *stack_python(const struct site *site)
{
	if (site->python == 0 || site->python >= countof(pythons))
		return NULL;
	return (const struct python_stack *)(const void *)&pythons[site->python];
}

const char *stack_native_absent(const struct site *site)
{
	return site->native ? NULL : "libunwind could not be loaded";
}

const char *stack_python_absent(const struct site *site)
{
	return stack_python(site) ? NULL : "the thread does not hold the GIL";
}

static const struct {
	uintptr_t address;
	const char *function, *file;
	unsigned int line;
	uintptr_t into;
} names[] = {
	{0x111f3, "store", "buggy.c", 41, 0},
	{0x401234, "_PyEval_EvalFrameDefault", NULL, 0, 0},
	{0x11300, "cleanup", "/src/my ext/buggy.c", 77, 0},
	{0x11400, "odd\033[2J\x7f\xc2\x9b", "a\nb.c", 1, 0},
	{0x14010, "cache_key", NULL, 0, 0},
	{0x14014, "cache_key", NULL, 0, 4},
};

static void symbolize(const struct module *module, uintptr_t address, struct symbol *out)
{
	memset(out, 0, sizeof(*out));
	out->offset = address - module->bias;
	for (unsigned int i = 0; i < countof(names); i++) {
		if (names[i].address != address)
			continue;
		out->function = names[i].function;
		out->file = names[i].file;
		out->line = names[i].line;
		out->into = names[i].into;
	}
}

static const struct report_plugin plugin = {
	.abi = REPORT_PLUGIN_ABI,
	.symbolize_code = symbolize,
	.symbolize_data = symbolize,
	.write_json = json_write,
	.write_sarif = sarif_write,
};

bool fake_plugin_missing;

void load_init(const char *plugin_path)
{
	(void)plugin_path;
}

const struct report_plugin *load_plugin(enum load_when when, const char **why)
{
	(void)when;
	*why = fake_plugin_missing ? "report.so: cannot open shared object file" : NULL;
	return fake_plugin_missing ? NULL : &plugin;
}

void load_after_fork(bool torn)
{
	(void)torn;
}

struct finding fake_finding(enum finding_kind kind, const char *message)
{
	struct finding finding = {
		.kind = kind,
		.object = {.type = OBJECT_TSS_KEY, .address = BUGGY_KEY, .creator = BUGGY_CALLER},
		.count = 1,
	};

	snprintf(finding.message, sizeof(finding.message), "%s", message);
	return finding;
}

void fake_add_story(struct finding *finding, enum site_role role, const char *caption,
		    struct site site)
{
	finding->story[finding->stories++] = (struct story){role, caption, site};
}

void fake_report(enum finding_kind kind, const char *message)
{
	struct finding finding = fake_finding(kind, message);

	fake_add_story(&finding, ROLE_HERE, "here", SITE_STORE);
	report_finding(&finding, true);
}

static const struct report_hook hooks[] = {
	{"PyThread_tss_create", true, "redirected", 12},
	{"PyThread_tss_set", false, "not exported", 0},
};
static const struct report_owner owners[] = {{"/opt/lib/buggy.so", 4, 6}, {NULL, 1, 1}};

struct report_facts fake_facts = {
	.python_version = "3.11.2",
	.python_build = "executable",
	.hooks = hooks,
	.hook_count = countof(hooks),
	.keys_limit = 1024,
	.keys_live = 5,
	.keys_peak = 7,
	.owners = owners,
	.owner_count = countof(owners),
	.python_stack_refusal = "no interpreter of a known version",
};

struct report_wanted fake_wanted;

static void tell_facts(struct report_facts *out, const struct report_wanted *wanted)
{
	fake_wanted = *wanted;
	*out = fake_facts;
	if (!wanted->mutexes)
		out->mutex_count = 0;
	if (!wanted->waits)
		out->wait_count = 0;
}

void options_for_test(struct options *options)
{
	memset(options, 0, sizeof(*options));
	options->error_exitcode = -1;
	options->fail_on.severities = 1u << SEVERITY_ERROR | 1u << SEVERITY_LEAK;
}

void fake_start(struct options *options)
{
	struct options_error error = {""};

	if (report_init(options, tell_facts, "/nowhere/report.so", &error))
		return;
	fprintf(stderr, "report_init: %s\n", error.text);
	_exit(99);
}

static bool is_digit(char character)
{
	return character >= '0' && character <= '9';
}

void replace_pid(char *text, pid_t pid)
{
	char number[16], *at = text;
	size_t length;

	snprintf(number, sizeof(number), "%d", (int)pid);
	length = strlen(number);
	while ((at = strstr(at, number))) {
		if (is_digit(at[length]) || (at > text && is_digit(at[-1]))) {
			at++; /* a part of another number */
			continue;
		}
		memmove(at + 3, at + length, strlen(at + length) + 1);
		memcpy(at, "PID", 3);
	}
}

static _Noreturn void become(int (*scenario)(void), int fd)
{
	dup2(fd, STDERR_FILENO);
	prctl(PR_SET_NAME, "python3");
	_exit(scenario());
}

void run_scenario(int (*scenario)(void), struct outcome *outcome)
{
	char name[] = "/tmp/test_report.XXXXXX";
	int fd = mkostemp(name, O_CLOEXEC);
	ssize_t length;

	unlink(name);
	outcome->pid = fork();
	if (outcome->pid == 0)
		become(scenario, fd);
	waitpid(outcome->pid, &outcome->status, WUNTRACED);
	length = pread(fd, outcome->text, sizeof(outcome->text) - 1, 0);
	outcome->text[length > 0 ? length : 0] = '\0';
	close(fd);
	if (!outcome->keep_pid)
		replace_pid(outcome->text, outcome->pid);
}
