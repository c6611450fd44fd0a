/* SPDX-License-Identifier: MIT */
#include "cli/views_install.h"

#include "cli/command.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define DEFAULT_WORKSPACE ".tracecompass"
#define SUFFIX ".xml"

/* Where Trace Compass copies what is imported in its dialog "Manage XML analyses". */
#define XML_FILES "/.metadata/.plugins/org.eclipse.tracecompass.tmf.analysis.xml.core/xml_files"

static const char next_steps[] =
	"\nThey are not enabled by that. In Trace Compass (start it anew if it runs):\n"
	"  1. In the Project Explorer, right-click the folder Traces or a trace, and choose\n"
	"     Manage XML Analyses...\n"
	"  2. Tick the files above, then press Apply and Close.\n"
	"  3. Open a trace; its views are below Views under it, by the names of\n"
	"     'pythread-trace views list'.\n";

static bool has_suffix(const char *name)
{
	size_t length = strlen(name);

	return length > strlen(SUFFIX) && strcmp(name + length - strlen(SUFFIX), SUFFIX) == 0;
}

/* Makes the directory and those above it. */
static bool make_directories(char *path)
{
	for (char *at = path + 1;; at++) {
		char kept = *at;
		int result;

		if (kept != '/' && kept != '\0')
			continue;
		*at = '\0';
		result = mkdir(path, 0777);
		*at = kept;
		if (result != 0 && errno != EEXIST && errno != EISDIR)
			return false;
		if (!kept)
			return true;
	}
}

static bool copy_bytes(int to, int from)
{
	char bytes[16384];
	ssize_t length;

	while ((length = read(from, bytes, sizeof(bytes))) > 0) {
		for (ssize_t done = 0, one; done < length; done += one) {
			one = write(to, bytes + done, (size_t)(length - done));
			if (one < 0)
				return false;
		}
	}
	return length == 0;
}

/* Into a new file first, which then takes the other's name: nobody sees half of it. */
static bool replace(const char *path, int from)
{
	char *temporary;
	int to, error;
	bool good;

	if (asprintf(&temporary, "%s.XXXXXX", path) < 0) {
		errno = ENOMEM;
		return false;
	}
	to = mkostemp(temporary, O_CLOEXEC);
	good = to >= 0 && copy_bytes(to, from) && fchmod(to, 0644) == 0;
	error = errno;
	if (to >= 0 && close(to) != 0 && good) {
		good = false;
		error = errno;
	}
	if (good && rename(temporary, path) != 0) {
		good = false;
		error = errno;
	}
	if (to >= 0 && !good)
		unlink(temporary);
	free(temporary);
	errno = error;
	return good;
}

static bool copy(int views, const char *directory, const char *name)
{
	int from = openat(views, name, O_RDONLY | O_CLOEXEC);
	char *path;
	bool good = false;

	if (from < 0) {
		complain("'%s' cannot be read: %s", name, strerror(errno));
		return false;
	}
	if (asprintf(&path, "%s/%s", directory, name) < 0) {
		complain("there is no memory left");
	} else {
		good = replace(path, from);
		if (!good)
			complain("'%s' cannot be written: %s", path, strerror(errno));
		free(path);
	}
	close(from);
	return good;
}

static int is_view(const struct dirent *entry)
{
	return has_suffix(entry->d_name);
}

/* Up to the first that fails. */
static bool copy_each(int views, struct dirent **names, int count, const char *directory)
{
	for (int i = 0; i < count; i++) {
		if (!copy(views, directory, names[i]->d_name))
			return false;
		if (i == 0)
			printf("Copied to %s:\n", directory);
		printf("  %s\n", names[i]->d_name);
	}
	return true;
}

static int copy_all(const char *views, const char *directory)
{
	struct dirent **names = NULL;
	int folder = open(views, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int count = folder < 0 ? -1 : scandir(views, &names, is_view, alphasort);
	bool good = false;

	if (count < 0)
		complain("'%s' cannot be read: %s", views, strerror(errno));
	else if (count == 0)
		complain("there are no views in '%s'", views);
	else
		good = copy_each(folder, names, count, directory);
	if (good)
		fputs(next_steps, stdout);
	while (count > 0)
		free(names[--count]);
	free(names);
	if (folder >= 0)
		close(folder);
	return good ? EXIT_SUCCESS : STATUS_SETUP;
}

/* A folder that Trace Compass has worked in. */
static bool is_workspace(const char *path)
{
	char metadata[PATH_MAX];
	struct stat status;

	if (stat(path, &status) != 0) {
		complain("there is no workspace '%s': %s", path, strerror(errno));
		return false;
	}
	snprintf(metadata, sizeof(metadata), "%s/.metadata", path);
	if (stat(metadata, &status) == 0)
		return true;
	complain("'%s' is no workspace of Trace Compass: it has no folder .metadata", path);
	return false;
}

static char *target(const char *workspace)
{
	const char *home = getenv("HOME");
	char *path = NULL;
	int length;

	if (workspace && !is_workspace(workspace))
		return NULL;
	if (!workspace && (!home || !*home)) {
		complain("HOME is not set; name the workspace: pythread-trace views install DIR");
		return NULL;
	}
	if (workspace)
		length = asprintf(&path, "%s" XML_FILES, workspace);
	else
		length = asprintf(&path, "%s/" DEFAULT_WORKSPACE XML_FILES, home);
	if (length >= 0)
		return path;
	complain("there is no memory left");
	return NULL;
}

int views_install(const char *views, const char *workspace)
{
	char *directory = target(workspace);
	int status = STATUS_SETUP;

	if (!directory)
		return status;
	if (make_directories(directory))
		status = copy_all(views, directory);
	else
		complain("'%s' cannot be made: %s", directory, strerror(errno));
	free(directory);
	return status;
}
