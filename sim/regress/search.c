/* SPDX-License-Identifier: Apache-2.0 */
/* Scenarios drawn from a seed. */
#include "regress/search.h"

#include "draw.h"
#include "regress/suite_text.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define ATTEMPTS_MAX 100

static double between(draw_t *d, double low, double high)
{
    return low + (high - low) * draw_uniform(d);
}

/* As evenly over orders of magnitude. */
static double between_log(draw_t *d, double low, double high)
{
    return exp(between(d, log(low), log(high)));
}

static int one_of(draw_t *d, int count)
{
    const int i = (int)(draw_uniform(d) * count);
    return i < count ? i : count - 1;
}

/* What a scenario is drawn around: its doses are rates of the pump times the concentration. */
typedef struct frame_t {
    double days, ug_per_ml, ml_per_day;
    bool on_request;
} frame_t;

static double dose_of(draw_t *d, const frame_t *f)
{
    return f->ml_per_day * f->ug_per_ml * between_log(d, 0.5, 2.0);
}

/* ---- programmes ------------------------------------------------------------------------------------------------------ */

static void put_steps(draw_t *d, const frame_t *f, FILE *out)
{
    const int steps = 1 + one_of(d, 6);
    int minute = 0;
    (void)fputs("  mode: flex\n  steps:\n", out);
    for (int i = 0; i < steps; i++) {
        (void)fprintf(out, "    - {at: \"%02d:%02d\", dose: %.6g ug/day}\n", minute / 60,
                      minute % 60, dose_of(d, f));
        minute += 1 + one_of(d, (1439 - minute) / (steps - i) + 1);
        if (minute > 1439) {
            break;
        }
    }
}

static void put_timed(draw_t *d, const frame_t *f, FILE *out)
{
    const int boluses = 1 + one_of(d, 3);
    (void)fputs("  timed:\n", out);
    for (int i = 0; i < boluses; i++) {
        (void)fprintf(out, "    - {at: \"%02d:%02d\", dose: %.6g ug, duration: %d min}\n",
                      8 * i + one_of(d, 8), one_of(d, 60), dose_of(d, f) / 20.0, 1 + one_of(d, 60));
    }
}

static void put_on_request(draw_t *d, const frame_t *f, FILE *out)
{
    (void)fprintf(out,
                  "  on_request: {dose: %.6g ug, duration: %d min, lockout: %d min, per_day: %d}\n",
                  dose_of(d, f) / 20.0, 1 + one_of(d, 30), 30 + one_of(d, 300), 1 + one_of(d, 8));
}

static void put_therapy(draw_t *d, frame_t *f, FILE *out)
{
    (void)fputs("therapy:\n", out);
    if (one_of(d, 2) == 0) {
        (void)fprintf(out, "  dose: %.6g ug/day\n", dose_of(d, f));
    } else {
        put_steps(d, f, out);
    }
    if (one_of(d, 3) == 0) {
        put_timed(d, f, out);
    }
    f->on_request = one_of(d, 3) == 0;
    if (f->on_request) {
        put_on_request(d, f, out);
    }
}

/* ---- what happens ------------------------------------------------------------------------------------------------------- */

static void put_bolus(draw_t *d, const frame_t *f, FILE *out)
{
    (void)fprintf(out, "order: bolus, amount: %.6g ug, over: %d min", dose_of(d, f) / 10.0,
                  1 + one_of(d, 90));
}

static void put_refill(draw_t *d, const frame_t *f, FILE *out)
{
    (void)fprintf(out, "order: refill, volume: %.4g mL, concentration: %.6g ug/mL, bridge: %s",
                  between(d, 1.0, 20.0),
                  f->ug_per_ml * (one_of(d, 2) == 0 ? 1.0 : between(d, 0.5, 2.0)),
                  one_of(d, 2) == 0 ? "true" : "false");
}

static void put_therapy_order(draw_t *d, const frame_t *f, FILE *out)
{
    if (one_of(d, 4) == 0) {
        (void)fputs("order: therapy, mode: stopped", out);
    } else {
        (void)fprintf(out, "order: therapy, dose: %.6g ug/day", dose_of(d, f));
    }
}

static void put_request(draw_t *d, const frame_t *f, FILE *out)
{
    (void)f;
    (void)fprintf(out, "order: request, for: %d h, per_day: %d", 1 + one_of(d, 48),
                  1 + one_of(d, 12));
}

static void put_time(draw_t *d, const frame_t *f, FILE *out)
{
    (void)f;
    (void)fprintf(out, "order: set_time, forward: %d min", one_of(d, 2880) - 1440);
}

static void put_exposure(draw_t *d, const frame_t *f, FILE *out)
{
    (void)f;
    (void)fprintf(out, "order: exposure, lasting: %.4g h, ", between_log(d, 0.1, 48.0));
    switch (one_of(d, 3)) {
    case 0:
        (void)fprintf(out, "field: %.3g T", between(d, 0.1, 7.0));
        break;
    case 1:
        (void)fprintf(out, "temperature: %.4g degC", between(d, 34.0, 42.0));
        break;
    default:
        (void)fprintf(out, "pressure: %.4g kPa", between(d, 60.0, 250.0));
        break;
    }
}

static void put_fault(draw_t *d, const frame_t *f, FILE *out)
{
    static const char *const fault[] = {"motor_seized",     "motor_short", "gear_corrosion",
                                        "foreign_particle", "shaft_wear",  "tube_damage"};
    const int which = one_of(d, 6);
    (void)f;
    (void)fprintf(out, "order: fault, fault: %s, severity: %.3g", fault[which],
                  which == 0 ? 1.0 : between(d, 0.1, which == 5 ? 1.5 : 1.0));
}

static void put_events(draw_t *d, const frame_t *f, FILE *out)
{
    static void (*const put[])(draw_t * d, const frame_t *f, FILE *out) = {
        put_bolus, put_refill, put_therapy_order, put_time, put_exposure, put_fault, put_request};
    const int events = one_of(d, 9);
    (void)fputs(events > 0 ? "events:\n" : "", out);
    for (int i = 0; i < events; i++) {
        (void)fprintf(out, "  - {at: %.0f min, ", floor(between(d, 0.0, f->days) * 1440.0));
        put[one_of(d, f->on_request ? 7 : 6)](d, f, out);
        (void)fputs("}\n", out);
    }
}

/* ---- a scenario ------------------------------------------------------------------------------------------------------------ */

static void put_study(draw_t *d, size_t number, FILE *out)
{
    static const double ug_per_ml[] = {50.0, 500.0, 1000.0, 2000.0};
    frame_t f = {.days = floor(between_log(d, 1.0, 30.0)),
                 .ug_per_ml = ug_per_ml[one_of(d, 4)],
                 .ml_per_day = between_log(d, 0.06, 6.0)};
    (void)fprintf(out, "study: {name: search-%zu, patients: 1, horizon: %.0f day, seed: %d}\n",
                  number, f.days, one_of(d, 1000000));
    (void)fprintf(out, "drugs: [{name: baclofen, concentration: %.6g ug/mL}]\n", f.ug_per_ml);
    (void)fprintf(out, "pump: {fill: %.4g mL, low_alarm: %.3g mL}\n", between(d, 1.0, 20.0),
                  between(d, 0.5, 4.0));
    put_therapy(d, &f, out);
    (void)fputs("catheter: {tip: T10}\nbody: {model: none}\n", out);
    put_events(d, &f, out);
}

static bool is_study(const char *text, size_t length)
{
    const study_source_t source = {.name = "search", .text = text, .length = length};
    study_t s;
    diagnostic_t found;
    error_t refused = {0};
    diagnostic_init(&found);
    const int code = study_parse(&s, &source, &found, &refused);
    diagnostic_free(&found);
    study_free(&s);
    return code == 0;
}

/* Draws until the rules of studies have nothing against it; *text is the caller's to free. */
static int draw_study(uint64_t seed, size_t number, char **text, error_t *e)
{
    for (uint64_t attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
        draw_t d;
        size_t length = 0;
        draw_init(&d, seed, DRAW_TEST, (uint64_t)number, 0, attempt);
        FILE *out = open_memstream(text, &length);
        if (out == NULL) {
            return ERROR_RAISE(e, ERROR_MEMORY, "out of memory for a drawn scenario");
        }
        put_study(&d, number, out);
        if (fclose(out) != 0) {
            free(*text);
            return ERROR_RAISE(e, ERROR_MEMORY, "out of memory for a drawn scenario");
        }
        if (is_study(*text, length)) {
            return 0;
        }
        free(*text);
    }
    return ERROR_RAISE(e, ERROR_INVARIANT,
                       "seed %" PRIu64 ", scenario %zu: none of %d draws is valid", seed, number,
                       ATTEMPTS_MAX);
}

static int put_scenario(uint64_t seed, size_t number, FILE *out, error_t *e)
{
    suite_scenario_t s = {.level = {1, 1, 1, 0}, .patient = 1};
    char *text = NULL;
    const int code = draw_study(seed, number, &text, e);
    if (code == 0) {
        (void)snprintf(s.name, sizeof s.name, "search-%zu", number);
        suite_text_scenario(&s, text, out);
        free(text);
    }
    return code;
}

int search_write(const suite_t *like, uint64_t seed, size_t first, size_t count, const char *path,
                 error_t *e)
{
    char name[STUDY_NAME_SIZE];
    FILE *out = fopen(path, "w");
    int code = 0;
    if (out == NULL) {
        return ERROR_RAISE(e, ERROR_FILE_OPEN, "%s: %s", path, strerror(errno));
    }
    (void)snprintf(name, sizeof name, "search-of-seed-%" PRIu64, seed);
    suite_text_head(like, name, "Drawn scenarios", out);
    for (size_t i = 0; code == 0 && i < count; i++) {
        code = put_scenario(seed, first + i, out, e);
    }
    if ((fclose(out) != 0) && code == 0) {
        code = ERROR_RAISE(e, ERROR_FILE_WRITE, "%s: %s", path, strerror(errno));
    }
    return code;
}
