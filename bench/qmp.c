// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "clock.h"
#include "error.h"
#include "qmp.h"

/* No answer to what we ask is near that long. */
#define TEXT_MAX (1 << 20)

#define CAPABILITIES "qmp_capabilities"

static int cannot_connect(const char *path, int errnum)
{
	const char *advice = "";

	if (errnum == ENOENT || errnum == ECONNREFUSED)
		advice = "; is QEMU running, with -qmp "
			 "unix:PATH,server=on,wait=off?";
	return error_set(EXIT_MACHINE, errnum,
			 "qmp: cannot connect to %s: %s%s", path,
			 strerror(errnum), advice);
}

static int silent(const struct qmp *qmp, const char *question)
{
	return error_set(EXIT_MACHINE, ETIMEDOUT,
			 "qmp: %s does not %s within %d s: another client may "
			 "be using it (QEMU serves one at a time), or it is no "
			 "QMP monitor",
			 qmp->path, question, QMP_PATIENCE_MS / 1000);
}

static int talks_otherwise(const struct qmp *qmp, const char *what)
{
	return error_set(EXIT_MACHINE, EPROTO, "qmp: %s is no QMP monitor: %s",
			 qmp->path, what);
}

static int connect_to(struct qmp *qmp)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	struct ucred peer = { 0 };
	socklen_t bytes = sizeof(peer);

	if (strlen(qmp->path) >= sizeof(address.sun_path))
		return cannot_connect(qmp->path, ENAMETOOLONG);
	strcpy(address.sun_path, qmp->path);
	qmp->fd =
		socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (qmp->fd < 0 ||
	    connect(qmp->fd, (struct sockaddr *)&address, sizeof(address)) ||
	    getsockopt(qmp->fd, SOL_SOCKET, SO_PEERCRED, &peer, &bytes))
		return cannot_connect(qmp->path, errno);
	qmp->pid = peer.pid;
	return 0;
}

static int wait_for(const struct qmp *qmp, short events, uint64_t deadline_ns,
		    const char *question)
{
	struct pollfd poller = { .fd = qmp->fd, .events = events };
	uint64_t now_ns = clock_now_ns();
	int ready;

	if (now_ns >= deadline_ns)
		return silent(qmp, question);
	ready = poll(&poller, 1, (deadline_ns - now_ns) / NSEC_PER_MSEC + 1);
	if (ready < 0 && errno != EINTR)
		return cannot_connect(qmp->path, errno);
	return 0;
}

static int receive(struct qmp *qmp, uint64_t deadline_ns, const char *question)
{
	ssize_t received;

	if (qmp->bytes == TEXT_MAX)
		return talks_otherwise(qmp, "a line has no end");
	/* One that never stops talking does not say what it was asked. */
	if (clock_now_ns() >= deadline_ns)
		return silent(qmp, question);
	received =
		recv(qmp->fd, qmp->text + qmp->bytes, TEXT_MAX - qmp->bytes, 0);
	if (received > 0) {
		qmp->bytes += received;
		return 0;
	}
	if (!received)
		return error_set(EXIT_MACHINE, EPIPE,
				 "qmp: %s was closed by the other side before "
				 "it would %s",
				 qmp->path, question);
	if (errno != EAGAIN && errno != EINTR)
		return cannot_connect(qmp->path, errno);
	return wait_for(qmp, POLLIN, deadline_ns, question);
}

/* The next line that is whole, as JSON. */
static int take_line(struct qmp *qmp, uint64_t deadline_ns,
		     const char *question, json_t **line)
{
	char *end;
	size_t taken;
	int err;

	while (!(end = memchr(qmp->text, '\n', qmp->bytes))) {
		err = receive(qmp, deadline_ns, question);
		if (err)
			return err;
	}
	taken = end + 1 - qmp->text;
	*line = json_loadb(qmp->text, taken, 0, NULL);
	qmp->bytes -= taken;
	memmove(qmp->text, end + 1, qmp->bytes);
	if (!json_is_object(*line)) {
		json_decref(*line);
		return talks_otherwise(qmp, "what it says is no JSON object");
	}
	return 0;
}

static int send_all(struct qmp *qmp, const char *text, uint64_t deadline_ns,
		    const char *question)
{
	size_t left = strlen(text);
	int err = 0;

	while (!err && left) {
		ssize_t sent = send(qmp->fd, text, left, MSG_NOSIGNAL);

		if (sent >= 0) {
			text += sent;
			left -= sent;
		} else if (errno == EAGAIN || errno == EINTR) {
			err = wait_for(qmp, POLLOUT, deadline_ns, question);
		} else {
			err = cannot_connect(qmp->path, errno);
		}
	}
	return err;
}

/* An event has neither. */
static bool is_answer(const json_t *line)
{
	return json_object_get(line, "return") ||
	       json_object_get(line, "error");
}

static int take_answer(struct qmp *qmp, const char *command,
		       const char *question, uint64_t deadline_ns,
		       json_t **answer)
{
	json_t *line = NULL;
	const char *why;
	int err;

	do {
		json_decref(line);
		line = NULL;
		err = take_line(qmp, deadline_ns, question, &line);
	} while (!err && !is_answer(line));
	if (err)
		return err;
	*answer = json_incref(json_object_get(line, "return"));
	why = json_string_value(
		json_object_get(json_object_get(line, "error"), "desc"));
	if (!*answer)
		err = error_set(EXIT_MACHINE, EPROTO, "qmp: %s refuses %s: %s",
				qmp->path, command,
				why ? why : "it does not say why");
	json_decref(line);
	return err;
}

int qmp_ask(struct qmp *qmp, const char *command, json_t **answer)
{
	uint64_t deadline_ns = clock_now_ns() + QMP_PATIENCE_MS * NSEC_PER_MSEC;
	char text[128], question[80];
	int err;

	snprintf(text, sizeof(text), "{\"execute\": \"%s\"}\n", command);
	snprintf(question, sizeof(question), "answer %s", command);
	err = send_all(qmp, text, deadline_ns, question);
	if (err)
		return err;
	return take_answer(qmp, command, question, deadline_ns, answer);
}

static int greet(struct qmp *qmp)
{
	json_t *line = NULL, *answer = NULL;
	int err;

	err = take_line(qmp, clock_now_ns() + QMP_PATIENCE_MS * NSEC_PER_MSEC,
			"greet", &line);
	if (!err && !json_object_get(line, "QMP"))
		err = talks_otherwise(qmp, "it does not greet with \"QMP\"");
	json_decref(line);
	if (!err)
		err = qmp_ask(qmp, CAPABILITIES, &answer);
	json_decref(answer);
	return err;
}

int qmp_open(const char *path, struct qmp *qmp)
{
	int err;

	*qmp = (struct qmp){ .path = path, .fd = -1 };
	qmp->text = malloc(TEXT_MAX);
	if (!qmp->text)
		return error_set(EXIT_MACHINE, ENOMEM, "out of memory");
	err = connect_to(qmp);
	if (!err)
		err = greet(qmp);
	if (err)
		qmp_close(qmp);
	return err;
}

void qmp_close(struct qmp *qmp)
{
	if (qmp->fd >= 0)
		close(qmp->fd);
	qmp->fd = -1;
	free(qmp->text);
	qmp->text = NULL;
}
