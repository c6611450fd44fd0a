/* SPDX-License-Identifier: MIT */
/*
 * Runs a target on its corpus, without libFuzzer: a test. The corpus of fuzz_NAME is the directory
 * NAME below $srcdir, or every file that is named as an argument. Then come inputs that are made
 * of it, the same ones each time: PYTHREAD_TRACE_SEED is where they begin, PYTHREAD_TRACE_STRESS
 * how many there are (else, as many as a second allows).
 *
 * An input that breaks the target is left in the current directory as fuzz_NAME.broken.
 */
#include "fuzz.h"
#include "mutate.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define SIZE_MAX_READ ((size_t)1 << 16)
#define MADE_MAX 8192	     /* LENGTH in scripts/fuzz */
#define PATIENCE_SECONDS 120 /* for one input: valgrind is slow */

struct seed {
	uint8_t *data;
	size_t size;
};

static struct seed *seeds;
static unsigned int seed_count;

static char broken[PATH_MAX];
static const uint8_t *now_data;
static size_t now_size;

/* Called in a signal handler, or by a sanitizer that has found something. */
static void keep_broken(void)
{
	int fd = open(broken, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	if (fd >= 0 && write(fd, now_data, now_size) == (ssize_t)now_size)
		dprintf(STDERR_FILENO, "the input is in %s\n", broken);
	if (fd >= 0)
		close(fd);
}

static void break_down(int number)
{
	signal(number, SIG_DFL);
	keep_broken();
	raise(number);
}

void __sanitizer_set_death_callback(void (*callback)(void)) __attribute__((weak));

static void prepare(const char *name)
{
	static const int deadly[] = {SIGSEGV, SIGBUS, SIGABRT, SIGILL, SIGFPE, SIGALRM};

	snprintf(broken, sizeof(broken), "%s.broken", name);
	if (__sanitizer_set_death_callback)
		__sanitizer_set_death_callback(keep_broken);
	for (size_t i = 0; i < countof(deadly); i++)
		signal(deadly[i], break_down);
}

/* In memory of exactly that size, so that whoever reads on is found out. */
static void run(const uint8_t *data, size_t size)
{
	uint8_t *copy = malloc(size ? size : 1);

	REQUIRE(copy);
	memcpy(copy, data, size);
	now_data = data;
	now_size = size;
	alarm(PATIENCE_SECONDS);
	LLVMFuzzerTestOneInput(copy, size);
	alarm(0);
	free(copy);
}

static bool add_file(const char *path)
{
	static uint8_t bytes[SIZE_MAX_READ];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t got = fd >= 0 ? read(fd, bytes, sizeof(bytes)) : -1;
	uint8_t *copy = got >= 0 ? malloc((size_t)got + 1) : NULL;

	if (fd >= 0)
		close(fd);
	seeds = realloc(seeds, (seed_count + 1) * sizeof(*seeds));
	if (!copy || !seeds) {
		fprintf(stderr, "%s cannot be read: %s\n", path, strerror(errno));
		return false;
	}
	if (got > MADE_MAX) { /* what is made of it would lack its end: an object file's tables */
		fprintf(stderr, "%s is longer than the inputs that are made: %d\n", path, MADE_MAX);
		free(copy);
		return false;
	}
	memcpy(copy, bytes, (size_t)got);
	seeds[seed_count++] = (struct seed){copy, (size_t)got};
	return true;
}

static bool add_directory(const char *path)
{
	struct dirent **entries;
	int count = scandir(path, &entries, NULL, alphasort);
	bool good = count >= 0;

	for (int i = 0; i < count; i++) {
		char file[PATH_MAX];

		snprintf(file, sizeof(file), "%.*s/%s", PATH_MAX / 2, path, entries[i]->d_name);
		if (entries[i]->d_name[0] != '.')
			good = add_file(file) && good;
		free(entries[i]);
	}
	if (count >= 0)
		free(entries);
	return good;
}

/* The program's name; libtool may have put "lt-" before it. */
static const char *own_name(const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;

	return strncmp(name, "lt-", 3) == 0 ? name + 3 : name;
}

static bool add_all(int argc, char **argv)
{
	const char *from = getenv("srcdir"), *name = strchr(own_name(argv[0]), '_');
	char path[PATH_MAX];
	bool good = true;

	for (int i = 1; i < argc; i++)
		good = add_file(argv[i]) && good;
	snprintf(path, sizeof(path), "%.*s/%s", PATH_MAX / 2, from ? from : ".",
		 name ? name + 1 : "");
	if (argc < 2)
		good = add_directory(path);
	if (!seed_count)
		fprintf(stderr, "there is no corpus in %s\n", path);
	return good && seed_count;
}

/* Its own clock stands still while others run. */
static bool is_over(unsigned int made, uint64_t wanted)
{
	struct timespec used;

	if (wanted != UINT64_MAX)
		return made >= wanted;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
	return used.tv_sec >= 1;
}

static unsigned int run_made(uint64_t seed)
{
	uint64_t wanted = chance_variable("PYTHREAD_TRACE_STRESS", UINT64_MAX);
	static uint8_t made[MADE_MAX];
	struct chance chance = {seed};
	unsigned int count = 0;

	for (; !is_over(count, wanted); count++) {
		const struct seed *one = &seeds[chance_below(&chance, seed_count)];
		const struct seed *other = &seeds[chance_below(&chance, seed_count)];
		size_t size = one->size < MADE_MAX ? one->size : MADE_MAX;

		memcpy(made, one->data, size);
		size = mutate(&chance, made, size, MADE_MAX, other->data, other->size);
		run(made, size);
	}
	return count;
}

int main(int argc, char **argv)
{
	uint64_t seed = chance_variable("PYTHREAD_TRACE_SEED", 1);
	unsigned int made;

	prepare(own_name(argv[0]));
	if (!add_all(argc, argv))
		return EXIT_FAILURE;
	for (unsigned int i = 0; i < seed_count; i++)
		run(seeds[i].data, seeds[i].size);
	made = argc < 2 ? run_made(seed) : 0;
	fprintf(stderr, "%u inputs of the corpus, %u made of them (PYTHREAD_TRACE_SEED=%llu)\n",
		seed_count, made, (unsigned long long)seed);
	for (unsigned int i = 0; i < seed_count; i++)
		free(seeds[i].data);
	free(seeds);
	return EXIT_SUCCESS;
}
