/* SPDX-License-Identifier: Apache-2.0 */
/* `thecasim validate`: published studies against the simulation. */
#include "cli/command.h"
#include "cli/scratch.h"
#include "cli/validate_cohorts.h"
#include "config/include.h"
#include "validation/estimator.h"
#include "validation/results_text.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define VALIDATE_NAMES_MAX 32
#define PATH_SIZE (INCLUDE_PATH_SIZE + 300)

typedef struct validate_options_t {
    const char *output, *keep, *core, *read;
    int64_t jobs_asked;
    int jobs;
    bool quick, force, markdown;
} validate_options_t;

/* Paths of the files to read. */
typedef struct files_t {
    char path[VALIDATE_NAMES_MAX][PATH_SIZE];
    size_t count;
} files_t;

/* ---- which files -------------------------------------------------------------------------------------- */

static int add_file(files_t *f, const char *path)
{
    if (f->count == VALIDATE_NAMES_MAX) {
        fprintf(stderr, "thecasim: error: validate: more than %d validations\n",
                VALIDATE_NAMES_MAX);
        return CLI_USAGE;
    }
    (void)snprintf(f->path[f->count++], PATH_SIZE, "%s", path);
    return CLI_DONE;
}

/* A path as it stands; a name is looked for among the configs. */
static int find_file(files_t *f, const char *name)
{
    char folder[INCLUDE_PATH_SIZE], path[PATH_SIZE];
    if (strchr(name, '/') != NULL || strstr(name, ".yaml") != NULL) {
        return add_file(f, name);
    }
    for (size_t i = 0; include_folder(i, folder); i++) {
        (void)snprintf(path, sizeof path, "%s/validation/%.200s.yaml", folder, name);
        if (access(path, F_OK) == 0) {
            return add_file(f, path);
        }
    }
    fprintf(
        stderr,
        "thecasim: error: validate: there is no validation '%s' in configs/validation/ here, in "
        "$THECASIM_CONFIGS or among the installed configs\n",
        name);
    return CLI_USAGE;
}

static int by_path(const void *a, const void *b)
{
    return strcmp((const char *)a, (const char *)b);
}

/* All of the first folder that has any, in the order of their names. */
static int find_all(files_t *f)
{
    char folder[INCLUDE_PATH_SIZE], path[PATH_SIZE];
    int code = CLI_DONE;
    for (size_t i = 0; f->count == 0 && include_folder(i, folder); i++) {
        (void)snprintf(path, sizeof path, "%s/validation", folder);
        DIR *dir = opendir(path);
        for (struct dirent *d; dir != NULL && code == CLI_DONE && (d = readdir(dir)) != NULL;) {
            const size_t n = strlen(d->d_name);
            if (n > 5 && strcmp(d->d_name + n - 5, ".yaml") == 0) {
                (void)snprintf(path, sizeof path, "%s/validation/%s", folder, d->d_name);
                code = add_file(f, path);
            }
        }
        if (dir != NULL) {
            (void)closedir(dir);
        }
    }
    qsort(f->path, f->count, sizeof f->path[0], by_path);
    if (f->count == 0 && code == CLI_DONE) {
        fprintf(stderr, "thecasim: error: validate: there is no configs/validation/*.yaml\n");
        return CLI_USAGE;
    }
    return code;
}

/* ---- reading ------------------------------------------------------------------------------------------ */

static int read_file(validation_t *v, const char *path, bool quick)
{
    validation_statistic_t statistic[64];
    size_t n;
    const estimator_t *table = estimator_table(&n);
    diagnostic_t found;
    error_t e = {0};
    int rc;
    for (size_t i = 0; i < n && i < 64; i++) {
        statistic[i] = (validation_statistic_t){table[i].name, table[i].unit};
    }
    const validation_options_t options = {quick, statistic, n < 64 ? n : 64};
    diagnostic_init(&found);
    rc = validation_load(v, path, &options, &found, &e);
    (void)diagnostic_print(&found, stderr);
    diagnostic_free(&found);
    if (rc < 0) {
        command_error(&e);
        return CLI_USAGE;
    }
    return CLI_DONE;
}

/* One validation given twice would count its rows twice, and write its datasets over each other. */
static int refuse_twice(const validation_t *v, const files_t *f)
{
    for (size_t i = 1; i < f->count; i++) {
        for (size_t k = 0; k < i; k++) {
            if (strcmp(v[i].name, v[k].name) == 0) {
                fprintf(stderr, "thecasim: error: validate: %s and %s are both validation '%s'\n",
                        f->path[k], f->path[i], v[i].name);
                return CLI_USAGE;
            }
        }
    }
    return CLI_DONE;
}

/* All of them before anything is simulated; the caller frees v[files] in any case. */
static int read_files(validation_t *v, const files_t *f, bool quick, size_t *rows)
{
    int code = CLI_DONE;
    *rows = 0;
    for (size_t i = 0; i < f->count; i++) {
        const int one = read_file(&v[i], f->path[i], quick);
        *rows += v[i].rows;
        code = code == CLI_DONE ? one : code;
    }
    return code == CLI_DONE ? refuse_twice(v, f) : code;
}

/* ---- simulating --------------------------------------------------------------------------------------- */

static int judge_all(const validate_options_t *o, const core_t *core, const validation_t *v,
                     size_t count, results_t *results)
{
    char made[SCRATCH_PATH_SIZE];
    error_t e = {0};
    int rc = o->keep == NULL ? scratch_folder("validate", made, &e) : 0;
    if (rc < 0) {
        return command_failed(&e);
    }
    const char *folder = o->keep != NULL ? o->keep : made;
    const validate_cohorts_t cohorts = {.core = core,
                                        .folder = folder,
                                        .jobs = o->jobs,
                                        .interrupt = command_interrupt(),
                                        .keep = o->keep != NULL};
    for (size_t i = 0; rc == 0 && i < count; i++) {
        rc = validate_cohorts_judge(&cohorts, &v[i], results, &e);
    }
    if (o->keep == NULL) {
        (void)rmdir(folder);
    }
    return rc < 0 ? command_failed(&e) : CLI_DONE;
}

static int say(const validate_options_t *o, const results_t *results)
{
    error_t e = {0};
    verdict_sum_t sum;
    int rc = results_text_sum(results, &sum, &e);
    if (rc == 0) {
        rc = o->markdown ? results_text_markdown(results, stdout, &e)
                         : results_text_print(results, stdout, &e);
    }
    if (rc < 0) {
        return command_failed(&e);
    }
    return verdict_passes(&sum, results->quick != 0) ? CLI_DONE : CLI_FAILED;
}

static int conclude(const validate_options_t *o, const results_t *results)
{
    error_t e = {0};
    if (o->output != NULL && results_write(results, o->output, o->force, &e) < 0) {
        return command_failed(&e);
    }
    return say(o, results);
}

static int no_memory(void)
{
    fprintf(stderr, "thecasim: error: validate: out of memory\n");
    return CLI_FAILED;
}

static int run_with(const validate_options_t *o, const core_t *core, const files_t *files)
{
    validation_t *v = calloc(files->count, sizeof *v);
    results_t results = {.quick = o->quick};
    size_t rows = 0;
    int code = v != NULL ? read_files(v, files, o->quick, &rows) : no_memory();
    (void)snprintf(results.program, sizeof results.program, "thecasim %s", THECASIM_VERSION);
    (void)snprintf(results.core, sizeof results.core, "%.120s", core->entry->core_id);
    results.row = calloc(rows + 1, sizeof *results.row);
    code = code == CLI_DONE && results.row == NULL ? no_memory() : code;
    if (code == CLI_DONE) {
        code = judge_all(o, core, v, files->count, &results);
        code = code == CLI_DONE ? conclude(o, &results) : code;
    }
    for (size_t i = 0; v != NULL && i < files->count; i++) {
        validation_free(&v[i]);
    }
    free(v);
    results_free(&results);
    return code;
}

static int run_files(const validate_options_t *o, const files_t *files)
{
    core_t core;
    int code;
    if (o->output != NULL && !o->force && access(o->output, F_OK) == 0) {
        fprintf(stderr, "thecasim: error: %s exists; --force replaces it\n", o->output);
        return CLI_FAILED;
    }
    code = command_core(&core, o->core);
    if (code == CLI_DONE) {
        code = run_with(o, &core, files);
        core_close(&core);
    }
    return code;
}

static int read_results(const validate_options_t *o)
{
    results_t results;
    error_t e = {0};
    int code = results_read(&results, o->read, &e) < 0 ? command_failed(&e) : say(o, &results);
    results_free(&results);
    return code;
}

static int start(const validate_options_t *o, const operands_t *names)
{
    files_t *files = calloc(1, sizeof *files);
    int code = files != NULL ? CLI_DONE : no_memory();
    for (int i = 0; code == CLI_DONE && i < names->count; i++) {
        code = find_file(files, names->item[i]);
    }
    if (code == CLI_DONE && names->count == 0) {
        code = find_all(files);
    }
    code = code == CLI_DONE ? run_files(o, files) : code;
    free(files);
    return code;
}

int validate_command(int argc, char **argv)
{
    validate_options_t o = {.jobs_asked = 0};
    const option_row_t row[] = {
        {"quick", 'q', OPTION_FLAG, &o.quick, NULL,
         "small pools, in seconds: only rows outside fail"},
        {"output", 'o', OPTION_TEXT, &o.output, "OUT.h5", "write the rows there"},
        {"read", 0, OPTION_TEXT, &o.read, "OUT.h5", "print rows that were written, run nothing"},
        {"markdown", 0, OPTION_FLAG, &o.markdown, NULL, "print Markdown"},
        {"keep", 0, OPTION_TEXT, &o.keep, "FOLDER", "leave the datasets of the runs there"},
        {"jobs", 'j', OPTION_COUNT, &o.jobs_asked, "N", "threads; default: all cores"},
        {"core", 0, OPTION_TEXT, &o.core, "CORE.so",
         "another dosing core; default: the built-in one"},
        {"force", 0, OPTION_FLAG, &o.force, NULL, "replace OUT.h5"},
    };
    const command_t command = {
        "validate",
        "[NAME...]",
        "published studies against the simulation: configs/validation/NAME.yaml, or all",
        "thecasim validate device --quick\n"
        "  thecasim validate device -o validation.h5\n"
        "  thecasim validate --read validation.h5 --markdown",
        row,
        sizeof row / sizeof row[0],
        0,
        OPTIONS_OPERANDS_MAX};
    operands_t left;
    int code = options_parse(&command, argc, argv, &left);
    if (code != CLI_DONE) {
        return code < 0 ? CLI_DONE : code;
    }
    if (o.read != NULL && left.count > 0) {
        fprintf(stderr, "thecasim: error: validate: --read takes no names\n");
        return CLI_USAGE;
    }
    if (command_jobs(&o.jobs, o.jobs_asked, "validate") != CLI_DONE) {
        return CLI_USAGE;
    }
    return o.read != NULL ? read_results(&o) : start(&o, &left);
}
