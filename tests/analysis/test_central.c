/* SPDX-License-Identifier: Apache-2.0 */
/* What a dataset with replicates tells of its central values: the same, to the letter, as a dataset without them. The draws of this one
 * are wild, so that whoever pools a record of them is seen. */
#define _XOPEN_SOURCE 700
#include "statistics/central.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "export/export.h"
#include "page/page.h"
#include "small.h"
#include "statistics/observed.h"
#include "statistics/vpc.h"
#include "summary/comparison.h"
#include "summary/outcomes_json.h"
#include "summary/outcomes_text.h"
#include "summary/summary_json.h"
#include "summary/summary_text.h"
#include "tests/folder.h"
#include "validation/estimator.h"

#define PATIENTS 12
#define DRAWS 3
#define DAYS 40

/* Central records have numbers of their patient and arm; those of draws a thousand times as much, and other numbers of rows. */
static double wild(record_key_t key)
{
    return key.replicate == 0 ? 1.0 : 1000.0 * key.replicate;
}

static void put_patient(record_t *r, record_key_t key)
{
    record_row(r, TABLE_PATIENTS);
    record_put_i64(r, FIELD_PATIENTS_PATIENT, key.patient);
    record_put_i64(r, FIELD_PATIENTS_ARM, key.arm);
    record_put_i64(r, FIELD_PATIENTS_REPLICATE, key.replicate);
    record_put_i64(r, FIELD_PATIENTS_STOP_REASON,
                   key.replicate > 0 ? FIELDS_STOP_DEATH : FIELDS_STOP_HORIZON);
    record_put_i64(r, FIELD_PATIENTS_STOP_TIME_MS, (DAYS + 100 * key.replicate) * SMALL_DAY_MS);
    record_put_f64(r, FIELD_PATIENTS_LUMBAR_NG_PER_ML, (100.0 + (double)key.patient) * wild(key));
    record_put_f64(r, FIELD_PATIENTS_ASHWORTH_AFTER, 2.0 * wild(key));
    small_rest(r, TABLE_PATIENTS);
    record_row(r, TABLE_OUTCOMES);
    record_put_i64(r, FIELD_OUTCOMES_PATIENT, key.patient);
    record_put_i64(r, FIELD_OUTCOMES_ARM, key.arm);
    record_put_i64(r, FIELD_OUTCOMES_REPLICATE, key.replicate);
    record_put_f64(r, FIELD_OUTCOMES_DOSE_END,
                   (100.0 * (double)key.patient + 10.0 * key.arm) * wild(key));
    record_put_f64(r, FIELD_OUTCOMES_IMPLANTED, key.replicate > 0 ? 0.0 : 1.0);
    small_rest(r, TABLE_OUTCOMES);
    record_row(r, TABLE_LEDGER);
    record_put_f64(r, FIELD_LEDGER_FROM_VIALS_UG, wild(key));
    small_rest(r, TABLE_LEDGER);
}

static void put_course(record_t *r, record_key_t key)
{
    for (int day = 0; day < DAYS + key.replicate; day++) {
        record_row(r, TABLE_DAILY);
        record_put_i64(r, FIELD_DAILY_DAY, day);
        record_put_f64(r, FIELD_DAILY_LUMBAR_NG_PER_ML, (day + (double)key.patient) * wild(key));
        record_put_f64(r, FIELD_DAILY_ASHWORTH_LATENT, 2.0 * wild(key));
        small_rest(r, TABLE_DAILY);
    }
    for (int i = 0; i <= key.replicate * 5; i++) {
        record_row(r, TABLE_EVENTS);
        record_put_i64(r, FIELD_EVENTS_TIME_MS, (3 + i) * SMALL_DAY_MS);
        record_put_i64(r, FIELD_EVENTS_KIND,
                       key.replicate > 0 ? FIELDS_EVENT_POCKET_FILL : FIELDS_EVENT_TONE);
        record_put_i64(r, FIELD_EVENTS_REASON, FIELDS_REASON_CORE);
        small_rest(r, TABLE_EVENTS);
        record_row(r, TABLE_REFILLS);
        record_put_i64(r, FIELD_REFILLS_TIME_MS, (5 + i) * SMALL_DAY_MS);
        record_put_f64(r, FIELD_REFILLS_INTERVAL_DAY, 30.0 * wild(key));
        record_put_f64(r, FIELD_REFILLS_DELIVERED_SINCE_ML, 10.0 * wild(key));
        record_put_f64(r, FIELD_REFILLS_COMMANDED_SINCE_ML, 10.0);
        small_rest(r, TABLE_REFILLS);
        record_row(r, TABLE_PUMPS);
        record_put_i64(r, FIELD_PUMPS_PATIENT, key.patient);
        record_put_i64(r, FIELD_PUMPS_ARM, key.arm);
        record_put_i64(r, FIELD_PUMPS_REPLICATE, key.replicate);
        record_put_i64(r, FIELD_PUMPS_ENDED_MS, (DAYS + 900 * i) * SMALL_DAY_MS);
        record_put_i64(r, FIELD_PUMPS_END,
                       key.replicate > 0 ? FIELDS_REASON_BATTERY_LOW : FIELDS_REASON_HORIZON);
        small_rest(r, TABLE_PUMPS);
    }
}

static void put_life(record_t *r, record_key_t key, int arms)
{
    (void)arms;
    put_patient(r, key);
    put_course(r, key);
}

static const provenance_t study = {.study = "small",
                                   .title = "Known rows",
                                   .program = "thecasim",
                                   .version = "0",
                                   .build = "none",
                                   .core_id = "none",
                                   .core_code = "none",
                                   .config = "study:\n  name: small\nrecord:\n  lumbar: \"L3/4\"\n"
                                             "  daily_time: 6 h\nevents: []\n",
                                   .assumptions = "",
                                   .patients = PATIENTS,
                                   .horizon_ms = DAYS * SMALL_DAY_MS,
                                   .arms = {2, {"one", "two"}},
                                   .settings = {2, {"", ""}},
                                   .drugs = {1, {"baclofen"}}};

/* [0] without replicates, [1] with them. */
static reader_t *reader[2];

static void begin(void)
{
    error_t e = {0};
    reader[0] = small_written(&study, 0, put_life);
    reader[1] = small_nested(&study, DRAWS, put_life);
    for (int i = 0; i < 2; i++) {
        cr_assert_eq(reader_show(reader[i], READER_CENTRAL, &e), 0, "%s", e.text);
    }
}

static void end(void)
{
    reader_close(&reader[0]);
    reader_close(&reader[1]);
}

TestSuite(central, .init = begin, .fini = end);

/* ---- the reader ---- */

static void expect_column(enum fields_id field)
{
    const fields_t *f = fields_get(field);
    const size_t rows = reader_rows(reader[0], f->table);
    double *value[2];
    error_t e = {0};
    cr_assert_eq(reader_rows(reader[1], f->table), rows, "%s", fields_table(f->table)->name);
    for (int i = 0; i < 2; i++) {
        cr_assert_eq(reader_column_f64(reader[i], field, &value[i], &e), 0, "%s", e.text);
    }
    cr_expect_eq(memcmp(value[0], value[1], rows * sizeof(double)), 0, "%s/%s differs",
                 fields_table(f->table)->name, f->name);
    /* Parts of it too, wherever they begin. */
    for (size_t start = 0; start < rows; start += 7) {
        double part[9];
        const size_t n = rows - start < 9 ? rows - start : 9;
        cr_assert_eq(reader_read_f64(reader[1], field, start, n, part, &e), 0, "%s", e.text);
        cr_assert_eq(memcmp(part, value[0] + start, n * sizeof(double)), 0, "%s from row %zu",
                     f->name, start);
    }
    double beyond;
    cr_expect_eq(reader_read_f64(reader[1], field, rows, 1, &beyond, &e), ERROR_ARGUMENT);
    free(value[0]);
    free(value[1]);
}

Test(central, every_column_is_that_of_a_dataset_without_draws)
{
    for (int i = 0; i < FIELD_COUNT; i++) {
        const fields_t *f = fields_get((enum fields_id)i);
        if (fields_table(f->table)->kind != FIELDS_KIND_STUDY && fields_in_file(f->table, 0)) {
            expect_column((enum fields_id)i);
        }
    }
}

Test(central, so_are_keys_ranges_and_index)
{
    record_key_t *key;
    error_t e = {0};
    size_t at;
    cr_assert_eq(reader_draws(reader[1]), DRAWS);
    cr_assert_eq(reader_draws(reader[0]), 0);
    cr_assert_eq(reader_keys(reader[1], &key, &e), 0, "%s", e.text);
    for (size_t i = 0; i < 2 * PATIENTS; i++) {
        cr_expect_eq(key[i].patient, (int64_t)(i / 2 + 1));
        cr_expect_eq(key[i].arm, (int32_t)(i % 2));
        cr_expect_eq(key[i].replicate, 0);
        cr_assert_eq(reader_find(reader[1], &key[i], &at, &e), 1, "record %zu", i);
        cr_expect_eq(at, i);
    }
    key[0].replicate = 2;
    cr_expect_eq(reader_find(reader[1], &key[0], &at, &e), 0, "a draw is not shown");
    free(key);
    for (int t = 1; t < TABLE_COUNT; t++) {
        int64_t *offset[2], *count[2];
        for (int i = 0; i < 2 && fields_in_records((enum fields_table)t, 0); i++) {
            cr_assert_eq(reader_index(reader[i], (enum fields_table)t, &offset[i], &count[i], &e),
                         0);
        }
        for (size_t i = 0; i < 2 * PATIENTS && fields_in_records((enum fields_table)t, 0); i++) {
            size_t start, rows;
            cr_assert_eq(reader_range(reader[1], (enum fields_table)t, i, &start, &rows, &e), 0);
            cr_expect_eq(offset[0][i], offset[1][i]);
            cr_expect_eq(count[0][i], count[1][i]);
            cr_expect_eq((int64_t)start, offset[0][i]);
            cr_expect_eq((int64_t)rows, count[0][i]);
        }
        for (int i = 0; i < 2 && fields_in_records((enum fields_table)t, 0); i++) {
            free(offset[i]);
            free(count[i]);
        }
    }
}

Test(central, all_records_come_back_when_asked_for)
{
    error_t e = {0};
    record_key_t key = {PATIENTS, 1, DRAWS};
    size_t at;
    cr_assert_eq(reader_show(reader[1], READER_ALL, &e), 0);
    cr_expect_eq(reader_rows(reader[1], TABLE_PATIENTS), 2 * PATIENTS * (DRAWS + 1));
    cr_assert_eq(reader_find(reader[1], &key, &at, &e), 1);
    cr_expect_eq(at, 2 * PATIENTS * (DRAWS + 1) - 1);
    cr_assert_eq(reader_show(reader[1], READER_CENTRAL, &e), 0);
    cr_expect_eq(reader_rows(reader[1], TABLE_PATIENTS), 2 * PATIENTS);
}

/* ---- what is told ---- */

static char *text_of(reader_t *r, int json)
{
    outcomes_t outcomes;
    summary_t summary;
    error_t e = {0};
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    cr_assert_eq(outcomes_read(&outcomes, r, &e), 0, "%s", e.text);
    outcomes.cohort = 20;
    cr_assert_eq(summary_compute(&summary, &outcomes, r, &e), 0, "%s", e.text);
    /* What the draws are for is not compared here. */
    summary.nested.draws = 0;
    cr_assert_eq(json ? summary_json_print(&summary, out, &e)
                      : summary_text_print(&summary, out, &e),
                 0, "%s", e.text);
    (void)fclose(out);
    summary_free(&summary);
    outcomes_free(&outcomes);
    return text;
}

Test(central, a_summary_is_the_same_to_the_letter)
{
    for (int json = 0; json < 2; json++) {
        char *one = text_of(reader[0], json), *other = text_of(reader[1], json);
        cr_expect_str_eq(one, other);
        cr_expect_gt(strlen(one), 2000);
        free(one);
        free(other);
    }
}

static char *page_of(reader_t *r)
{
    source_t source = {.path = "a.h5", .reader = r};
    error_t e = {0};
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    cr_assert_eq(source_read(&source, &e), 0, "%s", e.text);
    source.summary.nested.draws = 0;
    cr_assert_eq(page_put(&source, out, &e), 0, "%s", e.text);
    (void)fclose(out);
    source.reader = NULL;
    source_close(&source);
    return text;
}

Test(central, a_page_is_the_same_to_the_letter, .timeout = 120)
{
    char *one = page_of(reader[0]), *other = page_of(reader[1]);
    cr_expect_eq(strcmp(one, other), 0, "the pages differ");
    free(one);
    free(other);
}

Test(central, two_datasets_are_compared_by_them)
{
    outcomes_t of[2];
    error_t e = {0};
    char *text = NULL;
    size_t size = 0;
    comparison_pair_t pair[OUTCOMES_COUNT];
    for (int i = 0; i < 2; i++) {
        cr_assert_eq(outcomes_read(&of[i], reader[i], &e), 0, "%s", e.text);
    }
    cr_assert_eq(comparison_pairs(&of[0], 1, &of[1], 1, pair, &e), 0);
    cr_expect_eq(pair[OUTCOMES_DOSE_END].n, PATIENTS);
    cr_expect_float_eq(pair[OUTCOMES_DOSE_END].difference, 0.0, 0.0);
    FILE *out = open_memstream(&text, &size);
    cr_assert_eq(outcomes_json_compare(&of[0], &of[1], out, &e), 0);
    (void)fclose(out);
    free(text);
    outcomes_free(&of[0]);
    outcomes_free(&of[1]);
}

Test(central, every_estimator_of_a_validation_is_of_them)
{
    size_t n;
    const estimator_t *table = estimator_table(&n);
    for (size_t i = 0; i < n; i++) {
        estimate_t x[2];
        error_t e = {0};
        for (int k = 0; k < 2; k++) {
            const estimator_source_t source = {reader[k], LIVES_ALL_ARMS};
            cr_assert_eq(estimator_compute(&table[i], &source, 1, NULL, 0, &x[k], &e), 0, "%s",
                         e.text);
        }
        cr_expect_eq(x[0].n, x[1].n, "%s is over %zu and %zu", table[i].name, x[0].n, x[1].n);
        cr_expect(isnan(x[0].value) ? isnan(x[1].value) : !(fabs(x[0].value - x[1].value) > 0.0),
                  "%s is %g and %g", table[i].name, x[0].value, x[1].value);
    }
}

Test(central, a_predictive_check_simulates_them)
{
    vpc_t vpc[2];
    char path[256];
    error_t e = {0};
    observed_t observed;
    (void)folder_path(path, sizeof path, "seen.csv");
    FILE *f = fopen(path, "w");
    fputs("patient,day,value\n1,3,5\n2,3,9\n3,9,12\n4,9,20\n5,30,31\n6,30,40\n", f);
    (void)fclose(f);
    cr_assert_eq(observed_read(&observed, path, &e), 0, "%s", e.text);
    char *text[2] = {NULL, NULL};
    for (int i = 0; i < 2; i++) {
        people_t people;
        cr_assert_eq(people_read(&people, reader[i], &e), 0, "%s", e.text);
        cr_assert_eq(vpc_compute(&vpc[i], reader[i], &people, 0, FIELD_DAILY_LUMBAR_NG_PER_ML,
                                 &observed, &e),
                     0, "%s", e.text);
        people_free(&people);
    }
    (void)text;
    cr_expect_eq(memcmp(&vpc[0], &vpc[1], sizeof vpc[0]), 0);
    observed_free(&observed);
}

/* ---- exports ---- */

static char *read_file(const char *folder, const char *name)
{
    char path[512];
    char *text = calloc(1, 4u << 20);
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *f = fopen(path, "r");
    cr_assert_not_null(f, "no %s", path);
    (void)fread(text, 1, (4u << 20) - 1, f);
    (void)fclose(f);
    return text;
}

static void export_to(reader_t *r, const char *format, char folder[256])
{
    char name[32];
    error_t e = {0};
    (void)snprintf(name, sizeof name, "%s-%d", format, (int)(r == reader[1]));
    (void)folder_path(folder, 256, name);
    const export_options_t o = {.format = format, .dataset = "a.h5", .folder = folder};
    cr_assert_eq(export_write(r, &o, &e), 0, "%s", e.text);
}

Test(central, who_counts_subjects_is_given_them_alone)
{
    static const struct {
        const char *format, *file[3];
    } all[] = {{"nonmem", {"plasma.csv", "csf.csv", NULL}},
               {"adam", {"adsl.csv", "adae.csv", "adex.csv"}},
               {"sdtm", {"dm.csv", "ae.csv", "pc.csv"}}};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        char folder[2][256];
        for (int k = 0; k < 2; k++) {
            export_to(reader[k], all[i].format, folder[k]);
        }
        for (int f = 0; f < 3 && all[i].file[f] != NULL; f++) {
            char *one = read_file(folder[0], all[i].file[f]);
            char *other = read_file(folder[1], all[i].file[f]);
            cr_expect_eq(strcmp(one, other), 0, "%s of %s", all[i].file[f], all[i].format);
            free(one);
            free(other);
        }
        char *readme = read_file(folder[1], "README.txt");
        char *package = read_file(folder[1], "datapackage.json");
        cr_expect_not_null(strstr(readme, "the dataset holds replicates 1 to 3"), "%s", readme);
        cr_expect_not_null(strstr(package, "the dataset holds replicates 1 to 3"));
        free(readme);
        free(package);
        readme = read_file(folder[0], "README.txt");
        cr_expect_null(strstr(readme, "replicate 0"), "%s", readme);
        free(readme);
    }
}

Test(central, a_copy_of_the_tables_has_all_replicates_and_says_so)
{
    char folder[256];
    size_t lines = 0;
    export_to(reader[1], "csv", folder);
    char *patients = read_file(folder, "patients.csv"), *readme = read_file(folder, "README.txt");
    for (const char *at = patients; (at = strchr(at, '\n')) != NULL; at++) {
        lines++;
    }
    cr_expect_eq(lines, 1 + 2 * PATIENTS * (DRAWS + 1), "%zu lines", lines);
    cr_expect_not_null(strstr(readme, "do not pool them"), "%s", readme);
    free(patients);
    free(readme);
}
