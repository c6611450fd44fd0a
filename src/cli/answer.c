/* SPDX-License-Identifier: MIT */
#include "cli/answer.h"

#include "cli/command.h"
#include "cli/json_file.h"
#include "cli/launch.h"
#include "cli/scratch.h"
#include "options/options.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define PATIENCE_SECONDS 60

/* What the names of exceptions and their modules are made of. */
#define NAME_LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_."
#define LOADER_ERROR "error while loading shared libraries"

static const char probe[] =
#include "probe.inc"
	;

/* --output for this very path: a % in it is no placeholder. */
static void add_output(struct buffer *options, const char *path)
{
	struct buffer name = {0};

	for (; *path; path++)
		buffer_printf(&name, "%s%c", *path == '%' ? "%" : "", *path);
	if (name.failed)
		options->failed = true;
	else
		options_append(options, "output", name.data);
	buffer_free(&name);
}

/* The library's options: a report of this very process, in the scratch directory. */
static bool prepare(const struct scratch *scratch, const char *library)
{
	struct buffer options = {0};
	char root[24], output[SCRATCH_PATH_SIZE];
	bool good;

	snprintf(root, sizeof(root), "%d", (int)getpid());
	options_append(&options, "format", "json");
	add_output(&options, scratch_path(scratch, "report.json", output));
	options_append(&options, "root", root);
	if (options.failed)
		complain("there is no memory left");
	good = !options.failed && launch_prepare(library, options.data);
	buffer_free(&options);
	return good;
}

static bool redirect_one(int to, const char *path, int flags)
{
	int fd = open(path, flags | O_CLOEXEC, 0600);

	return fd >= 0 && dup2(fd, to) >= 0;
}

static bool redirect(const struct scratch *scratch)
{
	char path[SCRATCH_PATH_SIZE];

	return redirect_one(STDIN_FILENO, "/dev/null", O_RDONLY) &&
	       redirect_one(STDOUT_FILENO, scratch_path(scratch, "answer", path),
			    O_WRONLY | O_CREAT) &&
	       redirect_one(STDERR_FILENO, scratch_path(scratch, "errors", path),
			    O_WRONLY | O_CREAT);
}

/*
 * Never returns: in the child. SIGALRM ends an interpreter that hangs. Where the interpreter does
 * not come to run, the line that says why has been printed and there is no file "errors".
 */
static void become(const char *python, const char *library, const struct scratch *scratch)
{
	char *argv[] = {(char *)python, "-I", "-S", "-B", "-c", (char *)probe, NULL};
	char path[SCRATCH_PATH_SIZE];
	int own_stderr = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	int error;

	if (!prepare(scratch, library))
		_exit(STATUS_SETUP);
	if (!redirect(scratch)) {
		complain("files in %s cannot be written: %s", scratch->path, strerror(errno));
		_exit(STATUS_SETUP);
	}
	alarm(PATIENCE_SECONDS);
	execv(python, argv);
	error = errno;
	unlink(scratch_path(scratch, "errors", path));
	if (own_stderr >= 0)
		dup2(own_stderr, STDERR_FILENO);
	errno = error;
	_exit(launch_failed(python));
}

/* Waits as system(3) does: ^C is for the interpreter, we still clean up. False: no child. */
static bool run(const char *python, const char *library, const struct scratch *scratch, int *status)
{
	struct sigaction ignore = {.sa_handler = SIG_IGN}, interrupt, quit;
	struct sigaction heeded = {.sa_handler = SIG_DFL}, ended;
	pid_t child, waited = -1;

	sigaction(SIGCHLD, &heeded, &ended);
	sigaction(SIGINT, &ignore, &interrupt);
	sigaction(SIGQUIT, &ignore, &quit);
	child = fork();
	if (child == 0) {
		sigaction(SIGCHLD, &ended, NULL);
		sigaction(SIGINT, &interrupt, NULL);
		sigaction(SIGQUIT, &quit, NULL);
		become(python, library, scratch);
	}
	if (child > 0) {
		do
			waited = waitpid(child, status, 0);
		while (waited < 0 && errno == EINTR);
	}
	sigaction(SIGINT, &interrupt, NULL);
	sigaction(SIGQUIT, &quit, NULL);
	sigaction(SIGCHLD, &ended, NULL);
	return child > 0 && waited == child;
}

static void read_last_error(char *last, size_t size, const struct scratch *scratch)
{
	char path[SCRATCH_PATH_SIZE], line[256];
	FILE *file = fopen(scratch_path(scratch, "errors", path), "re");

	while (file && fgets(line, sizeof(line), file)) {
		line[strcspn(line, "\n")] = '\0';
		if (*line)
			snprintf(last, size, "%s", line);
	}
	if (file)
		fclose(file);
}

/* "ValueError: ...", "module.OddException", and what the interpreter or the loader dies with. */
static bool is_python_error(const char *line)
{
	static const char *const ends[] = {"Error", "Exception"};
	size_t length = strspn(line, NAME_LETTERS);

	if (strstr(line, "Fatal Python error") || strstr(line, LOADER_ERROR))
		return true;
	for (size_t i = 0; i < countof(ends); i++) {
		size_t end = strlen(ends[i]);

		if (length >= end && memcmp(line + length - end, ends[i], end) == 0)
			return !isdigit((unsigned char)line[length]);
	}
	return false;
}

/* The child answered nothing. It may be any program: only an interpreter's words are repeated. */
static int explain(const char *python, const char *last_error, int status)
{
	const char *reason = is_python_error(last_error) ? last_error : "";
	const char *colon = *reason ? ": " : "";

	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM)
		complain("'%s' gave no answer in %d seconds", python, PATIENCE_SECONDS);
	else if (WIFSIGNALED(status))
		complain("'%s' was ended by signal %d (%s) while it was examined%s%s", python,
			 WTERMSIG(status), strsignal(WTERMSIG(status)), colon, reason);
	else
		complain("'%s' is not a working CPython (exit status %d)%s%s", python,
			 WEXITSTATUS(status), colon, reason);
	return STATUS_CANNOT_RUN;
}

static bool load(struct json_object **object, const struct scratch *scratch, const char *name)
{
	char path[SCRATCH_PATH_SIZE];

	return json_file_read(scratch_path(scratch, name, path), object);
}

static int examine(struct answer *answer, const char *python, const char *library,
		   const struct scratch *scratch)
{
	char path[SCRATCH_PATH_SIZE];
	int status;

	if (!run(python, library, scratch, &status)) {
		complain("no process can be made: %s", strerror(errno));
		return STATUS_SETUP;
	}
	if (WIFEXITED(status) && access(scratch_path(scratch, "errors", path), F_OK) != 0)
		return WEXITSTATUS(status);
	if (!load(&answer->probe, scratch, "answer") ||
	    !load(&answer->report, scratch, "report.json"))
		return STATUS_SETUP;
	read_last_error(answer->last_error, sizeof(answer->last_error), scratch);
	if (WIFEXITED(status) && answer->probe)
		return 0;
	return explain(python, answer->last_error, status);
}

int answer_get(struct answer *answer, const char *python, const char *library)
{
	struct scratch scratch;
	int status;

	memset(answer, 0, sizeof(*answer));
	if (!scratch_make(&scratch))
		return STATUS_SETUP;
	status = examine(answer, python, library, &scratch);
	scratch_remove(&scratch);
	return status;
}

void answer_free(struct answer *answer)
{
	json_object_put(answer->probe);
	json_object_put(answer->report);
}
