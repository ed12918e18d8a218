/* SPDX-License-Identifier: Apache-2.0 */
/* The patient's death, which ends the trajectory: of disease and age, where the study wants so, or by the study's script.
 *
 * What a person is given to spend against the hazard is drawn once (DRAW_DEATH), whatever the arm: so arms share the date, as
 * long as they share the person and the hazard. Nothing that a therapy does moves it. Death comes at a whole minute, at which a
 * body's step can end, and after all else of that time. It leaves pump, catheter and body as they are.
 */
#ifndef SIM_COHORT_DEATH_H
#define SIM_COHORT_DEATH_H

#include "cohort/patient.h"

#include <stdbool.h>

/* Once the person is drawn, at time 0: when that person dies, if ever. */
void death_draw(patient_t *p);

/* The study's script lets the patient die: now, or at the next whole minute; never later than of disease and age. */
void death_impose(patient_t *p);

/* Whether it has come by now. */
bool death_has_come(const patient_t *p);

/* Writes the event: its reason, and the age. */
void death_note(patient_t *p);

#endif
