/* SPDX-License-Identifier: Apache-2.0 */
/* The commands of the program and what they share: how errors are said, how studies and cores are read.
 *
 * Each X_command takes argc and argv with argv[0] the command's name and returns an exit code of
 * enum cli_exit. Results go to stdout, everything else to stderr.
 */
#ifndef SIM_CLI_COMMAND_H
#define SIM_CLI_COMMAND_H

#include "cli/options.h"
#include "config/departure.h"
#include "config/study.h"
#include "config/suite.h"
#include "dataset/fields.h"
#include "error.h"
#include "host/core.h"

#include <signal.h>

int run_command(int argc, char **argv);
int check_command(int argc, char **argv);
int replay_command(int argc, char **argv);
int summary_command(int argc, char **argv);
int report_command(int argc, char **argv);
int verify_command(int argc, char **argv);
int reference_command(int argc, char **argv);
int validate_command(int argc, char **argv);
int population_command(int argc, char **argv);
int sensitivity_command(int argc, char **argv);
int regress_command(int argc, char **argv);
int export_command(int argc, char **argv);
int merge_command(int argc, char **argv);
int witness_command(int argc, char **argv);

/* Prints version, schema, core, compiler and libraries to stdout. */
void version_print(void);

/* Says `thecasim: error: ...` with the symbol, and with patient and day where they are known. */
void command_error(const error_t *e);

/* Says it, and returns the exit code that it stands for: CLI_INTERRUPTED or CLI_FAILED. */
int command_failed(const error_t *e);

/* The core of this path, or the built-in one for NULL. Returns CLI_DONE, and the caller closes *core; or CLI_USAGE with the
 * error said. */
int command_core(core_t *core, const char *path);

/* Threads for --jobs, 0 of which means all cores. Returns CLI_DONE, or CLI_USAGE, said in the name of the command. */
int command_jobs(int *jobs, int64_t asked, const char *command);

/* Reads a study, with its frozen cohort where it names one, and prints what is found wrong to stderr. Returns CLI_DONE; or CLI_USAGE,
 * or CLI_FAILED where the cohort cannot be read, with nothing held. */
int command_study(study_t *s, const char *path, const option_list_t *set);

/* The same where `judge` is asked too. */
int command_study_judged(study_t *s, const char *path, const option_list_t *set,
                         const study_judge_t *judge);

/* The arm of this name, or else of this number, of NULL the first; of name[arms], which are those of the study `owner`. Returns
 * CLI_DONE, or CLI_USAGE, said in the name of the command with the arms that there are. */
int command_arm(int32_t *arm, const char *asked, const char *const *name, size_t arms,
                const char *owner, const char *command);

/* The same of a study that has been read. */
int command_study_arm(int32_t *arm, const char *asked, const study_t *s, const char *command);

/* The field of a table by its name, among those that are real numbers. Returns CLI_DONE, or CLI_USAGE, said in the name of the
 * command. */
int command_field(enum fields_id *field, const char *asked, enum fields_table table,
                  const char *command);

/* The same for a suite of regress, of each scenario at most `patients`, 0: all. Its warnings are no news: what a core refuses is what
 * scenarios are made of. */
int command_suite(suite_t *s, const char *path, int64_t patients);

/* Reads departures and puts them on the suite, which borrows them. */
int command_departures(departure_t *to, const char *path, suite_t *s);

/* From here on SIGINT and SIGTERM only set what is returned, once each: a second one ends the process. */
const volatile sig_atomic_t *command_interrupt(void);

#endif
