/* SPDX-License-Identifier: Apache-2.0 */
/* `thecasim report`: one self-contained page of a dataset, or one figure. */
#include "cli/command.h"
#include "cli/report_file.h"
#include "page/figure.h"
#include "page/page.h"
#include "summary/comparison.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What a report is written from. */
typedef struct task_t {
    const source_t *source;
    enum figure_id figure;
    enum figure_format format;
    bool page; /* else the figure */
} task_t;

static int put(const void *context, FILE *out, error_t *e)
{
    const task_t *t = context;
    return t->page ? page_put(t->source, out, e)
                   : figure_draw(t->source, t->figure, t->format, out, e);
}

static bool ends_in(const char *path, const char *end)
{
    const size_t length = strlen(path), size = strlen(end);
    return length > size && strcmp(path + length - size, end) == 0;
}

/* `-o`, or the dataset's own name with another ending, in the current folder; allocated. NULL: no memory. */
static char *output_path(const char *given, const char *dataset, const char *ending)
{
    const char *slash = strrchr(dataset, '/');
    const char *name = given != NULL ? given : slash != NULL ? slash + 1 : dataset;
    const size_t length = strlen(name);
    char *path = malloc(length + strlen(ending) + 1);
    if (path != NULL) {
        const size_t keep = given == NULL && ends_in(name, ".h5") ? length - 3 : length;
        (void)memcpy(path, name, keep);
        (void)strcpy(path + keep, given == NULL ? ending : "");
    }
    return path;
}

/* What a figure is drawn as goes by the ending of its file: SVG where none is given. */
static int find_format(const char *path, enum figure_format *format)
{
    *format = path != NULL && ends_in(path, ".png") ? FIGURE_PNG : FIGURE_SVG;
    if (path != NULL && *format == FIGURE_SVG && !ends_in(path, ".svg")) {
        fprintf(stderr,
                "thecasim: error: report: %s: a figure is a .svg or a .png; end its name so\n",
                path);
        return CLI_USAGE;
    }
    return CLI_DONE;
}

static void print_estimate(enum outcomes_id id, const comparison_estimate_t *q, const char **comma)
{
    const outcomes_row_t row = outcomes_row(id);
    if (q->spread.n > 0) {
        printf("%s%s %.4g%s%s (95 %% CI %.4g to %.4g)", *comma, row.label, q->spread.mean,
               strcmp(row.unit, "1") == 0 ? "" : " ", strcmp(row.unit, "1") == 0 ? "" : row.unit,
               q->ci.low, q->ci.high);
        *comma = "; ";
    }
}

/* The path, and of a page a line for each arm: enough to see that it is the right one. */
static int print_done(const task_t *t, const char *path, error_t *e)
{
    static const enum outcomes_id key[] = {OUTCOMES_DOSE_END, OUTCOMES_ASHWORTH_CHANGE,
                                           OUTCOMES_VOLUME_RATIO};
    int code = 0;
    printf("%s\n", path);
    for (size_t arm = 0; code == 0 && t->page && arm < t->source->summary.arms; arm++) {
        comparison_estimate_t estimate[OUTCOMES_COUNT];
        const char *comma = ": ";
        code = comparison_arm(&t->source->outcomes, (int32_t)arm, estimate, e);
        printf("  %s, %zu patients", source_arm(t->source, arm),
               t->source->summary.arm[arm].patients);
        for (size_t i = 0; code == 0 && i < sizeof key / sizeof key[0]; i++) {
            print_estimate(key[i], &estimate[key[i]], &comma);
        }
        printf("\n");
    }
    return code;
}

static int write_report(task_t *t, const char *dataset, const char *validation, const char *path)
{
    source_t source;
    error_t e = {0};
    int code = source_open(&source, dataset, validation, &e);
    t->source = &source;
    code = code != 0 ? code : report_file(path, put, t, &e);
    code = code != 0 ? code : print_done(t, path, &e);
    source_close(&source);
    if (code < 0) {
        command_error(&e);
        return CLI_FAILED;
    }
    return CLI_DONE;
}

/* Asked before any work is done, and for all that the caller can mend at once. */
static int check(task_t *t, const char *figure, const char *out)
{
    error_t e = {0};
    t->page = figure == NULL;
    if (t->page) {
        return CLI_DONE;
    }
    if (figure_find(figure, &t->figure, &e) < 0) {
        fprintf(stderr, "thecasim: error: report: --figure: %s\n", e.text);
        return CLI_USAGE;
    }
    return find_format(out, &t->format);
}

static int refuse_taken(const char *path, bool force)
{
    if (force || access(path, F_OK) != 0) {
        return CLI_DONE;
    }
    fprintf(
        stderr,
        "thecasim: error: report: %s exists already; --force writes over it, -o names another\n",
        path);
    return CLI_USAGE;
}

int report_command(int argc, char **argv)
{
    const char *out = NULL, *figure = NULL, *validation = NULL;
    bool force = false;
    const option_row_t row[] = {
        {"output", 'o', OPTION_TEXT, &out, "FILE", "where to; else the dataset's name with .html"},
        {"figure", 0, OPTION_TEXT, &figure, "NAME", "one figure alone, as .svg or .png"},
        {"validation", 0, OPTION_TEXT, &validation, "RESULTS.h5",
         "rows of thecasim validate -o, to show by role"},
        {"force", 0, OPTION_FLAG, &force, NULL, "write over a file that is there"},
    };
    const command_t command = {
        "report",
        "DATASET.h5",
        "one self-contained page of a dataset, to read and explore; or one figure",
        "thecasim report study.h5 -o study.html\n"
        "  thecasim report study.h5 --figure pump-survival -o survival.png",
        row,
        sizeof row / sizeof row[0],
        1,
        1};
    operands_t left;
    task_t task = {.format = FIGURE_SVG};
    int code = options_parse(&command, argc, argv, &left);
    if (code != CLI_DONE) {
        return code < 0 ? CLI_DONE : code;
    }
    code = check(&task, figure, out);
    if (code != CLI_DONE) {
        return code;
    }
    char *path = output_path(out, left.item[0], task.page ? ".html" : ".svg");
    if (path == NULL) {
        fprintf(stderr, "thecasim: error: report: out of memory\n");
        return CLI_FAILED;
    }
    code = refuse_taken(path, force);
    code = code != CLI_DONE ? code : write_report(&task, left.item[0], validation, path);
    free(path);
    return code;
}
