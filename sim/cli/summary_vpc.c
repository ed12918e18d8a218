/* SPDX-License-Identifier: Apache-2.0 */
/* `thecasim summary --vpc`. */
#include "cli/summary_vpc.h"

#include "dataset/reader.h"
#include "statistics/observed.h"
#include "statistics/people.h"
#include "statistics/vpc.h"
#include "summary/vpc_text.h"

#include <stdio.h>
#include <string.h>

static int find_arm(const provenance_t *p, const char *name, int32_t *arm, error_t *e)
{
    *arm = 0;
    for (size_t i = 0; name != NULL && i < p->arms.count; i++) {
        if (strcmp(p->arms.name[i], name) == 0) {
            *arm = (int32_t)i;
            return 0;
        }
    }
    return name == NULL
               ? 0
               : ERROR_RAISE(e, ERROR_ARGUMENT,
                             "no arm is called '%s'; the first of the dataset's %zu is '%s'", name,
                             p->arms.count, p->arms.name[0]);
}

static int find_field(const char *name, enum fields_id *field, error_t *e)
{
    *field = FIELD_DAILY_LUMBAR_NG_PER_ML;
    for (int i = 0; name != NULL && i < FIELD_COUNT; i++) {
        const fields_t *f = fields_get((enum fields_id)i);
        if (f->table == TABLE_DAILY && i != FIELD_DAILY_DAY && strcmp(f->name, name) == 0) {
            *field = (enum fields_id)i;
            return 0;
        }
    }
    return name == NULL ? 0
                        : ERROR_RAISE(e, ERROR_ARGUMENT,
                                      "no value of table daily is called '%s'; thecasim reference "
                                      "--dataset lists them",
                                      name);
}

int summary_vpc(const char *path, const summary_vpc_t *asked, bool json, error_t *e)
{
    reader_t *reader = NULL;
    people_t people = {0};
    observed_t observed = {0};
    vpc_t vpc;
    enum fields_id field;
    int32_t arm = 0;
    int code = observed_read(&observed, asked->data, e);
    code = code != 0 ? code : find_field(asked->field, &field, e);
    code = code != 0 ? code : reader_open(&reader, path, e);
    code = code != 0 ? code : find_arm(reader_provenance(reader), asked->arm, &arm, e);
    code = code != 0 ? code : people_read(&people, reader, e);
    code = code != 0 ? code : vpc_compute(&vpc, reader, &people, arm, field, &observed, e);
    if (code == 0) {
        const provenance_t *p = reader_provenance(reader);
        code = json ? vpc_text_json(&vpc, p, asked->data, stdout, e)
                    : vpc_text_print(&vpc, p, asked->data, stdout, e);
    }
    people_free(&people);
    observed_free(&observed);
    reader_close(&reader);
    return code;
}
