/* SPDX-License-Identifier: Apache-2.0 */
/* A suite written as text, as config/suite.h reads it. */
#ifndef SIM_REGRESS_SUITE_TEXT_H
#define SIM_REGRESS_SUITE_TEXT_H

#include "config/suite.h"

#include <stdio.h>

/* The sections before the scenarios: cpu, must_live and tolerance are those of `like`. `name` and `title` as in a suite. */
void suite_text_head(const suite_t *like, const char *name, const char *title, FILE *out);

/* One scenario: name, levels and patient of `s`, and the text of a study. */
void suite_text_scenario(const suite_scenario_t *s, const char *study, FILE *out);

#endif
