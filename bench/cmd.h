/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The subcommands, one cmd_*.c each; main.c holds the table of them.
 *
 * argv[0] is the subcommand's name; getopt_long() may be used from the start.
 * Each knows --help itself (usage on stdout, EXIT_PASS) and prints results to
 * stdout only. Returns an enum exit_status for what was judged, or -errno
 * with error_set(): main() prints that and exits with error_status(). A wrong
 * option is EXIT_REQUEST.
 */
#ifndef BENCH_CMD_H
#define BENCH_CMD_H

int cmd_lines(int argc, char **argv);
int cmd_run(int argc, char **argv);
int cmd_report(int argc, char **argv);
int cmd_overhead(int argc, char **argv);
int cmd_restore(int argc, char **argv);
int cmd_version(int argc, char **argv);

/* The tool's version; the module has its own. */
#define INTXBENCH_VERSION "0.1.0"

#endif
