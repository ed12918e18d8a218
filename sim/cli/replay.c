/* SPDX-License-Identifier: Apache-2.0 */
/* `thecasim replay`: one patient of a dataset again: every pulse, every decision, a chart. */
#include "chart.h"
#include "cli/command.h"
#include "cohort/origin.h"
#include "cohort/replay.h"
#include "dataset/fingerprint.h"
#include "dataset/writer.h"
#include "host/recorder.h"

#include <stdio.h>
#include <string.h>

typedef struct replay_options_t {
    int64_t patient, arm, replicate;
    const char *core, *output;
    bool force, pulses;
} replay_options_t;

/* ---- what is said ------------------------------------------------------------------------------------ */

static double value_of(const record_view_t *v, const fields_layout_t *l, enum fields_id f,
                       size_t row)
{
    return record_view_number(v, l, f, row);
}

static void say_events(const record_view_t *v, const fields_layout_t *l)
{
    printf("\n%14s  %-20s %-16s %14s %14s\n", "day", "event", "reason", "value", "value 2");
    for (size_t i = 0; i < v->count[TABLE_EVENTS]; i++) {
        double day = value_of(v, l, FIELD_EVENTS_TIME_MS, i) / 86400000.0;
        int64_t kind = (int64_t)value_of(v, l, FIELD_EVENTS_KIND, i);
        int64_t reason = (int64_t)value_of(v, l, FIELD_EVENTS_REASON, i);
        printf("%14.6f  %-20s %-16s %14.6g %14.6g\n", day,
               fields_choice_name(FIELDS_TYPE_EVENT, kind),
               fields_choice_name(FIELDS_TYPE_REASON, reason),
               value_of(v, l, FIELD_EVENTS_VALUE, i), value_of(v, l, FIELD_EVENTS_VALUE2, i));
    }
}

static void say_pulses(const record_view_t *v, const fields_layout_t *l)
{
    printf("pulse,time_ms,volume_ul\n");
    for (size_t i = 0; i < v->count[TABLE_PULSES]; i++) {
        printf("%zu,%.0f,%.9f\n", i + 1, value_of(v, l, FIELD_PULSES_TIME_MS, i),
               value_of(v, l, FIELD_PULSES_VOLUME_UL, i));
    }
}

static int say_charts(const record_view_t *v, const fields_layout_t *l, error_t *e)
{
    static const enum fields_id shown[] = {FIELD_DAILY_LUMBAR_NG_PER_ML,
                                           FIELD_DAILY_ASHWORTH_LATENT, FIELD_DAILY_RESERVOIR_ML};
    int code = 0;
    for (size_t i = 0; code == 0 && i < sizeof shown / sizeof shown[0]; i++) {
        chart_t chart;
        code = chart_init(&chart, v->count[TABLE_DAILY], e);
        for (size_t row = 0; code == 0 && row < v->count[TABLE_DAILY]; row++) {
            chart_put(&chart, row, value_of(v, l, FIELD_DAILY_DAY, row),
                      value_of(v, l, shown[i], row));
        }
        if (code == 0) {
            const fields_t *field = fields_get(shown[i]);
            chart_print(&chart, field->name, strcmp(field->unit, "1") == 0 ? "" : field->unit,
                        stdout);
        }
        chart_free(&chart);
    }
    return code;
}

static void say_difference(const replay_difference_t *d)
{
    if (d->table == TABLE_COUNT) {
        printf("identical to the dataset, bit for bit\n");
        return;
    }
    printf(
        "differs from the dataset in %zu values; first: %s/%s row %zu: stored %.17g, now %.17g\n",
        d->different, fields_table(d->table)->name, fields_get(d->field)->name, d->row, d->stored,
        d->replayed);
}

/* ---- what is done ------------------------------------------------------------------------------------ */

static int write_trace(const replay_options_t *o, reader_t *from, const record_t *r, error_t *e)
{
    writer_options_t options = {.trace = 1, .overwrite = o->force};
    provenance_t p = *reader_provenance(from);
    p.hal_calls.count = RECORDER_WATCHDOG + 1;
    for (size_t i = 0; i < p.hal_calls.count; i++) {
        p.hal_calls.name[i] = recorder_name((recorder_call_id_t)i);
    }
    return writer_single(r, o->output, &p, &options, e);
}

static int say_all(const replay_options_t *o, reader_t *from, const record_t *r, error_t *e)
{
    replay_difference_t difference;
    record_view_t view;
    size_t size = 0;
    const uint8_t *frame = record_frame(r, &size);
    int code = record_parse(frame, size, &r->layout, &view, e);
    code = code != 0 ? code : replay_compare(from, r, &difference, e);
    if (code != 0) {
        return code;
    }
    if (o->pulses) {
        say_pulses(&view, &r->layout);
        return 0;
    }
    printf("patient %lld of %s: simulated, %zu pulses, %zu hardware calls\n", (long long)o->patient,
           reader_provenance(from)->study, view.count[TABLE_PULSES], view.count[TABLE_CALLS]);
    say_difference(&difference);
    say_events(&view, &r->layout);
    return say_charts(&view, &r->layout, e);
}

static void warn_of_mix(const reader_t *from, const core_t *core)
{
    char here[PROVENANCE_FINGERPRINT_SIZE];
    const provenance_t *p = reader_provenance(from);
    fingerprint_libm(here);
    if (strcmp(here, p->libm) != 0) {
        fprintf(
            stderr,
            "thecasim: warning: the dataset was made with another libm; last digits may differ\n");
    }
    if (strcmp(core->entry->core_id, p->core_id) != 0) {
        fprintf(stderr, "thecasim: warning: the dataset was made with core %s; this is %s\n",
                p->core_id, core->entry->core_id);
    }
}

static int replay(const replay_options_t *o, const char *path, const core_t *core, error_t *e)
{
    record_key_t key = {o->patient, (int32_t)o->arm, (int32_t)o->replicate};
    reader_t *from = NULL;
    record_t record;
    int code;
    record_init(&record);
    code = reader_open(&from, path, e);
    if (code == 0) {
        warn_of_mix(from, core);
        code = replay_run(from, core, key, &record, e);
    }
    if (code == 0 && o->output != NULL) {
        code = write_trace(o, from, &record, e);
    }
    code = code != 0 ? code : say_all(o, from, &record, e);
    record_free(&record);
    reader_close(&from);
    return code;
}

int replay_command(int argc, char **argv)
{
    replay_options_t o = {.patient = 0};
    const option_row_t row[] = {
        {"patient", 'p', OPTION_COUNT, &o.patient, "N", "whom; needed"},
        {"arm", 0, OPTION_COUNT, &o.arm, "A", "in which arm; default 0"},
        {"replicate", 0, OPTION_COUNT, &o.replicate, "R", "in which replicate; default 0"},
        {"pulses", 0, OPTION_FLAG, &o.pulses, NULL, "print every pulse as CSV, and nothing else"},
        {"output", 'o', OPTION_TEXT, &o.output, "TRACE.h5", "write calls, pulses and series there"},
        {"core", 0, OPTION_TEXT, &o.core, "CORE.so",
         "another dosing core; default: the built-in one"},
        {"force", 0, OPTION_FLAG, &o.force, NULL, "replace TRACE.h5"},
    };
    const command_t command = {"replay",
                               "DATASET.h5",
                               "run one patient of a dataset again: every pulse, decision, chart",
                               "thecasim replay baclofen-maintenance.h5 --patient 17 -o trace.h5",
                               row,
                               sizeof row / sizeof row[0],
                               1,
                               1};
    operands_t left;
    core_t core = core_builtin();
    error_t e = {0};
    int code = options_parse(&command, argc, argv, &left);
    if (code != CLI_DONE) {
        return code < 0 ? CLI_DONE : code;
    }
    if (o.patient == 0) {
        fprintf(stderr,
                "thecasim: error: replay: --patient N is needed; try 'thecasim replay --help'\n");
        return CLI_USAGE;
    }
    code = o.core != NULL ? core_load(o.core, &core, &e) : 0;
    code = code != 0 ? code : replay(&o, left.item[0], &core, &e);
    core_close(&core);
    if (code < 0) {
        command_error(&e);
        return CLI_FAILED;
    }
    return CLI_DONE;
}
