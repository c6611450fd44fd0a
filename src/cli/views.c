/* SPDX-License-Identifier: MIT */
#include "cli/command.h"
#include "cli/place.h"
#include "cli/views_install.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char help[] =
	"Usage: pythread-trace views [list]\n"
	"       pythread-trace views path\n"
	"       pythread-trace views install [[--workspace] DIR]\n"
	"The views that show a recorded trace in Trace Compass.\n\n"
	"  list      what there is, and what each shows\n"
	"  path      the directory of their XML files, to be imported by hand\n"
	"  install   copy them to where Trace Compass keeps such files: in the workspace DIR, or\n"
	"            in ~/.tracecompass\n";

/* By the names that Trace Compass shows, below those of their analyses. */
static const struct view {
	const char *name, *help; /* no help: an analysis */
} views[] = {
	{"pythread: mutexes and threads", NULL},
	{"Mutexes by process",
	 "each mutex: free, held, waited for; below it who held it, and who waited"},
	{"Threads and what they wait for",
	 "each thread: running or waiting; below it for which mutex, and what it held"},
	{"pythread: waits and holds", NULL},
	{"Waits and holds Table", "each wait and each hold: how long, of which mutex and thread"},
	{"Waits and holds Statistics", "how many waits and holds; shortest, longest, mean"},
	{"pythread: keys and findings", NULL},
	{"Live keys by library", "a chart: how many keys live, by the library that made them"},
	{"Live keys by process", "a chart: how many keys live in each process"},
	{"Keys and findings", "from when to when each key lived, and when what was found"},
	{"pythread: findings", NULL},
	{"Findings Table", "each finding with its message; a double click goes to its time"},
};

static int list(void)
{
	for (size_t i = 0; i < countof(views); i++) {
		if (views[i].help)
			printf("  %-31s %s\n", views[i].name, views[i].help);
		else
			printf("%s%s\n", i ? "\n" : "", views[i].name);
	}
	return EXIT_SUCCESS;
}

static int path(const char *directory)
{
	puts(directory);
	return EXIT_SUCCESS;
}

/* argv[0] is "install". */
static int install(const char *directory, int argc, char **argv)
{
	static const char option[] = "--workspace";
	const char *workspace = argc > 1 ? argv[1] : NULL;
	int rest = 2;

	if (workspace && strncmp(workspace, option, strlen(option)) == 0) {
		const char *value = workspace + strlen(option);

		if (*value == '=') {
			workspace = value + 1;
		} else if (!*value) {
			workspace = argc > 2 ? argv[2] : "";
			rest = 3;
		}
		if (!*workspace) {
			complain("--workspace: a value is missing: DIR");
			return STATUS_USAGE;
		}
	}
	if (workspace && workspace[0] == '-') {
		complain("%s: no such option; 'pythread-trace views --help' tells more", workspace);
		return STATUS_USAGE;
	}
	if (argc > rest) {
		complain("views install: one workspace at a time, so '%s' is too much", argv[rest]);
		return STATUS_USAGE;
	}
	return views_install(directory, workspace);
}

static int act(int argc, char **argv)
{
	char *directory;
	int status;

	directory = place_find("/scripts/trace-compass", PKGDATADIR);
	if (!directory)
		return STATUS_SETUP;
	if (strcmp(argv[0], "path") == 0)
		status = path(directory);
	else
		status = install(directory, argc, argv);
	free(directory);
	return status;
}

int command_views(int argc, char **argv)
{
	const char *action = argc > 1 ? argv[1] : "list";
	bool lists = strcmp(action, "list") == 0;
	bool shows = lists || strcmp(action, "path") == 0;

	if (strcmp(action, "--help") == 0 || strcmp(action, "-h") == 0) {
		fputs(help, stdout);
		return EXIT_SUCCESS;
	}
	if (!shows && strcmp(action, "install") != 0) {
		complain("views: '%s' is not one of list, path and install", action);
		return STATUS_USAGE;
	}
	if (shows && argc > 2) {
		complain("views %s: '%s' is too much", action, argv[2]);
		return STATUS_USAGE;
	}
	return lists ? list() : act(argc - 1, argv + 1);
}
