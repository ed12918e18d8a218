/* SPDX-License-Identifier: Apache-2.0 */
/* A study in which people die, as a user meets it: from the config to verify, replay, summary, report and export. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/sim/cli/user.h"

/* Twelve patients for 90 days. Patient 2 dies at a refill, 3 on day 40.5, the others as their years are. */
#define MORTAL                                                                                     \
    "run configs/baclofen-maintenance.yaml --set study.patients=12 "                               \
    "--set 'events=[{at: 28 day, every: 28 day, order: refill, volume: 18 mL}, "                   \
    "{at: 28 day, order: death, patient: 2}, {at: 40.5 day, order: death, patient: 3}]' "          \
    "--set 'population.mortality={model: gompertz, rate: 0.3 /year}' "

static const char *must_run(user_t *u, const char *arguments)
{
    user_run(u, arguments);
    cr_assert_eq(u->code, 0, "thecasim %s: exit %d: %s%s", arguments, u->code, u->out, u->err);
    return u->out;
}

static void must_say(const char *text, const char *words)
{
    cr_assert_neq(strstr(text, words), NULL, "no \"%s\" in: %s", words, text);
}

/* How many have died, as `summary` counts them after "ended by". */
static long died(const char *summary)
{
    const char *at = strstr(summary, "ended by ");
    at = at != NULL ? strstr(at, "death ") : NULL;
    cr_assert_neq(at, NULL, "%s", summary);
    return strtol(at + strlen("death "), NULL, 10);
}

Test(death, a_dataset_in_which_people_die_is_sound_and_told)
{
    static user_t o;
    must_run(&o, MORTAL "-o @/a.h5");
    must_say(must_run(&o, "verify @/a.h5"), "sound: 12 records");
    must_run(&o, "summary @/a.h5");
    cr_expect(died(o.out) >= 2 && died(o.out) < 12, "%s", o.out);
    must_say(o.out, "\n  death   ");
    must_say(o.out, "Aalen-Johansen,\n  where death and the end of therapy compete");
}

Test(death, a_life_that_death_ended_is_replayed_to_the_bit)
{
    static user_t o;
    must_run(&o, MORTAL "-o @/a.h5");
    for (int patient = 1; patient <= 12; patient++) {
        char line[64];
        (void)snprintf(line, sizeof line, "replay @/a.h5 --patient %d", patient);
        must_run(&o, line);
    }
    must_run(&o, "replay @/a.h5 --patient 3 -o @/trace.h5");
    must_say(must_run(&o, "verify @/trace.h5"), "sound: 1 record");
}

/* The rows of a sheet in which a text stands; the text of one of them. */
static int rows_with(const char *sheet, const char *words, char *row, size_t size)
{
    static char text[USER_OUTPUT_SIZE];
    int found = 0;
    for (char *line = strtok(user_read(sheet, text, sizeof text), "\n"); line != NULL;
         line = strtok(NULL, "\n")) {
        if (strstr(line, words) != NULL) {
            found++;
            (void)snprintf(row, size, "%s", line);
        }
    }
    return found;
}

Test(death, exports_tell_who_died_and_when)
{
    static user_t o;
    char row[1024];
    must_run(&o, MORTAL "-o @/a.h5");
    must_run(&o, "summary @/a.h5");
    const int deaths = (int)died(o.out);
    must_run(&o, "export @/a.h5 --format sdtm -o @/sdtm");
    must_run(&o, "export @/a.h5 --format adam -o @/adam");
    cr_expect_eq(rows_with("sdtm/dm.csv", ",Y,death,", row, sizeof row), deaths);
    cr_expect_eq(rows_with("sdtm/ae.csv", ",death,death,PATIENT,", row, sizeof row), deaths);
    cr_expect_eq(rows_with("adam/adae.csv", ",death,death,PATIENT,", row, sizeof row), deaths);
    cr_expect_eq(rows_with("adam/adsl.csv", ",DISCONTINUED,death,", row, sizeof row), deaths);
    /* Day 40.5 since enrolment is study day 41. */
    cr_assert_eq(rows_with("sdtm/ae.csv", ",scripted_order,41,", row, sizeof row), 1);
    must_say(row, "P40DT12H");
}

Test(death, the_page_names_it)
{
    static user_t o;
    static char page[1 << 22];
    must_run(&o, MORTAL "-o @/a.h5");
    must_run(&o, "report @/a.h5 -o @/a.html");
    user_read("a.html", page, sizeof page);
    must_say(page, "patients/stop_reason = death");
    must_say(page, "patient_died");
}
