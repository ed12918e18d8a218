/* SPDX-License-Identifier: Apache-2.0 */
/* The commands of the program and what they share: how errors are said and how studies are read.
 *
 * Each X_command takes argc and argv with argv[0] the command's name and returns an exit code of
 * enum cli_exit. Results go to stdout, everything else to stderr.
 */
#ifndef SIM_CLI_COMMAND_H
#define SIM_CLI_COMMAND_H

#include "cli/options.h"
#include "config/study.h"
#include "error.h"

#include <signal.h>

int run_command(int argc, char **argv);
int check_command(int argc, char **argv);
int replay_command(int argc, char **argv);
int summary_command(int argc, char **argv);
int verify_command(int argc, char **argv);
int reference_command(int argc, char **argv);
int validate_command(int argc, char **argv);

/* Prints version, schema, core, compiler and libraries to stdout. */
void version_print(void);

/* Says `thecasim: error: ...` with patient, time, symbol and the replay command where one would help. */
void command_error(const error_t *e);

/* Reads a study and prints its diagnostics to stderr. Returns CLI_DONE, or CLI_USAGE with nothing held. */
int command_study(study_t *s, const char *path, const option_list_t *set);

/* From here on SIGINT and SIGTERM only set what is returned, once each: a second one ends the process. */
const volatile sig_atomic_t *command_interrupt(void);

#endif
