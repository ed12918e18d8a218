/* SPDX-License-Identifier: Apache-2.0 */
/* What the cohort tests share. */
#include "tests/sim/cohort/fixture.h"

#include "cohort/trajectory.h"
#include "tests/folder.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void must_be_sound(int code, const diagnostic_t *found, const error_t *e)
{
    if (code < 0) {
        (void)diagnostic_print(found, stderr);
    }
    cr_assert_eq(code, 0, "the study of this test is refused: %s", e->text);
}

study_t fixture_study(const char *const set[])
{
    study_override_t override[16];
    diagnostic_t found;
    error_t e = {0};
    study_t s;
    size_t n = 0;
    for (; set[n] != NULL; n++) {
        override[n].text = set[n];
    }
    diagnostic_init(&found);
    must_be_sound(study_load(&s, "configs/baclofen-maintenance.yaml", override, n, &found, &e),
                  &found, &e);
    diagnostic_free(&found);
    return s;
}

study_t fixture_text(const char *text)
{
    study_source_t source = {.name = "test", .text = text, .length = strlen(text)};
    diagnostic_t found;
    error_t e = {0};
    study_t s;
    diagnostic_init(&found);
    must_be_sound(study_parse(&s, &source, &found, &e), &found, &e);
    diagnostic_free(&found);
    return s;
}

const char *fixture_path(const char *name, char path[FIXTURE_PATH_SIZE])
{
    return folder_path(path, FIXTURE_PATH_SIZE, name);
}

void fixture_same_bytes(const char *a, const char *b)
{
    FILE *x = fopen(a, "rb"), *y = fopen(b, "rb");
    int c = 0;
    cr_assert(x != NULL && y != NULL, "%s or %s was not written", a, b);
    for (long i = 0; c != EOF; i++) {
        c = getc(x);
        cr_assert_eq(c, getc(y), "%s and %s differ from byte %ld on", a, b, i);
    }
    (void)fclose(x);
    (void)fclose(y);
}

void fixture_live_until(const study_t *s, record_key_t key, int stop, record_t *r,
                        record_view_t *view)
{
    core_t core = core_builtin();
    trajectory_request_t q = {s, &core, key, false, NULL};
    error_t e = {0};
    size_t size = 0;
    int code;
    record_init(r);
    record_reset(r, q.key);
    code = trajectory_run(&q, r, &e);
    cr_assert_eq(code, stop, "patient %lld ended with %d at %lld ms: %s", (long long)key.patient,
                 code, (long long)e.time_ms, e.text);
    cr_assert_eq(record_finish(r, &e), 0, "%s", e.text);
    const uint8_t *frame = record_frame(r, &size);
    cr_assert_eq(record_parse(frame, size, &r->layout, view, &e), 0, "%s", e.text);
}

void fixture_live(const study_t *s, record_key_t key, record_t *r, record_view_t *view)
{
    fixture_live_until(s, key, FIELDS_STOP_HORIZON, r, view);
}

void fixture_run(const study_t *s, record_t *r, record_view_t *view)
{
    fixture_live(s, (record_key_t){1, 0, 0}, r, view);
}

fixture_life_t fixture_lived(const char *text)
{
    fixture_life_t l = {.study = fixture_text(text)};
    fixture_run(&l.study, &l.record, &l.view);
    return l;
}

void fixture_ended(fixture_life_t *l)
{
    record_free(&l->record);
    study_free(&l->study);
}

double fixture_at(const fixture_life_t *l, enum fields_id field, size_t row)
{
    return record_view_number(&l->view, &l->record.layout, field, row);
}

double fixture_last(const record_t *r, const record_view_t *view, enum fields_id field)
{
    size_t rows = view->count[fields_get(field)->table];
    cr_assert_gt(rows, 0);
    return record_view_number(view, &r->layout, field, rows - 1);
}
