/* SPDX-License-Identifier: MIT */
/*
 * refuse WHAT PROGRAM [ARG]...: runs it where the kernel refuses a system call with EACCES, as a
 * security module or a sandbox may. WHAT: "mprotect", those that would make a page writable, or
 * "process_vm_readv". Ends with 125 where that cannot be had.
 */
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/* A call, and the bits of an argument that have to be these for it to be refused. */
static const struct refusal {
	const char *name;
	unsigned int call;
	unsigned int argument, mask, value;
} refusals[] = {
	{"mprotect", SYS_mprotect, 2, PROT_WRITE, PROT_WRITE},
	{"process_vm_readv", SYS_process_vm_readv, 0, 0, 0},
};

/* The half of an argument that is below, on the machines that there are. */
static unsigned int place_of(unsigned int argument)
{
	return (unsigned int)(offsetof(struct seccomp_data, args) + argument * sizeof(__u64));
}

static int enter(const struct refusal *refusal)
{
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, refusal->call, 0, 4),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, place_of(refusal->argument)),
		BPF_STMT(BPF_ALU | BPF_AND | BPF_K, refusal->mask),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, refusal->value, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EACCES),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = {sizeof(filter) / sizeof(filter[0]), filter};

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return -1;
	return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}

int main(int argc, char **argv)
{
	for (size_t i = 0; argc > 2 && i < sizeof(refusals) / sizeof(refusals[0]); i++) {
		if (strcmp(argv[1], refusals[i].name) != 0)
			continue;
		if (enter(&refusals[i]) == 0)
			execvp(argv[2], argv + 2);
		perror("refuse");
		return 125;
	}
	fprintf(stderr, "usage: refuse mprotect|process_vm_readv PROGRAM [ARG]...\n");
	return 2;
}
