// SPDX-License-Identifier: GPL-2.0-or-later
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "error.h"
#include "gnuplot.h"

#define GNUPLOT_SAID_MAX 1024

extern char **environ;

void gnuplot_quote(const char *text, FILE *out)
{
	putc('\'', out);
	for (; *text; text++) {
		if (*text == '\'')
			putc('\'', out);
		putc(iscntrl((unsigned char)*text) ? '?' : *text, out);
	}
	putc('\'', out);
}

static void copy(FILE *in, FILE *out)
{
	int c;

	while ((c = getc(in)) != EOF)
		putc(c, out);
}

/* Dumb terminals pad every line to its width, do not end the last, and feed a
 * form before a multiplot in spite of "nofeed". */
static void copy_plain(FILE *in, FILE *out)
{
	int c, last = '\n';
	size_t blanks = 0;

	while ((c = getc(in)) != EOF) {
		blanks += c == ' ';
		if (c == ' ' || c == '\f')
			continue;
		for (; blanks && c != '\n'; blanks--)
			putc(' ', out);
		blanks = 0;
		putc(c < 0x80 ? c : '?', out);
		last = c;
	}
	if (last != '\n')
		putc('\n', out);
}

static int spawn(const char *script, const char *variables, int out, int err,
		 pid_t *pid)
{
	const char *argv[] = { "gnuplot", "--default-settings",
			       "-e",      variables,
			       script,    NULL };
	posix_spawn_file_actions_t actions;
	int error = posix_spawn_file_actions_init(&actions);

	if (error)
		return -error;
	error = posix_spawn_file_actions_addopen(&actions, 0, "/dev/null",
						 O_RDONLY, 0);
	if (!error)
		error = posix_spawn_file_actions_adddup2(&actions, out, 1);
	if (!error)
		error = posix_spawn_file_actions_adddup2(&actions, err, 2);
	if (!error)
		error = posix_spawnp(pid, argv[0], &actions, NULL,
				     (char *const *)argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	return -error;
}

static int wait_for(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : -EIO;
}

static int fail_with_said(const char *script, FILE *said)
{
	char text[GNUPLOT_SAID_MAX];
	size_t length;

	rewind(said);
	length = fread(text, 1, sizeof(text) - 1, said);
	while (length && strchr("\n ", text[length - 1]))
		length--;
	text[length] = '\0';
	return error_set(EXIT_MACHINE, EIO, "gnuplot failed on %s: %s", script,
			 length ? text : "it said nothing");
}

static int fail_to_run(int err)
{
	if (err == -ENOENT)
		return error_set(EXIT_MACHINE, ENOENT,
				 "gnuplot is not installed: apt-get install "
				 "gnuplot-nox, or leave the figures out with "
				 "--no-plots");
	return error_set(EXIT_MACHINE, -err, "cannot run gnuplot: %s",
			 strerror(-err));
}

/*
 * The picture comes through a pipe, so that a full disk is seen by us, who
 * check, and not by gnuplot, which does not. What it says goes to a file: it
 * cannot block on that while we read the other.
 */
static int draw(const char *script, const char *variables, bool plain,
		FILE *said, FILE *out)
{
	int pipe_fd[2], err;
	FILE *picture;
	pid_t pid;

	if (pipe(pipe_fd))
		return fail_to_run(-errno);
	fcntl(pipe_fd[0], F_SETFD, FD_CLOEXEC);
	fcntl(pipe_fd[1], F_SETFD, FD_CLOEXEC);
	picture = fdopen(pipe_fd[0], "r");
	err = picture ?
		      spawn(script, variables, pipe_fd[1], fileno(said), &pid) :
		      -ENOMEM;
	close(pipe_fd[1]);
	if (!err && plain)
		copy_plain(picture, out);
	else if (!err)
		copy(picture, out);
	if (picture)
		fclose(picture);
	else
		close(pipe_fd[0]);
	if (err)
		return fail_to_run(err);
	return wait_for(pid) ? fail_with_said(script, said) : 0;
}

int gnuplot_draw(const char *script, const char *variables, bool plain,
		 FILE *out)
{
	FILE *said = tmpfile();
	int err;

	if (!said)
		return error_set(EXIT_MACHINE, errno,
				 "cannot make a temporary file for gnuplot: %s",
				 strerror(errno));
	fcntl(fileno(said), F_SETFD, FD_CLOEXEC);
	err = draw(script, variables, plain, said, out);
	fclose(said);
	return err;
}
