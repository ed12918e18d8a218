/* SPDX-License-Identifier: Apache-2.0 */
/* Statistics of the lives of pumps, from the table `pumps`. Times in years. */
#ifndef ANALYSIS_ESTIMATOR_LIVES_H
#define ANALYSIS_ESTIMATOR_LIVES_H

#include "validation/estimator.h"

/* Excess from which an output is over-infusion: beyond the labelled accuracy of 14.5 % (SynchroMed II, technical manual). */
#define ESTIMATOR_LIVES_OVER 0.145

estimator_function_t estimator_lives_free_of_stall; /* Kaplan-Meier at 6 years */
/* The lowest Kaplan-Meier estimate after 1 to 7 years of lives free of an event of the pump: neither the end of its battery or
 * of its age, nor what a patient decided, is one. */
estimator_function_t estimator_lives_event_free;
estimator_function_t estimator_lives_median; /* Kaplan-Meier, whatever ended a life */
estimator_function_t
    estimator_lives_battery; /* plain median of the lives that their battery, or their age, ended */
estimator_function_t estimator_lives_over; /* lives with over-infusion at their end */

#endif
