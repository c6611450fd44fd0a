/* SPDX-License-Identifier: MIT */
/* Where the report goes, and what happens when it cannot go there. */
#include "report/earlier.h"
#include "report/output.h"
#include "report_fakes.h"
#include "surroundings.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static struct options options;
static struct outcome outcome;
static char directory[] = "/tmp/test_report_output.XXXXXX";
static char content[65536];

static int enter_directory(void **state)
{
	(void)state;
	options_for_test(&options);
	return mkdtemp(strcpy(directory, "/tmp/test_report_output.XXXXXX")) ? chdir(directory) : -1;
}

static int remove_directory(void **state)
{
	char command[64];

	(void)state;
	snprintf(command, sizeof(command), "rm -rf %s", directory);
	return chdir("/") || system(command);
}

static bool read_file(const char *name)
{
	int fd = open(name, O_RDONLY);
	ssize_t length = fd < 0 ? -1 : read(fd, content, sizeof(content) - 1);

	content[length > 0 ? length : 0] = '\0';
	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

static unsigned int count_files(void)
{
	DIR *listing = opendir(".");
	unsigned int count = 0;

	for (struct dirent *entry = readdir(listing); entry; entry = readdir(listing))
		count += entry->d_name[0] != '.';
	closedir(listing);
	return count;
}

static int report_elsewhere(void)
{
	int before, after;

	fake_start(&options);
	if (chdir("/") != 0)
		return 2;
	before = dup(0);
	close(before);
	fake_report(FINDING_TSS_SET_BEFORE_CREATE, "first");
	report_write(0, true);
	after = dup(0);
	return before == after ? 0 : 3; /* 3: a descriptor was left open */
}

static void run(int (*scenario)(void), const char *name)
{
	options.output = name;
	run_scenario(scenario, &outcome);
	assert_true(WIFEXITED(outcome.status));
	assert_int_equal(WEXITSTATUS(outcome.status), 0);
}

static void test_file_replaces_an_old_one(void **state)
{
	const struct timespec old[2] = {{1000000000, 0}, {1000000000, 0}};
	int fd = open("out.txt", O_WRONLY | O_CREAT, 0600);

	(void)state;
	assert_int_equal(write(fd, "old", 3), 3);
	futimens(fd, old);
	close(fd);
	run(report_elsewhere, "out.txt");
	assert_string_equal(outcome.text, "");
	assert_true(read_file("out.txt"));
	assert_int_equal(strncmp(content, "==", 2), 0);
	assert_non_null(strstr(content, "==ERROR: pythread-trace: tss-set-before-create: first\n"));
	assert_non_null(strstr(content, "==SUMMARY: "));
}

static int report_after_an_exec(void)
{
	int fd = open("out.txt", O_WRONLY | O_CREAT, 0600);

	if (dprintf(fd, "==%d==before the exec\n", (int)getpid()) < 0)
		return 4;
	close(fd);
	return report_elsewhere();
}

static void test_earlier_image_of_the_process_is_kept(void **state)
{
	(void)state;
	run(report_after_an_exec, "out.txt");
	assert_true(read_file("out.txt"));
	replace_pid(content, outcome.pid);
	assert_int_equal(strncmp(content, "==PID==before the exec\n==PID==ERROR", 35), 0);
}

static void test_name_fields(void **state)
{
	char host[65] = "", name[256];

	(void)state;
	gethostname(host, sizeof(host) - 1);
	run(report_elsewhere, "r-%p-%h-%n-%%-%x");
	snprintf(name, sizeof(name), "r-%d-%s-%s-%%-%%x", (int)outcome.pid, host,
		 program_invocation_short_name);
	if (!read_file(name))
		fail_msg("%s was not written", name);
}

static int report_in_child(void)
{
	int status;
	pid_t child;

	fake_start(&options);
	fake_report(FINDING_TSS_SET_BEFORE_CREATE, "in the parent");
	child = fork();
	if (child == 0) {
		report_after_fork(true);
		fake_report(FINDING_TSS_GET_BEFORE_CREATE, "in the child");
		report_write(0, true);
		_exit(0);
	}
	waitpid(child, &status, 0);
	report_write(0, true);
	return child <= 0 || status != 0;
}

static void test_child_has_a_file_of_its_own(void **state)
{
	(void)state;
	run(report_in_child, "out.txt");
	assert_int_equal(count_files(), 2);
	assert_true(read_file("out.txt"));
	assert_non_null(strstr(content, "in the parent"));
	assert_null(strstr(content, "in the child"));
}

static void test_other_than_root_has_a_file_of_its_own(void **state)
{
	char name[64];

	(void)state;
	options.root = getpid();
	run(report_elsewhere, "out.txt");
	snprintf(name, sizeof(name), "out.txt.%d", (int)outcome.pid);
	assert_true(read_file(name));
	assert_false(read_file("out.txt"));
}

static void expect_refusal(const char *name, const char *reason)
{
	char line[512];

	snprintf(line, sizeof(line), "pythread-trace: cannot write the report to %s%s%s: %s\n",
		 name[0] == '/' ? "" : directory, name[0] == '/' ? "" : "/", name, reason);
	run(report_elsewhere, name);
	assert_string_equal(outcome.text, line);
}

static void test_unwritable(void **state)
{
	(void)state;
	expect_refusal("missing/out.txt", "No such file or directory");
	expect_refusal("/dev/full", "No space left on device");
	expect_refusal(".", "Is a directory");
	options.format = FORMAT_JSON;
	expect_refusal("missing/out.txt", "No such file or directory");
	expect_refusal("/dev/full", "No space left on device");
}

static int file_size_limit(void)
{
	const struct rlimit limit = {64, 64};

	setrlimit(RLIMIT_FSIZE, &limit);
	signal(SIGXFSZ, SIG_DFL);
	return report_elsewhere();
}

static void test_file_too_large(void **state)
{
	(void)state;
	if (emulated()) {
		print_message(
			"skipped: the emulator does not let a blocked SIGXFSZ be taken back\n");
		skip();
	}
	/* Standard error is a file here too, and too small for the complaint: only that we live. */
	run(file_size_limit, "out.txt");
	assert_true(read_file("out.txt"));
	assert_int_equal(strlen(content), 64);
}

static int closed_pipe(void)
{
	int ends[2];

	if (pipe(ends) != 0 || dup2(ends[1], STDERR_FILENO) < 0)
		return 2;
	close(ends[0]);
	signal(SIGPIPE, SIG_DFL);
	return report_elsewhere();
}

static void test_sigpipe(void **state)
{
	(void)state;
	run(closed_pipe, NULL);
}

static int json_while_running(void)
{
	struct stat first, second;
	int fd;

	fake_start(&options);
	fake_report(FINDING_TSS_SET_BEFORE_CREATE, "first");
	fd = open("out.json", O_RDONLY);
	if (fd < 0 || fstat(fd, &first) != 0)
		return 2;
	fake_report(FINDING_TSS_GET_BEFORE_CREATE, "second");
	if (stat("out.json", &second) != 0 || first.st_ino == second.st_ino)
		return 3; /* written in place: a reader could see half of it */
	content[pread(fd, content, sizeof(content) - 1, 0)] = '\0';
	close(fd);
	if (strstr(content, "second") || !strstr(content, "first") ||
	    strcmp(content + strlen(content) - 2, "}\n") != 0)
		return 4;
	kill(getpid(), SIGKILL);
	return 0;
}

static void test_json_is_replaced_by_a_complete_one(void **state)
{
	(void)state;
	options.format = FORMAT_JSON;
	options.output = "link.json";
	assert_int_equal(symlink("out.json", "link.json"), 0);
	fclose(fopen("out.json", "w"));
	run_scenario(json_while_running, &outcome);
	assert_true(WIFSIGNALED(outcome.status));
	assert_int_equal(WTERMSIG(outcome.status), SIGKILL);
	assert_true(read_file("out.json"));
	assert_non_null(strstr(content, "second"));
	assert_string_equal(content + strlen(content) - 2, "}\n");
	assert_int_equal(count_files(), 2); /* the link still is one, no temporary file is left */
}

/* The same process begins with nothing known, as after an exec; %p keeps the name the same. */
static int report_from_three_images(void)
{
	fake_start(&options);
	for (int image = 0; image < 3; image++) {
		fake_report((enum finding_kind)image, image ? "later image" : "first image");
		report_write(-1, true);
		report_write(0, true);
		output_after_fork();
	}
	return 0;
}

static void expect_kept(enum report_format format)
{
	char name[64];

	options.format = format;
	run(report_from_three_images, "out-%p");
	assert_string_equal(outcome.text, "");
	assert_int_equal(count_files(), 3);
	for (int image = 0; image < 3; image++) {
		snprintf(name, sizeof(name), image < 2 ? "out-%d.%d" : "out-%d", (int)outcome.pid,
			 image + 1);
		if (!read_file(name))
			fail_msg("there is no %s", name);
		assert_string_equal(content + strlen(content) - 2, "}\n");
		assert_int_equal(strstr(content, "\"later image\"") != NULL, image > 0);
		unlink(name);
	}
}

static void test_earlier_images_keep_their_files(void **state)
{
	(void)state;
	expect_kept(FORMAT_JSON);
	expect_kept(FORMAT_SARIF);
}

/* Others take up the last descriptor in between. valgrind lets nobody change the hard limit. */
static int keep_without_descriptors(void)
{
	struct rlimit none;

	if (getrlimit(RLIMIT_NOFILE, &none) != 0)
		return -1;
	none.rlim_cur = 0;
	return setrlimit(RLIMIT_NOFILE, &none) == 0 ? earlier_keep("out.json") : -1;
}

static void test_what_is_not_there_need_not_be_kept(void **state)
{
	(void)state;
	unlink("out.json");
	run_scenario(keep_without_descriptors, &outcome);
	assert_int_equal(WEXITSTATUS(outcome.status), 0);
}

static void write_pid(pid_t pid)
{
	FILE *file = fopen("out.json", "w");

	assert_non_null(file);
	fprintf(file, "{\"pid\":%d}\n", (int)pid);
	fclose(file);
}

static int report_over_an_older_one(void)
{
	const struct timespec old[2] = {{1000000000, 0}, {1000000000, 0}};

	write_pid(getpid());
	utimensat(AT_FDCWD, "out.json", old, 0);
	return report_elsewhere();
}

static int report_over_another_one(void)
{
	write_pid(getppid());
	return report_elsewhere();
}

static void test_files_of_others_are_replaced(void **state)
{
	(void)state;
	options.format = FORMAT_JSON;
	run(report_over_an_older_one, "out.json");
	assert_int_equal(count_files(), 1);
	assert_true(read_file("out.json"));
	assert_non_null(strstr(content, "first"));
	run(report_over_another_one, "out.json");
	assert_int_equal(count_files(), 1);
	assert_true(read_file("out.json"));
	assert_non_null(strstr(content, "first"));
}

static void test_json_to_a_device_is_not_replaced(void **state)
{
	struct stat status;

	(void)state;
	options.format = FORMAT_JSON;
	run(report_elsewhere, "/dev/stderr");
	assert_int_equal(lstat("/dev/stderr", &status), 0);
	assert_true(S_ISLNK(status.st_mode));
	assert_string_equal(outcome.text + strlen(outcome.text) - 2, "}\n");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, enter_directory, remove_directory)
	const struct CMUnitTest tests[] = {
		TEST(test_file_replaces_an_old_one),
		TEST(test_earlier_image_of_the_process_is_kept),
		TEST(test_name_fields),
		TEST(test_child_has_a_file_of_its_own),
		TEST(test_other_than_root_has_a_file_of_its_own),
		TEST(test_unwritable),
		TEST(test_file_too_large),
		TEST(test_sigpipe),
		TEST(test_json_is_replaced_by_a_complete_one),
		TEST(test_earlier_images_keep_their_files),
		TEST(test_what_is_not_there_need_not_be_kept),
		TEST(test_files_of_others_are_replaced),
		TEST(test_json_to_a_device_is_not_replaced),
	};

	return cmocka_run_group_tests_name("report output", tests, NULL, NULL);
}
