/* SPDX-License-Identifier: MIT */
/* Will a preload reach this program? Says so before a report that never comes puzzles anybody. */
#include "cli/command.h"
#include "cli/program.h"

#include <elf.h>
#include <fcntl.h>
#include <link.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#define INTERPRETERS_MAX 5 /* "#!" lines that lead to "#!" lines; the kernel stops there too */
#define LINE_SIZE 256
#define HEADERS_MAX 128

/* The file behind a "#!" line, in line. False when the file starts with none. */
static bool script_interpreter(int fd, char line[LINE_SIZE])
{
	ssize_t got = pread(fd, line, LINE_SIZE - 1, 0);
	char *name;

	if (got < 3 || line[0] != '#' || line[1] != '!')
		return false;
	line[got] = '\0';
	name = line + 2 + strspn(line + 2, " \t");
	name[strcspn(name, " \t\r\n")] = '\0';
	memmove(line, name, strlen(name) + 1);
	return true;
}

/* Opens the program, or the interpreter that it is a script for. Its name is in *path then. */
static int open_binary(const char **path, char line[LINE_SIZE])
{
	for (int i = 0; i < INTERPRETERS_MAX; i++) {
		/* Of a pipe with a name, it would wait for a writer. */
		int fd = open(*path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

		if (fd < 0 || !script_interpreter(fd, line))
			return fd;
		close(fd);
		*path = line;
	}
	return -1;
}

static bool has_dynamic_linker(int fd, const ElfW(Ehdr) * header)
{
	ElfW(Phdr) segment;

	for (int i = 0; i < header->e_phnum && i < HEADERS_MAX; i++) {
		off_t at = (off_t)header->e_phoff + (off_t)i * header->e_phentsize;

		if (pread(fd, &segment, sizeof(segment), at) != sizeof(segment))
			return true;
		if (segment.p_type == PT_INTERP)
			return true;
	}
	return false;
}

/* Secure execution, as the kernel decides it: the new program gets more rights than we have. */
static bool is_privileged(int fd)
{
	struct stat status;

	if (fstat(fd, &status) != 0)
		return false;
	return ((status.st_mode & S_ISUID) && status.st_uid != getuid()) ||
	       ((status.st_mode & S_ISGID) && (status.st_mode & S_IXGRP) &&
		status.st_gid != getgid()) ||
	       (getuid() != 0 && fgetxattr(fd, "security.capability", NULL, 0) > 0);
}

static const char *obstacle(int fd)
{
	ElfW(Ehdr) own, header;
	int self = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	bool know_own = self >= 0 && pread(self, &own, sizeof(own), 0) == sizeof(own);

	if (self >= 0)
		close(self);
	if (pread(fd, &header, sizeof(header), 0) != sizeof(header) ||
	    memcmp(header.e_ident, ELFMAG, SELFMAG) != 0)
		return NULL;
	if (know_own && (header.e_ident[EI_CLASS] != own.e_ident[EI_CLASS] ||
			 header.e_machine != own.e_machine))
		return "is built for another processor";
	if (!has_dynamic_linker(fd, &header))
		return "is statically linked";
	return is_privileged(fd) ? "runs with other rights (set-user-ID or the like)" : NULL;
}

void program_warn(const char *path)
{
	char line[LINE_SIZE];
	int fd = open_binary(&path, line);
	const char *why;

	if (fd < 0)
		return;
	why = obstacle(fd);
	close(fd);
	if (why)
		complain("warning: '%s' %s: nothing can be seen in it", path, why);
}
