/* SPDX-License-Identifier: Apache-2.0 */
/* Verifying what is said of uncertain parameters and their draws. */
#include "tests/sim/dataset/sound.h"

#include "dataset/verify.h"

#include <criterion/criterion.h>
#include <hdf5.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PARAMETERS 2

/* What is known of two parameters, and a draw beside their central values. */
typedef struct drawn_t {
    const char *key, *unit, *shape; /* of the second */
    provenance_range_t range;       /* of the second */
    double value[2 * PARAMETERS];
} drawn_t;

static const drawn_t sound_draw = {
    "b", "mL", "uniform", {1.0, 2.0, 0.5, 3.0}, {5.0, 2.5, -9.0, 1.5}};

/* Three patients in each of two replicates, each after the other. */
static sound_said_t verify_drawn(const drawn_t *d, size_t replicates, const char *column,
                                 hsize_t row)
{
    char path[256];
    const provenance_range_t range[PARAMETERS] = {{-1.0, 1.0, -9.0, 9.0}, d->range};
    provenance_t p = sound_provenance();
    p.draws = (provenance_draws_t){.key = {PARAMETERS, {"a", d->key}},
                                   .unit = {PARAMETERS, {"1", d->unit}},
                                   .shape = {PARAMETERS, {"normal", d->shape}},
                                   .range = range,
                                   .replicates = replicates,
                                   .value = d->value};
    fixture_path(path, sizeof path, "a.h5");
    sound_make(path, &sound_none, &p);
    if (column != NULL) {
        sound_disturb(path, column, row, 7);
    }
    return sound_verify(path);
}

static void expect_drawn(drawn_t d, const char *words)
{
    const sound_said_t said = verify_drawn(&d, 1, NULL, 0);
    cr_expect_not_null(strstr(said.text, words), "no \"%s\" in: %s", words, said.text);
}

/* A central value may lie outside of the range of the draws. */
Test(verify, draws_that_are_sound_pass)
{
    const sound_said_t said = verify_drawn(&sound_draw, 0, NULL, 0);
    cr_expect_eq(said.count, 0, "%s", said.text);
}

Test(verify, replicates_without_their_patients_are_named)
{
    const sound_said_t said = verify_drawn(&sound_draw, 1, NULL, 0);
    cr_expect_eq(said.count, 1, "%s", said.text);
    cr_expect_not_null(strstr(said.text, "index: 3 records; the study has 3 patients in 1 arms and "
                                         "2 replicates"),
                       "%s", said.text);
}

Test(verify, each_fault_of_the_draws_is_named)
{
    drawn_t d = sound_draw;
    d.value[3] = 2.25;
    expect_drawn(d, "draws/value: 1 of 2 values of b are out of bounds, first 2.25 of replicate 1");
    d = sound_draw;
    d.shape = "normal";
    d.value[3] = 3.25;
    expect_drawn(d, "draws/value: 1 of 2 values of b are out of bounds, first 3.25 of replicate 1");
    d = sound_draw;
    d.value[2] = (double)NAN;
    expect_drawn(d, "draws/value: 1 of 2 values of a are out of bounds, first nan");
    d = sound_draw;
    d.value[1] = 3.5;
    expect_drawn(d, "draws/value: 1 of 2 values of b are out of bounds, first 3.5 of replicate 0");
    d = sound_draw;
    d.key = "a";
    expect_drawn(d, "uncertain/key: rows 0 and 1 are both 'a'");
    d = sound_draw;
    d.unit = "";
    expect_drawn(d, "uncertain: row 1 is 'b' in ''");
    d = sound_draw;
    d.shape = "beta";
    expect_drawn(d, "uncertain: row 1 is 'b' in 'mL', drawn 'beta'");
    d = sound_draw;
    d.range.high = 3.5;
    expect_drawn(d, "uncertain: row 1, b, goes from 1 to 3.5 within 0.5 to 3");
    d = sound_draw;
    d.range.low = d.range.high;
    expect_drawn(d, "uncertain: row 1, b, goes from 2 to 2");
}

Test(verify, draws_that_are_not_numbered_in_order_are_named)
{
    static const struct {
        const char *column, *words;
    } fault[] = {
        {"/uncertain/parameter", "uncertain/parameter: row 1 is 7, and 1 is due"},
        {"/draws/replicate", "draws/replicate: row 1 is 7, and 0 is due"},
        {"/draws/parameter", "draws/parameter: row 1 is 7, and 1 is due"},
    };
    for (size_t i = 0; i < sizeof fault / sizeof fault[0]; i++) {
        const sound_said_t said = verify_drawn(&sound_draw, 1, fault[i].column, 1);
        cr_expect_not_null(strstr(said.text, fault[i].words), "no \"%s\" in: %s", fault[i].words,
                           said.text);
    }
}
