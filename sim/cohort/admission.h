/* SPDX-License-Identifier: Apache-2.0 */
/* Whether the dosing core will run a study's therapies: asked of the core itself, by the programmer, before anything is run.
 *
 * Rules of the config reckon with nominal flows; what a pump accepts, its core alone knows. A pump is set up as patient 1 of the
 * study has it and given what enrolment gives it; that it refuses is an error of the study, as a run would stop there. A scripted
 * therapy is given to such a pump at the concentration then in force: that it refuses even this is a warning, as a run goes on
 * with the therapy before. What the core has given by then may be a reason more for it to refuse.
 */
#ifndef SIM_COHORT_ADMISSION_H
#define SIM_COHORT_ADMISSION_H

#include "config/study.h"
#include "host/core.h"

/* A judge of studies that asks this core; borrowed for the judge's life. */
study_judge_t admission_judge(const core_t *core);

#endif
