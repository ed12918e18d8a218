/* SPDX-License-Identifier: Apache-2.0 */
/* Hearing: whether a tone of the pump reaches its patient.
 *
 * An hour's noise, sleep, distance and attention are one normal spread in dB: of the hours, the share `tone_heard` lets a tone of
 * the level tone_level be heard, and answered, by a person of hearing_age. A louder tone is heard in more of them, and an older ear
 * takes from the level what ears lose with age: hearing_loss (age - 18)^2 dB above 18 years, median (ISO 7029:1984 at 2 kHz).
 * With a share of 0 nobody hears anything, with 1 everybody does.
 *
 * Thread rule: pure function.
 */
#ifndef MODELS_CARE_HEARING_H
#define MODELS_CARE_HEARING_H

#include "care/clinic.h"

/* Share of the hours, 0..1, in which a tone of level_db at the skin is heard and answered by a person of age_years; rises with
 * the level, falls with the age. */
double hearing_share(const clinic_param_t *p, double level_db, double age_years);

#endif
