/* SPDX-License-Identifier: Apache-2.0 */
/* Layouts that count subjects, of a dataset whose rows are known: each row is there, once, with its numbers. */
#define _XOPEN_SOURCE 700
#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "export/export.h"
#include "small.h"
#include "tests/folder.h"

static const provenance_t study = {.study = "small",
                                   .title = "Known rows",
                                   .program = "thecasim",
                                   .version = "0.0.1",
                                   .core_id = "core-1",
                                   .config = "study:\n  name: small\nrecord:\n  lumbar: \"L3/4\"\n"
                                             "  daily_time: 6 h\nevents: []\n",
                                   .patients = 2,
                                   .horizon_ms = 3 * SMALL_DAY_MS,
                                   .arms = {1, {"first, of one"}},
                                   .drugs = {1, {"baclofen"}}};

static void put_event(record_t *r, int64_t time_ms, int kind, int reason, double value,
                      double value2)
{
    record_row(r, TABLE_EVENTS);
    record_put_i64(r, FIELD_EVENTS_TIME_MS, time_ms);
    record_put_i64(r, FIELD_EVENTS_KIND, kind);
    record_put_i64(r, FIELD_EVENTS_REASON, reason);
    record_put_f64(r, FIELD_EVENTS_VALUE, value);
    record_put_f64(r, FIELD_EVENTS_VALUE2, value2);
}

/* The first patient: a visit that was late, a programme, another after a day, a tone. Days give 0, 40 and 50.5 ug. The second:
 * one day, without a dose. */
static void put_life(record_t *r, record_key_t key, int arms)
{
    static const double dose[] = {0.0, 40.0, 50.5};
    (void)arms;
    record_row(r, TABLE_PATIENTS);
    record_put_i64(r, FIELD_PATIENTS_PATIENT, key.patient);
    record_put_i64(r, FIELD_PATIENTS_STOP_TIME_MS, 3 * SMALL_DAY_MS);
    record_put_i64(r, FIELD_PATIENTS_STOP_REASON,
                   key.patient == 1 ? FIELDS_STOP_HORIZON : FIELDS_STOP_DEATH);
    record_put_i64(r, FIELD_PATIENTS_SEX, FIELDS_SEX_FEMALE);
    small_rest(r, TABLE_PATIENTS);
    record_row(r, TABLE_OUTCOMES);
    record_put_i64(r, FIELD_OUTCOMES_PATIENT, key.patient);
    small_rest(r, TABLE_OUTCOMES);
    if (key.patient == 1) {
        put_event(r, 0, FIELDS_EVENT_VISIT, FIELDS_REASON_LATE, 1.0, 1.0);
        put_event(r, SMALL_DAY_MS / 2, FIELDS_EVENT_PROGRAMME, FIELDS_REASON_PROTOCOL, 0.1, 40.0);
        put_event(r, SMALL_DAY_MS, FIELDS_EVENT_TONE, FIELDS_REASON_CORE, 2.0, 0.0);
        put_event(r, 3 * SMALL_DAY_MS / 2, FIELDS_EVENT_PROGRAMME, FIELDS_REASON_PROTOCOL, 0.1,
                  50.0);
    }
    for (int64_t day = 0; day < (key.patient == 1 ? 3 : 1); day++) {
        record_row(r, TABLE_DAILY);
        record_put_i64(r, FIELD_DAILY_DAY, day);
        record_put_f64(r, FIELD_DAILY_DOSE_UG, dose[day]);
        record_put_f64(r, FIELD_DAILY_PLASMA_NG_PER_ML, 0.25 * (double)(day + 1));
        small_rest(r, TABLE_DAILY);
    }
}

/* Screened at 2 h, half a day without a pump, then 40 ug a day for three days and 45 on the last, of which a bolus gave 5 within
 * an hour. A pocket fill on the way. */
static void put_needles(record_t *r, record_key_t key, int arms)
{
    static const double dose[] = {0.0, 30.0, 40.0, 40.0, 40.0, 45.0};
    (void)arms;
    small_patient(r, key);
    record_row(r, TABLE_OUTCOMES);
    record_put_i64(r, FIELD_OUTCOMES_PATIENT, key.patient);
    small_rest(r, TABLE_OUTCOMES);
    put_event(r, SMALL_DAY_MS / 12, FIELDS_EVENT_SCREENING_BOLUS, FIELDS_REASON_PROTOCOL, 50.0,
              1.0);
    put_event(r, SMALL_DAY_MS / 2, FIELDS_EVENT_PROGRAMME, FIELDS_REASON_PROTOCOL, 0.1, 40.0);
    put_event(r, 9 * SMALL_DAY_MS / 2, FIELDS_EVENT_BOLUS, FIELDS_REASON_SCRIPTED, 5.0, 1.0);
    put_event(r, 19 * SMALL_DAY_MS / 4, FIELDS_EVENT_POCKET_FILL, FIELDS_REASON_SCRIPTED, 20.0,
              7.0);
    for (int64_t day = 0; day < 6; day++) {
        record_row(r, TABLE_DAILY);
        record_put_i64(r, FIELD_DAILY_DAY, day);
        record_put_f64(r, FIELD_DAILY_DOSE_UG, dose[day]);
        record_put_f64(r, FIELD_DAILY_PLASMA_NG_PER_ML, day == 0 ? (double)NAN : 0.25);
        small_rest(r, TABLE_DAILY);
    }
}

/* More boluses on the second day than are told one by one, then a pocket fill. */
static void put_crowd(record_t *r, record_key_t key, int arms)
{
    (void)arms;
    small_patient(r, key);
    record_row(r, TABLE_OUTCOMES);
    record_put_i64(r, FIELD_OUTCOMES_PATIENT, key.patient);
    small_rest(r, TABLE_OUTCOMES);
    for (int64_t i = 0; i < 70; i++) {
        put_event(r, SMALL_DAY_MS / 2 + i * 600000, FIELDS_EVENT_PATIENT_BOLUS,
                  FIELDS_REASON_SCRIPTED, 0.5, 0.1);
    }
    put_event(r, SMALL_DAY_MS, FIELDS_EVENT_POCKET_FILL, FIELDS_REASON_SCRIPTED, 20.0, 7.0);
    for (int64_t day = 0; day < 2; day++) {
        record_row(r, TABLE_DAILY);
        record_put_i64(r, FIELD_DAILY_DAY, day);
        record_put_f64(r, FIELD_DAILY_DOSE_UG, day == 0 ? 0.0 : 36.0);
        record_put_f64(r, FIELD_DAILY_PLASMA_NG_PER_ML, 0.25);
        small_rest(r, TABLE_DAILY);
    }
}

/* Exports in that format; *f is then the file of that name in it, its head read. */
static FILE *opened_of(small_put_t put, const char *format, const char *name)
{
    char path[320], file[64], head[4096];
    error_t e = {0};
    reader_t *r = small_written(&study, 0, put);
    const export_options_t options = {.format = format,
                                      .dataset = "a.h5",
                                      .folder = folder_path(path, sizeof path, format),
                                      .overwrite = 1,
                                      .date = "2026-01-31"};
    cr_assert_eq(export_write(r, &options, &e), 0, "%s", e.text);
    reader_close(&r);
    (void)snprintf(file, sizeof file, "%s/%s", format, name);
    FILE *f = fopen(folder_path(path, sizeof path, file), "r");
    cr_assert_not_null(f, "%s", path);
    cr_assert_not_null(fgets(head, sizeof head, f));
    return f;
}

static FILE *opened(const char *format, const char *name)
{
    return opened_of(put_life, format, name);
}

/* The lines that are left of a file are these, and closes it. */
static void check_lines(FILE *f, const char *const *line, size_t lines)
{
    char got[4096];
    for (size_t i = 0; i < lines; i++) {
        cr_assert_not_null(fgets(got, sizeof got, f), "line %zu is missing: %s", i, line[i]);
        got[strcspn(got, "\n")] = '\0';
        cr_expect_str_eq(got, line[i]);
    }
    cr_expect_null(fgets(got, sizeof got, f), "a line too many: %s", got);
    (void)fclose(f);
}

#define CHECK(format, name, ...)                                                                   \
    check_lines(opened(format, name), (const char *const[]){__VA_ARGS__},                          \
                sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *))

Test(export_subjects, doses_of_the_tip_are_intervals_that_meet)
{
    CHECK("sdtm", "ex.csv",
          "small,EX,small-1-0-0,1,baclofen,40,ug,INTRATHECAL,1,2,P0DT6H0M0.000S,P1DT6H0M0.000S",
          "small,EX,small-1-0-0,2,baclofen,50.5,ug,INTRATHECAL,2,3,P1DT6H0M0.000S,P2DT6H0M0.000S");
}

Test(export_subjects, orders_have_their_own_units)
{
    CHECK("sdtm", "ec.csv",
          "small,EC,small-1-0-0,1,baclofen,PROGRAMME,40,ug/day,INTRATHECAL,study_protocol,1,"
          "P0DT12H0M0.000S",
          "small,EC,small-1-0-0,2,baclofen,PROGRAMME,50,ug/day,INTRATHECAL,study_protocol,2,"
          "P1DT12H0M0.000S");
}

Test(export_subjects, an_alarm_is_an_adverse_event_and_a_late_visit_a_departure)
{
    CHECK("sdtm", "ae.csv",
          "small,AE,small-1-0-0,1,pump alarm tone,tone,DEVICE,decided_by_core,2,P1DT0H0M0.000S");
    CHECK("sdtm", "dv.csv", "small,DV,small-1-0-0,1,clinic_visit,VISIT,late,1,P0DT0H0M0.000S");
    CHECK(
        "adam", "adae.csv",
        "small,small-1-0-0,1,\"first, of one\",pump alarm tone,tone,DEVICE,decided_by_core,Y,2,24");
}

Test(export_subjects, who_died_is_told_and_nobody_else)
{
    CHECK("sdtm", "dm.csv",
          "small,DM,small-1-0-0,1,0,0,\"first, of one\",0,\"first, of one\",1,YEARS,F,1,1,"
          "spinal_cord_injury,,horizon,4,1",
          "small,DM,small-2-0-0,2,0,0,\"first, of one\",0,\"first, of one\",1,YEARS,F,1,1,"
          "spinal_cord_injury,Y,death,4,1");
}

Test(export_subjects, a_programme_lasts_until_the_next_or_the_end)
{
    CHECK("adam", "adex.csv",
          "small,small-1-0-0,1,\"first, of one\",DOSEPRG,Daily dose as programmed "
          "(ug/day),40,1,2,12,36",
          "small,small-1-0-0,2,\"first, of one\",DOSEPRG,Daily dose as programmed "
          "(ug/day),50,2,4,36,72",
          "small,small-1-0-0,3,\"first, of one\",DOSETOT,Drug that left the catheter tip by the "
          "last daily row (ug),90.5,1,4,0,72",
          "small,small-1-0-0,4,\"first, of one\",VOLRATIO,Volume delivered over volume commanded "
          "(1),1,1,4,0,72",
          "small,small-1-0-0,5,\"first, of one\",TRTDUR,Time under a programme with a dose "
          "(d),2.5,1,4,0,72",
          "small,small-2-0-0,1,\"first, of one\",DOSETOT,Drug that left the catheter tip by the "
          "last daily row (ug),0,1,4,0,72",
          "small,small-2-0-0,2,\"first, of one\",VOLRATIO,Volume delivered over volume commanded "
          "(1),1,1,4,0,72",
          "small,small-2-0-0,3,\"first, of one\",TRTDUR,Time under a programme with a dose "
          "(d),0,1,4,0,72");
}

typedef struct event_row_t {
    double id, time, amt, rate, addl, ii, evid, cmt, dv, mdv;
} event_row_t;

/* Rows of a NONMEM table up to n; returns how many there are. */
static size_t read_rows(FILE *f, event_row_t *row, size_t n)
{
    char line[4096];
    size_t rows = 0;
    while (fgets(line, sizeof line, f) != NULL) {
        event_row_t *to = &row[rows < n ? rows : n - 1];
        cr_assert_eq(sscanf(line, "%lf,%lf,%lf,%lf,%lf,%lf,%lf,%lf,%lf,%lf", &to->id, &to->time,
                            &to->amt, &to->rate, &to->addl, &to->ii, &to->evid, &to->cmt, &to->dv,
                            &to->mdv),
                     10, "%s", line);
        rows++;
    }
    (void)fclose(f);
    return rows;
}

static void expect_row(const event_row_t *got, event_row_t due)
{
    cr_expect(got->time == due.time && got->cmt == due.cmt && got->evid == due.evid &&
                  got->addl == due.addl && got->ii == due.ii && got->mdv == due.mdv,
              "at %g h, CMT %g, EVID %g, ADDL %g where %g h, CMT %g, EVID %g, ADDL %g was due",
              got->time, got->cmt, got->evid, got->addl, due.time, due.cmt, due.evid, due.addl);
    cr_expect_float_eq(got->amt, due.amt, 1e-12, "%g ug at %g h", got->amt, due.time);
    cr_expect_float_eq(got->rate, due.rate, 1e-12, "%g ug/h at %g h", got->rate, due.time);
    cr_expect_float_eq(got->dv, due.dv, 0.0, "%g ng/mL at %g h", got->dv, due.time);
}

/* A day's dose is shared among the programmes of that day by rate and time, from the moment of each. */
Test(export_subjects, nonmem_doses_begin_with_their_programmes)
{
    static const event_row_t due[] = {{1, 6, 0, 0, 0, 0, 0, 4, 0.25, 0},
                                      {1, 12, 40, 40.0 / 18.0, 0, 0, 1, 1, 0, 1},
                                      {1, 30, 0, 0, 0, 0, 0, 4, 0.5, 0},
                                      {1, 30, 12.625, 50.5 / 24.0, 0, 0, 1, 1, 0, 1},
                                      {1, 36, 37.875, 50.5 / 24.0, 0, 0, 1, 1, 0, 1},
                                      {1, 54, 0, 0, 0, 0, 0, 4, 0.75, 0},
                                      {2, 6, 0, 0, 0, 0, 0, 4, 0.25, 0}};
    event_row_t row[16];
    const size_t n = sizeof due / sizeof due[0];
    cr_assert_eq(read_rows(opened("nonmem", "plasma.csv"), row, 16), n);
    for (size_t i = 0; i < n; i++) {
        expect_row(&row[i], due[i]);
    }
}

Test(export_subjects, nonmem_tells_equal_days_once_and_needles_where_they_went)
{
    static const event_row_t due[] = {
        {1, 2, 50, 0, 0, 0, 1, 2, 0, 1},
        {1, 6, 0, 0, 0, 0, 0, 4, 0, 1}, /* no level */
        {1, 12, 30, 30.0 / 18.0, 0, 0, 1, 1, 0, 1},
        {1, 30, 0, 0, 0, 0, 0, 4, 0.25, 0},
        {1, 30, 40, 40.0 / 24.0, 2, 24, 1, 1, 0, 1}, /* and two more like it */
        {1, 54, 0, 0, 0, 0, 0, 4, 0.25, 0},
        {1, 78, 0, 0, 0, 0, 0, 4, 0.25, 0},
        {1, 102, 0, 0, 0, 0, 0, 4, 0.25, 0},
        {1, 102, 40, 40.0 / 24.0, 0, 0, 1, 1, 0, 1},
        {1, 108, 5, 5, 0, 0, 1, 1, 0, 1}, /* the bolus above it */
        {1, 114, 7, 0, 0, 0, 1, 3, 0, 1}, /* beside the port */
        {1, 126, 0, 0, 0, 0, 0, 4, 0.25, 0}};
    event_row_t row[32];
    const size_t n = sizeof due / sizeof due[0];
    cr_assert_eq(read_rows(opened_of(put_needles, "nonmem", "plasma.csv"), row, 32), 2 * n);
    for (size_t i = 0; i < n; i++) {
        expect_row(&row[i], due[i]);
    }
}

Test(export_subjects, nonmem_tells_of_needles_also_where_boluses_are_too_many)
{
    static const event_row_t due[] = {{1, 6, 0, 0, 0, 0, 0, 4, 0.25, 0},
                                      {1, 6, 36, 1.5, 0, 0, 1, 1, 0, 1},
                                      {1, 24, 7, 0, 0, 0, 1, 3, 0, 1},
                                      {1, 30, 0, 0, 0, 0, 0, 4, 0.25, 0}};
    event_row_t row[16];
    const size_t n = sizeof due / sizeof due[0];
    cr_assert_eq(read_rows(opened_of(put_crowd, "nonmem", "plasma.csv"), row, 16), 2 * n);
    for (size_t i = 0; i < n; i++) {
        expect_row(&row[i], due[i]);
    }
}

Test(export_subjects, a_study_that_does_not_tell_when_its_days_are_taken_is_refused)
{
    char path[256];
    error_t e = {0};
    provenance_t silent = study;
    silent.config = "study:\n  name: small\n";
    reader_t *r = small_written(&silent, 0, put_life);
    const export_options_t options = {
        .format = "sdtm", .dataset = "a.h5", .folder = folder_path(path, sizeof path, "none")};
    cr_expect_eq(export_write(r, &options, &e), ERROR_DATASET_FOREIGN);
    cr_expect_neq(strstr(e.text, "export it as csv"), NULL, "%s", e.text);
    reader_close(&r);
}
