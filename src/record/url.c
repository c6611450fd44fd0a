/* SPDX-License-Identifier: MIT */
#include "record/url.h"

#include "cli/command.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define FILE_PROTOCOL "file://"
#define CONTROL_PORT 5342 /* lttng-relayd's own defaults */
#define DATA_PORT 5343
#define LIVE_PORT 5344
#define PATIENCE_MS 5000

bool url_is_file(const char *url)
{
	return strncmp(url, FILE_PROTOCOL, strlen(FILE_PROTOCOL)) == 0;
}

const char *url_path(const char *url)
{
	return url + strlen(FILE_PROTOCOL);
}

/* The host, without the brackets of an IPv6 address, and where it ends. */
static const char *parse_host(struct relay_url *relay, const char *at)
{
	bool brackets = *at == '[';
	size_t length = strcspn(at += brackets, brackets ? "]" : ":/");

	if (length >= sizeof(relay->host))
		return NULL;
	memcpy(relay->host, at, length);
	relay->host[length] = '\0';
	return at + length + brackets;
}

static const char *parse_port(unsigned int *port, const char *at)
{
	char *end;

	if (*at != ':')
		return at;
	*port = (unsigned int)strtoul(at + 1, &end, 10);
	return end;
}

bool url_parse(struct relay_url *relay, const char *url)
{
	const char *at = strstr(url, "://");

	relay->version6 = at[-1] == '6';
	relay->control = CONTROL_PORT;
	relay->data = DATA_PORT;
	relay->live = LIVE_PORT;
	at = parse_host(relay, at + strlen("://"));
	if (at) {
		at = parse_port(&relay->control, at);
		at = parse_port(&relay->data, at);
	}
	if (at && strlen(at) < sizeof(relay->path)) {
		memcpy(relay->path, at, strlen(at) + 1);
		return true;
	}
	complain("--url: '%.40s...' is too long", url);
	return false;
}

void url_print(const struct relay_url *relay, char *out, size_t size)
{
	bool brackets = strchr(relay->host, ':');

	snprintf(out, size, "%s://%s%s%s:%u:%u%s", relay->version6 ? "net6" : "net",
		 brackets ? "[" : "", relay->host, brackets ? "]" : "", relay->control, relay->data,
		 relay->path);
}

/* 0 or an errno. */
static int connect_in_time(int fd, const struct addrinfo *address)
{
	struct pollfd waiting = {.fd = fd, .events = POLLOUT};
	socklen_t size = sizeof(int);
	int error = 0;

	if (connect(fd, address->ai_addr, address->ai_addrlen) == 0)
		return 0;
	if (errno != EINPROGRESS)
		return errno;
	if (poll(&waiting, 1, PATIENCE_MS) != 1)
		return ETIMEDOUT;
	getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size);
	return error;
}

/* To the first address that answers. -1, and *error then is an errno. */
static int connect_any(const struct addrinfo *addresses, int *error)
{
	for (; addresses; addresses = addresses->ai_next) {
		int fd = socket(addresses->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK,
				addresses->ai_protocol);

		*error = fd < 0 ? errno : connect_in_time(fd, addresses);
		if (*error == 0)
			return fd;
		if (fd >= 0)
			close(fd);
	}
	return -1;
}

/* NULL, or why the port cannot be connected to. */
static const char *try_port(const struct relay_url *relay, unsigned int number, int *fd)
{
	struct addrinfo wanted = {.ai_family = relay->version6 ? AF_INET6 : AF_INET,
				  .ai_socktype = SOCK_STREAM};
	struct addrinfo *addresses = NULL;
	char port[16];
	int problem, error = ENOENT;

	*fd = -1;
	snprintf(port, sizeof(port), "%u", number);
	problem = getaddrinfo(relay->host, port, &wanted, &addresses);
	if (problem)
		return problem == EAI_SYSTEM ? strerror(errno) : gai_strerror(problem);
	*fd = connect_any(addresses, &error);
	freeaddrinfo(addresses);
	return *fd < 0 ? strerror(error) : NULL;
}

int url_try(const struct relay_url *relay, unsigned int port)
{
	int fd;

	try_port(relay, port, &fd);
	return fd;
}

int url_connect(const struct relay_url *relay)
{
	int fd;
	const char *wrong = try_port(relay, relay->control, &fd);

	if (wrong)
		complain("--url: no lttng-relayd answers at %s port %u: %s", relay->host,
			 relay->control, wrong);
	return fd;
}

/* 0 when there is none. */
static unsigned int free_port(int *fd)
{
	struct sockaddr_in address = {.sin_family = AF_INET,
				      .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t size = sizeof(address);

	*fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (*fd < 0 || bind(*fd, (struct sockaddr *)&address, size) != 0 ||
	    getsockname(*fd, (struct sockaddr *)&address, &size) != 0)
		return 0;
	return ntohs(address.sin_port);
}

bool url_choose(struct relay_url *relay)
{
	unsigned int *ports[] = {&relay->control, &relay->data, &relay->live};
	int fds[countof(ports)];
	bool good = true;

	memset(relay, 0, sizeof(*relay));
	snprintf(relay->host, sizeof(relay->host), "127.0.0.1");
	for (size_t i = 0; i < countof(ports); i++) {
		*ports[i] = free_port(&fds[i]);
		good = good && *ports[i];
	}
	if (!good)
		complain("--live: there are no free ports on loopback: %s", strerror(errno));
	for (size_t i = 0; i < countof(ports); i++) {
		if (fds[i] >= 0)
			close(fds[i]);
	}
	return good;
}

bool url_is_gone(int connection)
{
	char byte;
	ssize_t got = recv(connection, &byte, sizeof(byte), MSG_DONTWAIT | MSG_PEEK);

	return got == 0 || (got < 0 && errno != EAGAIN && errno != EWOULDBLOCK);
}
