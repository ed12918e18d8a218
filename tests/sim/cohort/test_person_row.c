/* SPDX-License-Identifier: Apache-2.0 */
/* A person as a row of numbers and back: nothing of a person is lost, whoever it is. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "body/population.h"
#include "cohort/person_row.h"

static error_t e;

static person_t draw(int patient, int drugs)
{
    const population_param_t p = parameters_population();
    person_centre_t centre = person_centre_default();
    person_t person;
    centre.drugs = drugs;
    for (int d = 0; d < SEGMENT_DRUGS_MAX; d++) {
        centre.drug[d] = d < drugs ? parameters_drug() : (drug_param_t){0};
        centre.drug[d].cord_in_per_h += 0.01 * (d < drugs ? d : 0);
    }
    centre.tip_level = patient % 2 == 0 ? "L3/4" : "t10";
    cr_assert_eq(population_draw(&person, &p, &centre, 3, (uint64_t)patient, 0, &e), 0, "%s",
                 e.text);
    return person;
}

Test(person_row, gives_the_same_person_back_to_the_bit)
{
    for (int patient = 1; patient <= 200; patient++) {
        const int drugs = 1 + patient % SEGMENT_DRUGS_MAX;
        const person_t person = draw(patient, drugs);
        double row[FROZEN_FIELDS_MAX];
        person_t back;
        memset(&back, 0xa5, sizeof back);
        cr_assert_eq(person_row_write(&person, patient, row, &e), 0, "%s", e.text);
        cr_expect_eq(row[0], patient);
        cr_assert_eq(person_row_read(&back, drugs, row, &e), 0, "%s", e.text);
        cr_expect_eq(memcmp(&person, &back, sizeof person), 0, "seed 3, patient %d, %d drugs",
                     patient, drugs);
    }
}

/* Each column has a member of its own: no two share one, none is left out. */
Test(person_row, has_one_column_for_each_number_of_a_person)
{
    const size_t columns = person_row_columns(SEGMENT_DRUGS_MAX);
    double row[FROZEN_FIELDS_MAX], back[FROZEN_FIELDS_MAX];
    size_t reals = 0;
    person_t person;
    for (size_t i = 0; i < columns; i++) {
        const frozen_field_t *f = person_row_field(i);
        row[i] = f->whole ? f->high : 1.0 + (double)i / 1024.0;
        reals += !f->whole;
        for (size_t k = 0; k < i; k++) {
            cr_expect_str_neq(person_row_field(k)->name, f->name);
        }
    }
    cr_assert_eq(person_row_read(&person, SEGMENT_DRUGS_MAX, row, &e), 0, "%s", e.text);
    cr_assert_eq(person_row_write(&person, (int64_t)row[0], back, &e), 0, "%s", e.text);
    cr_expect_eq(memcmp(row, back, columns * sizeof row[0]), 0);
    /* age, height, weight, bmi, stroke, clearance, canal twice, tip, groups, and the lists */
    cr_expect_eq(reals * sizeof(double), 9 * sizeof(double) + sizeof person.group_normal +
                                             sizeof person.csf + sizeof person.ashworth +
                                             sizeof person.tolerance + sizeof person.drug);
}

Test(person_row, knows_every_level_and_border)
{
    person_t person = draw(1, 1), back;
    double row[FROZEN_FIELDS_MAX];
    for (int half = 0; half <= 2 * (ANATOMY_LEVELS - 1); half++) {
        const char *low = anatomy_level(half / 2)->name,
                   *high = anatomy_level((half + 1) / 2)->name;
        memset(person.tip_level, 0, sizeof person.tip_level);
        (void)snprintf(person.tip_level, sizeof person.tip_level, half % 2 == 0 ? "%s" : "%s/%s",
                       low, high);
        cr_assert_eq(person_row_write(&person, 1, row, &e), 0, "%s", e.text);
        cr_assert_eq(person_row_read(&back, 1, row, &e), 0, "%s", e.text);
        cr_expect_str_eq(back.tip_level, person.tip_level);
    }
    (void)strcpy(person.tip_level, "T13");
    cr_expect_eq(person_row_write(&person, 1, row, &e), ERROR_ARGUMENT);
}

/* The names of the levels in a file are those of the anatomy, in its order. */
Test(person_row, names_levels_as_the_anatomy_does)
{
    const frozen_field_t *tip = NULL;
    for (size_t i = 0; i < person_row_columns(1); i++) {
        tip = strcmp(person_row_field(i)->name, "tip_level") == 0 ? person_row_field(i) : tip;
    }
    cr_assert_not_null(tip);
    char names[512] = "";
    for (int half = 0; half <= 2 * (ANATOMY_LEVELS - 1); half++) {
        (void)snprintf(names + strlen(names), sizeof names - strlen(names),
                       half % 2 == 0 ? "%s%s" : "%s%s/%s", half > 0 ? " " : "",
                       anatomy_level(half / 2)->name, anatomy_level((half + 1) / 2)->name);
    }
    cr_expect_str_eq(tip->meanings, names);
}

Test(person_row, refuses_names_that_there_are_not)
{
    double row[FROZEN_FIELDS_MAX];
    const person_t person = draw(4, 1);
    cr_assert_eq(person_row_write(&person, 4, row, &e), 0);
    for (size_t i = 0; i < person_row_columns(1); i++) {
        const double bad[] = {person_row_field(i)->high + 1, -1, 0.5, (double)NAN};
        const double kept = row[i];
        person_t back;
        for (size_t k = 0; person_row_field(i)->whole && k < sizeof bad / sizeof bad[0]; k++) {
            row[i] = bad[k];
            cr_expect_eq(person_row_read(&back, 1, row, &e), ERROR_ARGUMENT, "%s = %g",
                         person_row_field(i)->name, bad[k]);
        }
        row[i] = kept;
    }
}
