/* SPDX-License-Identifier: Apache-2.0 */
/* The course that a therapy takes by what was ordered and by the text of dosing_frame.h, dosing_mode.h and dosing_calendar.h: basal
 * rate by local time, boluses one at a time, primes, the fluid in the path, the reservoir. Doses in ng and in double.
 *
 * It is told what was accepted, the pulses, and when the core acted with the motor standing, for then alone does one delivery end and
 * the next begin. Times are the main clock's, which no tape disturbs.
 */
#ifndef FUZZ_COURSE_H
#define FUZZ_COURSE_H

#include <stdbool.h>
#include <stdint.h>

#include "dosing_factory.h"
#include "fuzz_week.h"

#define COURSE_ASKED_MAX 64u /* requests remembered: more than a day may hold */

typedef struct course_bolus_t {
    uint64_t from_ms, to_ms;
    double ng_per_ms;
} course_bolus_t;

/* What a core remembers after a reset, where only the core can know: a lease counts as given. */
typedef struct course_memory_t {
    uint32_t concentration[DOSING_DRUGS_MAX];
    uint64_t bridge_pl;
    uint64_t volume_pl;
    uint32_t revision;
    bool empty;
} course_memory_t;

typedef struct course_t {
    const dosing_factory_t *factory;
    const char *
        broken; /* the first thing accepted that the written format forbids; NULL while there is none */
    bool
        strange; /* the core began with a store of unknown content: nothing before the next commit is known */
    bool aged; /* the core's time fell behind in a reset: lockouts end later than they seem to */
    /* programme */
    bool committed;
    uint8_t head[DOSING_PROGRAMME_BYTES]; /* of the image in force */
    uint8_t mode;                         /* DOSING_MODE_*; STOPPED after a stop */
    bool asks;                            /* patient boluses are allowed */
    week_t week;
    /* fluid in the path, ng/mL, and what is left of it before the programme's own comes; 0: it is there */
    uint32_t concentration[DOSING_DRUGS_MAX];
    uint64_t bridge_pl;
    bool bridged; /* the last of it has left since the core acted */
    /* what is delivered beside the basal rate, and what waits for its end */
    uint32_t kind; /* DOSING_DELIVERY_* from BOLUS on; 0: nothing */
    course_bolus_t bolus;
    double held_ng;
    uint64_t held_ms; /* 0: nothing is held */
    uint32_t held_kind;
    uint64_t prime_pulses; /* still to come */
    uint32_t revision;
    /* local = time + shift, its day 0 phase_ms into the week */
    bool local;
    uint64_t shift_ms, phase_ms;
    uint64_t served_ms; /* local: no timed bolus up to here is due any more */
    uint64_t set_ms, free_ms;
    uint64_t due_ms; /* local: the next one after served_ms; UINT64_MAX: none */
    const week_moment_t *due;
    /* patient boluses, the latest at asked[(count - 1) % MAX] */
    uint64_t asked_ms[COURSE_ASKED_MAX];
    uint32_t asked;
    /* reservoir */
    uint64_t volume_pl, empty_pl;
    bool empty; /* the alarm holds: dosing is off */
} course_t;

/* A new pump. */
void course_start(course_t *c, const dosing_factory_t *factory);
/* A core begun anew: boluses and local time are gone, all else goes on. `exact`: the motor counted every stroke. */
void course_resume(course_t *c, const course_memory_t *memory, bool exact);
/* A core begun anew on a store of unknown content. */
void course_estrange(course_t *c, const course_memory_t *memory);
/* A commit ends that, but for what is in the path and the reservoir. */
void course_adopt(course_t *c, const course_memory_t *memory);

/* Pulses ordered over [from_ms, to_ms), a prime's not: as things stand, the core not acting in between. */
double course_pulses(const course_t *c, uint64_t from_ms, uint64_t to_ms);

/* A pulse began. True where it was a prime's. */
bool course_pulse(course_t *c);

/* The core acts at `now_ms`, the motor standing: first what is over ends; then, after whatever is ordered, what is due begins. */
void course_settle(course_t *c, uint64_t now_ms);
void course_drive(course_t *c, uint64_t now_ms);

/* True where it matters when exactly the core acts next: a delivery waits for the end of another, or for its moment. */
bool course_is_delicate(const course_t *c);

/* What was accepted at `now_ms`, between settle and drive. An image has week_image_bytes(). */
void course_programme(course_t *c, const uint8_t *image, uint64_t now_ms);
void course_order(course_t *c, uint8_t type, const uint8_t *payload, uint64_t now_ms);

/* Local time, ms since Monday 00:00; 0 where it is not known. */
uint64_t course_place(const course_t *c, uint64_t now_ms);

/* A patient's request at `now_ms` is within lockout and counts. */
bool course_lockout_is_over(const course_t *c, uint64_t now_ms);
bool course_counts_allow(const course_t *c, uint64_t now_ms);

#endif
