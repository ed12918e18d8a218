/* SPDX-License-Identifier: Apache-2.0 */
/* `thecasim summary --vpc`. */
#include "cli/summary_vpc.h"

#include "cli/command.h"
#include "dataset/reader.h"
#include "statistics/central.h"
#include "statistics/observed.h"
#include "statistics/people.h"
#include "statistics/vpc.h"
#include "summary/vpc_text.h"

#include <stdio.h>

static int compute(vpc_t *vpc, reader_t *reader, const observed_t *observed, int32_t arm,
                   enum fields_id field, error_t *e)
{
    people_t people = {0};
    int code = people_read(&people, reader, e);
    code = code != 0 ? code : vpc_compute(vpc, reader, &people, arm, field, observed, e);
    people_free(&people);
    return code;
}

/* The check of a dataset that is open. Returns an exit code, or an error below 0. */
static int check(reader_t *reader, const summary_vpc_t *asked, enum fields_id field, bool json,
                 error_t *e)
{
    const provenance_t *p = reader_provenance(reader);
    observed_t observed = {0};
    vpc_t vpc;
    int32_t arm = 0;
    int code = command_arm(&arm, asked->arm, p->arms.name, p->arms.count, p->study, "summary");
    code = code != 0 ? code : observed_read(&observed, asked->data, e);
    code = code != 0 ? code : compute(&vpc, reader, &observed, arm, field, e);
    if (code == 0) {
        code = json ? vpc_text_json(&vpc, p, asked->data, stdout, e)
                    : vpc_text_print(&vpc, p, asked->data, stdout, e);
    }
    observed_free(&observed);
    return code;
}

int summary_vpc(const char *path, const summary_vpc_t *asked, bool json)
{
    reader_t *reader = NULL;
    enum fields_id field = FIELD_DAILY_LUMBAR_NG_PER_ML;
    error_t e = {0};
    int code = CLI_DONE;
    if (asked->field != NULL) {
        code = command_field(&field, asked->field, TABLE_DAILY, "summary");
    }
    code = code != 0 ? code : central_open(&reader, path, &e);
    code = code != 0 ? code : check(reader, asked, field, json, &e);
    reader_close(&reader);
    return code < 0 ? command_failed(&e) : code;
}
