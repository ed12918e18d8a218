/* SPDX-License-Identifier: Apache-2.0 */
/* Scenarios drawn from a seed. */
#include "regress/search.h"

#include "draw.h"
#include "regress/search_event.h"
#include "regress/suite_text.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define ATTEMPTS_MAX 100

/* ---- programmes ------------------------------------------------------------------------------------------------------ */

static void put_steps(draw_t *d, const search_frame_t *f, FILE *out)
{
    const int steps = 1 + search_event_one_of(d, 6);
    int minute = 0;
    (void)fputs("  mode: flex\n  steps:\n", out);
    for (int i = 0; i < steps; i++) {
        (void)fprintf(out, "    - {at: \"%02d:%02d\", dose: %.6g ug/day}\n", minute / 60,
                      minute % 60, search_event_dose(d, f));
        minute += 1 + search_event_one_of(d, (1439 - minute) / (steps - i) + 1);
        if (minute > 1439) {
            break;
        }
    }
}

static void put_timed(draw_t *d, const search_frame_t *f, FILE *out)
{
    const int boluses = 1 + search_event_one_of(d, 3);
    (void)fputs("  timed:\n", out);
    for (int i = 0; i < boluses; i++) {
        (void)fprintf(out, "    - {at: \"%02d:%02d\", dose: %.6g ug, duration: %d min}\n",
                      8 * i + search_event_one_of(d, 8), search_event_one_of(d, 60),
                      search_event_dose(d, f) / 20.0, 1 + search_event_one_of(d, 60));
    }
}

static void put_on_request(draw_t *d, const search_frame_t *f, FILE *out)
{
    (void)fprintf(out,
                  "  on_request: {dose: %.6g ug, duration: %d min, lockout: %d min, per_day: %d}\n",
                  search_event_dose(d, f) / 20.0, 1 + search_event_one_of(d, 30),
                  30 + search_event_one_of(d, 300), 1 + search_event_one_of(d, 8));
}

static void put_therapy(draw_t *d, search_frame_t *f, FILE *out)
{
    (void)fputs("therapy:\n", out);
    if (search_event_one_of(d, 2) == 0) {
        (void)fprintf(out, "  dose: %.6g ug/day\n", search_event_dose(d, f));
    } else {
        put_steps(d, f, out);
    }
    if (search_event_one_of(d, 3) == 0) {
        put_timed(d, f, out);
    }
    f->on_request = search_event_one_of(d, 3) == 0;
    if (f->on_request) {
        put_on_request(d, f, out);
    }
}

/* ---- a scenario ------------------------------------------------------------------------------------------------------------ */

static void put_study(draw_t *d, size_t number, FILE *out)
{
    static const double ug_per_ml[] = {50.0, 500.0, 1000.0, 2000.0};
    search_frame_t f = {.days = floor(search_event_between_log(d, 1.0, 30.0)),
                        .ug_per_ml = ug_per_ml[search_event_one_of(d, 4)],
                        .ml_per_day = search_event_between_log(d, 0.06, 6.0)};
    (void)fprintf(out, "study: {name: search-%zu, patients: 1, horizon: %.0f day, seed: %d}\n",
                  number, f.days, search_event_one_of(d, 1000000));
    (void)fprintf(out, "drugs: [{name: baclofen, concentration: %.6g ug/mL}]\n", f.ug_per_ml);
    (void)fprintf(out, "pump: {fill: %.4g mL, low_alarm: %.3g mL}\n",
                  search_event_between(d, 1.0, 20.0), search_event_between(d, 0.5, 4.0));
    put_therapy(d, &f, out);
    (void)fputs("catheter: {tip: T10}\nbody: {model: none}\n", out);
    search_event_put_all(d, &f, out);
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
