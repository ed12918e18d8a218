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

static const struct {
    const char *name;
    int (*write)(export_t *x, error_t *e);
    const char *layout; /* of its tables; NULL: they are described by the format itself */
} formats[] = {
    {"csv", tables_write, "Every table of the dataset as it is, one file each."},
    {"nonmem", nonmem_write,
     "Doses and levels of the first drug, laid out as NONMEM reads its data: one row an event, "
     "times in hours, doses in ug, levels in ng/mL. The head begins with a letter: IGNORE=@. The "
     "model and its parameters are in config.yaml."},
    {"adam", adam_write,
     "Laid out after the CDISC analysis data model (ADaM): no submission, and no claim to its "
     "rules. Subjects are simulated lives; there are no dates."},
    {"sdtm", sdtm_write,
     "Laid out after the CDISC study data tabulation model (SDTM): no submission, and no claim to "
     "its rules. Subjects are simulated lives; there are no dates."},
    {"rocrate", crate_write, NULL},
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

static int write_all(export_t *x, size_t format, error_t *e)
{
    const char *layout = formats[format].layout;
    int code = formats[format].write(x, e);
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
