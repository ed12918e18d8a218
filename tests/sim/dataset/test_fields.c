/* SPDX-License-Identifier: Apache-2.0 */
/* The lists of tables, fields and choices: complete, distinct, and as the file shows them. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dataset/fields.h"
#include "tests/sim/dataset/fixture.h"

Test(fields, each_has_unit_description_and_range)
{
    for (int i = 0; i < FIELD_COUNT; i++) {
        const fields_t *f = fields_get((enum fields_id)i);
        cr_assert_gt(strlen(f->unit), 0, "%s has no unit", f->name);
        cr_assert_gt(strlen(f->description), 8, "%s has no description", f->name);
        cr_assert_lt(f->low, f->high, "%s has an empty range", f->name);
    }
}

Test(fields, names_are_distinct_within_a_table)
{
    for (int i = 0; i < FIELD_COUNT; i++) {
        for (int k = 0; k < i; k++) {
            const fields_t *a = fields_get((enum fields_id)i);
            const fields_t *b = fields_get((enum fields_id)k);
            cr_assert(a->table != b->table || strcmp(a->name, b->name) != 0, "two fields %s",
                      a->name);
        }
    }
}

Test(fields, the_fields_of_a_table_are_together_and_fit_a_set_of_bits)
{
    fields_layout_t layout;
    int total = 0;
    fields_layout(&layout);
    for (int t = 0; t < TABLE_COUNT; t++) {
        cr_assert_gt(layout.count[t], 0, "table %d has no field", t);
        cr_assert_leq(layout.count[t], 64, "table %d has more fields than a record can track", t);
        cr_assert_eq(layout.first[t], total, "the fields of table %d are not together", t);
        total += layout.count[t];
    }
    cr_assert_eq(total, FIELD_COUNT);
}

Test(fields, a_day_has_at_most_fourteen_float_columns)
{
    int n = 0;
    for (int i = 0; i < FIELD_COUNT; i++) {
        const fields_t *f = fields_get((enum fields_id)i);
        n += f->table == TABLE_DAILY && f->type == FIELDS_TYPE_F32;
    }
    cr_assert_leq(n, 14);
}

Test(fields, choices_are_single_words_with_distinct_numbers_of_one_byte)
{
    const enum fields_type lists[] = {
        FIELDS_TYPE_STOP,      FIELDS_TYPE_EVENT,     FIELDS_TYPE_REASON, FIELDS_TYPE_SEX,
        FIELDS_TYPE_DIAGNOSIS, FIELDS_TYPE_TOLERANCE, FIELDS_TYPE_LEVEL};
    for (size_t l = 0; l < sizeof lists / sizeof lists[0]; l++) {
        cr_assert_gt(fields_choices(lists[l]), 0);
        for (size_t i = 0; i < fields_choices(lists[l]); i++) {
            int value = -1;
            const char *name = fields_choice(lists[l], i, &value);
            cr_assert_null(strchr(name, ' '), "\"%s\" is not one word", name);
            cr_assert(value >= 0 && value <= 127, "%s is %d", name, value);
            cr_assert_str_eq(fields_choice_name(lists[l], value), name);
        }
        cr_assert_null(fields_choice(lists[l], fields_choices(lists[l]), NULL));
    }
}

/* What h5dump says of a file: a reader that is not ours. */
static char *dump(const char *path)
{
    char command[256];
    char *text = calloc(1, 1 << 20);
    (void)snprintf(command, sizeof command, "h5dump -A %s 2>&1", path);
    FILE *pipe = popen(command, "r");
    cr_assert_not_null(pipe);
    const size_t size = fread(text, 1, (1 << 20) - 1, pipe);
    cr_assert_lt(size, (1 << 20) - 1);
    cr_assert_eq(pclose(pipe), 0, "h5dump failed on %s: %.200s", path, text);
    return text;
}

Test(fields, h5dump_shows_each_column_with_unit_and_description)
{
    char path[128];
    error_t e = {0};
    if (access("/usr/bin/h5dump", X_OK) != 0) {
        cr_skip("h5dump is not installed");
    }
    fixture_path(path, sizeof path, "a.h5");
    cr_assert_eq(fixture_dataset(path, 3, 1, &e), 0, "%s", e.text);
    char *text = dump(path);
    for (int i = 0; i < FIELD_COUNT; i++) {
        const fields_t *f = fields_get((enum fields_id)i);
        char name[96];
        (void)snprintf(name, sizeof name, "DATASET \"%s\"", f->name);
        if (fields_in_file(f->table, 0)) {
            cr_assert_not_null(strstr(text, name), "h5dump -A %s lacks %s", path, name);
            cr_assert_not_null(strstr(text, f->description), "%s: \"%s\"", path, f->description);
        }
    }
    cr_assert_not_null(strstr(text, "ng/mL"));
    cr_assert_not_null(strstr(text, "horizon death explant"));
    cr_assert_not_null(strstr(text, "Not from patients"));
    free(text);
}
