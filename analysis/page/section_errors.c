/* SPDX-License-Identifier: Apache-2.0 */
/* The three kinds of error, and what each is on this page. */
#include "page/section.h"

#include <math.h>

#include "page/html.h"
#include "page/section_parameters.h"
#include "summary/comparison.h"

#define COHORT_N 64 /* patients of a usual trial of this therapy (reference.def) */

/* Of one outcome: what N simulated patients leave open, and what a study of another size would. */
static void put_example(const source_t *s, const spread_t *q, FILE *out)
{
    fputs("<p>For example: the mean dose at the end in arm ", out);
    html_text(source_arm(s, 0), out);
    fputs(" is ", out);
    html_number(q->mean, out);
    fputs(" µg/day. Its Monte Carlo error, over ", out);
    fprintf(out, "%zu patients, is a standard error of ", q->n);
    html_number(q->sd / sqrt((double)q->n), out);
    fprintf(out, " µg/day. A real study of %d such patients would see means that scatter by ",
            COHORT_N);
    html_number(INTERVAL_Z_95 * q->sd / sqrt((double)COHORT_N), out);
    fputs(" µg/day to each side in 95 of 100 repetitions, even if the model were true.</p>\n", out);
}

int section_errors(const source_t *s, FILE *out, error_t *e)
{
    comparison_estimate_t estimate[OUTCOMES_COUNT];
    const int draws = (int)s->summary.nested.draws;
    const int rc = comparison_arm(&s->outcomes, 0, estimate, e);
    if (rc != 0) {
        return rc;
    }
    fputs("<dl class=\"kinds\">\n<dt>Monte Carlo error</dt><dd>How far a number would move if the "
          "same "
          "study were run with another seed. It shrinks with the square root of the patients "
          "simulated, and says nothing of the world. The 95 % intervals of means, shares, medians, "
          "rates and survival on this page are of this kind, for as many patients as were "
          "simulated.</dd>\n"
          "<dt>A cohort of N</dt><dd>How far a real study of N patients would scatter about the "
          "truth, "
          "because people differ; the bands over time show how much they do. Patients are drawn "
          "here as a study would draw them, so the interval of N simulated patients is also that "
          "of a study of N.</dd>\n"
          "<dt>Parameter uncertainty</dt><dd>",
          out);
    if (draws == 0) {
        fputs("How far numbers would move if the model’s parameters were others that the evidence "
              "allows as well. <strong>This dataset holds none of it</strong>: every patient was "
              "run at "
              "the parameters’ central values (replicate 0). No interval on this page covers it.",
              out);
    } else {
        fprintf(
            out,
            "How far numbers move with the parameters that the evidence allows. The dataset holds "
            "%d draws of them beside the central values, each with patients of its own. The "
            "columns "
            "<em>%s</em> and the tables below are of this kind, and nothing else on this page is: "
            "every "
            "other number is of the central values (replicate 0) alone. The estimates of the draws "
            "scatter by parameters and by chance between patients; they are drawn in towards their "
            "mean until the variance between draws less that within is left (Louis 1984, J Am Stat "
            "Assoc 79:393; O’Hagan, Stevenson and Madan 2007, Health Econ 16:1009), and their "
            "quantiles 2.5 and 97.5 %% taken. Below %d draws none is told; of R draws the interval "
            "spans about 95 (R − 1) / (R + 1) %% of the parameters’ own distribution.",
            draws, SECTION_PARAMETERS_COLUMN, NESTED_DRAWS);
    }
    fputs(
        "</dd>\n<dt>And none of the three</dt><dd>That the model itself is wrong. Assumptions and "
        "validation, below and above, are all there is to judge that by.</dd>\n</dl>\n",
        out);
    if (estimate[OUTCOMES_DOSE_END].spread.n > 1) {
        put_example(s, &estimate[OUTCOMES_DOSE_END].spread, out);
    }
    section_parameters(s, out);
    return 0;
}
