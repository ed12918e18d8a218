/* SPDX-License-Identifier: Apache-2.0 */
/* What a study does not know: keys with a spread, and the values that each replicate draws for them.
 *
 * A draw is keyed by the study's seed, the replicate and the key's name: neither the place in the list, nor what else
 * stands there, nor the arm moves it. Rows are drawn independently of each other: an assumption, since no joint sample is at
 * hand. Everything here is a pure function but for what it is told to fill.
 */
#ifndef CONFIG_UNCERTAIN_H
#define CONFIG_UNCERTAIN_H

#include "config/field.h"
#include "config/study.h"

#define UNCERTAIN_SECTIONS                                                                         \
    "body, drugs[].kinetics, drugs[].compound, population, pump, catheter, refill and clinic"

/* The row of the field table that a key names ("drugs[0].kinetics.loss") and, in *at, the item of its list; NULL where it
 * names none. */
const field_t *uncertain_field(const char *key, field_index_t *at);

/* Reads a key into member[STUDY_KEY_SIZE]. Returns 1, or 0 with what is wrong and how to mend it in why[VALUE_WHY_SIZE]:
 * unknown, with the nearest name; no number; of a section that is the study's to decide. */
int uncertain_read_key(const char *text, char *member, char *why)
    __attribute__((warn_unused_result));

/* Fills the members of each row that follow from its key; a row whose key was not read is left alone. `by_range` becomes the
 * shape that it stands for. */
void uncertain_complete(study_t *s);

/* The value of row `k` of *s, complete, in a replicate: of 0 the study's own, else the draw. Normal: mean and SD from
 * the middle and width of low..high, whose ends are the quantiles 0.025 and 0.975; log-normal: the same of the logarithms;
 * both truncated to least..most by inversion of the distribution function. Uniform: between low and high. */
double uncertain_value(const study_t *s, int64_t k, int64_t replicate);

/* Copies *s into *room and lays the draws of a replicate over the keys that apply. *room borrows what *s owns. */
void uncertain_lay(const study_t *s, int64_t replicate, study_t *room);

#endif
