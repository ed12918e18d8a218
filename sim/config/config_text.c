/* SPDX-License-Identifier: Apache-2.0 */
/* From the text of a config to its tree, and from its errors to a code. */
#include "config/config_text.h"

#include <stdlib.h>

#include "config/numeric.h"
#include "config/text_file.h"

static int conclude(const study_source_t *source, const diagnostic_t *d, int complete, error_t *e)
{
    if (!complete || d->out_of_memory)
        return ERROR_RAISE(e, ERROR_MEMORY, "no memory to read %s", source->name);
    if (d->errors > 0)
        return ERROR_RAISE(e, ERROR_CONFIG, "%s: %zu error%s", source->name, d->errors,
                           d->errors == 1 ? "" : "s");
    return 0;
}

int config_text_read(const study_source_t *source, config_text_reader_t *read, void *to,
                     diagnostic_t *d, error_t *e)
{
    document_t doc;
    numeric_t numeric = {(locale_t)0, (locale_t)0};
    units_t units;
    diagnostic_file(d, source->name);
    int status = numeric_enter(&numeric, e);
    if (status < 0)
        return status;
    units_init(&units);
    const int tree = document_parse(&doc, source, d);
    const int complete = tree ? read(to, &doc, &units) : !doc.out_of_memory;
    status = units_check(&units, e);
    if (status == 0)
        status = conclude(source, d, complete, e);
    document_free(&doc);
    units_free(&units);
    numeric_leave(&numeric);
    return status;
}

int config_text_load(const char *path, config_text_reader_t *read, void *to, diagnostic_t *d,
                     error_t *e)
{
    study_source_t source = {.name = path, .path = path};
    char *text = NULL;
    int status = text_file_read(path, &text, &source.length, e);
    source.text = text;
    if (status == 0)
        status = config_text_read(&source, read, to, d, e);
    free(text);
    return status;
}
