/* SPDX-License-Identifier: Apache-2.0 */
/* Finds the format and does what all have in common: the folder, the papers, the description. */
#include "export/export.h"

#include <stdlib.h>
#include <string.h>

#include "export/adam.h"
#include "export/crate.h"
#include "export/nonmem.h"
#include "export/package.h"
#include "export/sdtm.h"
#include "export/tables.h"

#define LAYOUT_SIZE 768

static const struct {
    const char *name;
    int (*write)(export_t *x, error_t *e);
    const char *layout;      /* of its tables; NULL: they are described by the format itself */
    enum reader_shown shown; /* of its tables */
} formats[] = {
    {"csv", tables_write, "Every table of the dataset as it is, one file each.", READER_ALL},
    {"nonmem", nonmem_write,
     "Doses and levels of the first drug, laid out as NONMEM reads its data: one row an event, "
     "times in hours, doses in ug, levels in ng/mL. The head begins with a letter: IGNORE=@. The "
     "model and its parameters are in config.yaml.",
     READER_CENTRAL},
    {"adam", adam_write,
     "Laid out after the CDISC analysis data model (ADaM): no submission, and no claim to its "
     "rules. Subjects are simulated lives; there are no dates.",
     READER_CENTRAL},
    {"sdtm", sdtm_write,
     "Laid out after the CDISC study data tabulation model (SDTM): no submission, and no claim to "
     "its rules. Subjects are simulated lives; there are no dates.",
     READER_CENTRAL},
    {"rocrate", crate_write, NULL, READER_ALL},
};
#define FORMATS (sizeof formats / sizeof formats[0])

const char *export_formats(void)
{
    return "csv, nonmem, adam, sdtm, rocrate";
}

static size_t find(const char *format)
{
    size_t i = 0;
    while (i < FORMATS && strcmp(formats[i].name, format) != 0) {
        i++;
    }
    return i;
}

int export_knows(const char *format)
{
    return find(format) < FORMATS;
}

int export_sheet_end(export_t *x, sheet_t *s, error_t *e)
{
    if (x->sheets == EXPORT_SHEETS_MAX) {
        return ERROR_RAISE(e, ERROR_INVARIANT, "no room for sheet %s", s->plan->name);
    }
    x->sheet[x->sheets] = s->plan;
    x->rows[x->sheets++] = s->rows;
    return sheet_end(s, &x->box, e);
}

int export_tick(const export_t *x, int64_t done, int64_t total, error_t *e)
{
    if (x->options->progress != NULL) {
        x->options->progress(x->options->context, done, total);
    }
    return x->options->stop != NULL && *x->options->stop
               ? ERROR_RAISE(e, ERROR_INTERRUPTED, "interrupted; nothing is left of %s",
                             x->options->folder)
               : 0;
}

/* The layout, and of a dataset with replicates which of them are there. */
static void describe(const export_t *x, size_t format, char text[LAYOUT_SIZE])
{
    const int draws = (int)reader_draws(x->reader);
    const int n = snprintf(text, LAYOUT_SIZE, "%s", formats[format].layout);
    if (draws > 0 && formats[format].shown == READER_CENTRAL) {
        (void)snprintf(text + n, LAYOUT_SIZE - (size_t)n,
                       " Each patient is here once in every arm, at the central values of the "
                       "uncertain parameters (replicate 0); the dataset holds replicates 1 to %d "
                       "too, one for each draw of the parameters: export it as csv for these.",
                       draws);
    } else if (draws > 0) {
        (void)snprintf(text + n, LAYOUT_SIZE - (size_t)n,
                       " All replicates are here: column replicate is 0 at the central values of "
                       "the uncertain parameters and 1 to %d for their draws. They are the same "
                       "study over again and not more patients: do not pool them.",
                       draws);
    }
}

static int write_all(export_t *x, size_t format, error_t *e)
{
    char text[LAYOUT_SIZE];
    const char *layout = formats[format].layout != NULL ? text : NULL;
    /* Asked for in any case: it counts the draws. */
    int code = reader_show(x->reader, READER_CENTRAL, e);
    code = code != 0 ? code : reader_show(x->reader, formats[format].shown, e);
    if (code == 0 && layout != NULL) {
        describe(x, format, text);
    }
    code = code != 0 ? code : formats[format].write(x, e);
    if (code == 0 && layout != NULL) {
        code = package_variables(x, e);
        code = code != 0 ? code : package_papers(x, e);
        code = code != 0 ? code : package_describe(x, layout, e);
        code = code != 0 ? code : package_readme(x, layout, e);
    }
    return code != 0 ? code : outbox_commit(&x->box, e);
}

/* Those that Frictionless takes, of which the names of SPDX are made. */
static int is_licence(const char *text)
{
    static const char letters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._";
    return text[0] != '\0' && text[strspn(text, letters)] == '\0';
}

int export_write(reader_t *r, const export_options_t *options, error_t *e)
{
    const size_t format = find(options->format);
    export_t x = {.reader = r, .options = options};
    if (format == FORMATS) {
        return ERROR_RAISE(e, ERROR_ARGUMENT, "no format is called '%s'; there are %s",
                           options->format, export_formats());
    }
    if (options->licence != NULL && !is_licence(options->licence)) {
        return ERROR_RAISE(e, ERROR_ARGUMENT,
                           "a licence is told by one name of SPDX, as CC-BY-4.0, of letters, "
                           "digits, '-', '.' and '_'; '%s' is none",
                           options->licence);
    }
    int code = outbox_begin(&x.box, options->folder, options->overwrite, e);
    code = code != 0 ? code : write_all(&x, format, e);
    outbox_abandon(&x.box);
    free(x.plans);
    return code;
}
