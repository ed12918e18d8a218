/* SPDX-License-Identifier: Apache-2.0 */
/* A regression as JUnit XML. */
#include "regress/regression_junit.h"

#include <inttypes.h>
#include <string.h>

/* Text as it may stand in XML 1.0: its five special characters named, control characters left out. */
static void put_text(const char *text, FILE *out)
{
    static const char special[] = "&<>\"'";
    static const char *const named[] = {"&amp;", "&lt;", "&gt;", "&quot;", "&apos;"};
    for (; *text != '\0'; text++) {
        const char *at = strchr(special, *text);
        if (at != NULL) {
            (void)fputs(named[at - special], out);
        } else if ((unsigned char)*text >= 0x20 || *text == '\n' || *text == '\t') {
            (void)fputc(*text, out);
        }
    }
}

static void put_attribute(const char *name, const char *text, FILE *out)
{
    (void)fprintf(out, " %s=\"", name);
    put_text(text, out);
    (void)fputc('"', out);
}

static void put_findings(const regression_unit_t *u, FILE *out)
{
    static const char *const side[POOL_SIDES] = {"baseline", "candidate"};
    char text[REGRESSION_TEXT_SIZE];
    for (int i = 0; i < POOL_SIDES; i++) {
        regression_text_end(&u->side[i], text);
        (void)fprintf(out, "%s ", side[i]);
        put_text(text, out);
        (void)fputc('\n', out);
    }
    for (size_t i = 0; i < u->compare.differences; i++) {
        regression_text_difference(&u->compare.difference[i], text);
        put_text(suite_level_name(u->compare.difference[i].level), out);
        (void)fputs(": ", out);
        put_text(text, out);
        (void)fputc('\n', out);
    }
}

/* A life that ended before its time is an error, one that differs a failure. */
static void put_case(const regression_t *r, const regression_unit_t *u, FILE *out)
{
    const suite_scenario_t *s = &r->suite->scenario[u->unit.scenario];
    const char *element = u->verdict >= REGRESSION_BROKEN ? "error" : "failure";
    char name[STUDY_NAME_SIZE + 40];
    (void)snprintf(name, sizeof name, "patient %" PRId64 ", arm %s", u->unit.key.patient,
                   s->study.arms.name[u->unit.key.arm]);
    (void)fputs("    <testcase", out);
    put_attribute("classname", s->name, out);
    put_attribute("name", name, out);
    if (regression_verdict_passes(u->verdict)) {
        (void)fputs("/>\n", out);
        return;
    }
    (void)fprintf(out, ">\n      <%s", element);
    put_attribute("message", regression_verdict_name(u->verdict), out);
    (void)fputc('>', out);
    put_findings(u, out);
    (void)fprintf(out, "</%s>\n    </testcase>\n", element);
}

static void put_scenario(const regression_t *r, size_t scenario, FILE *out)
{
    size_t tests = 0, failures = 0, errors = 0;
    for (size_t i = 0; i < r->units; i++) {
        const regression_unit_t *u = &r->unit[i];
        tests += u->unit.scenario == scenario;
        failures += u->unit.scenario == scenario && u->verdict == REGRESSION_DIFFERENT;
        errors += u->unit.scenario == scenario && u->verdict >= REGRESSION_BROKEN;
    }
    (void)fputs("  <testsuite", out);
    put_attribute("name", r->suite->scenario[scenario].name, out);
    (void)fprintf(out, " tests=\"%zu\" failures=\"%zu\" errors=\"%zu\">\n", tests, failures,
                  errors);
    for (size_t i = 0; i < r->units; i++) {
        if (r->unit[i].unit.scenario == scenario) {
            put_case(r, &r->unit[i], out);
        }
    }
    (void)fputs("  </testsuite>\n", out);
}

/* ---- verdicts that are on no one life -------------------------------------------------------------------------- */

static void begin_suite(const char *name, size_t tests, size_t failures, FILE *out)
{
    (void)fprintf(out, "  <testsuite name=\"%s\" tests=\"%zu\" failures=\"%zu\" errors=\"0\">\n",
                  name, tests, failures);
}

/* `says`: what is told where it fails. */
static void put_verdict(const char *scenario, const char *name, bool passes, const char *message,
                        const char *says, FILE *out)
{
    (void)fputs("    <testcase", out);
    put_attribute("classname", scenario, out);
    put_attribute("name", name, out);
    if (passes) {
        (void)fputs("/>\n", out);
        return;
    }
    (void)fputs(">\n      <failure", out);
    put_attribute("message", message, out);
    (void)fputc('>', out);
    put_text(says, out);
    (void)fputs("</failure>\n    </testcase>\n", out);
}

static void put_populations(const regression_t *r, const regression_junit_population_t *population,
                            size_t populations, FILE *out)
{
    size_t failures = 0;
    for (size_t i = 0; i < populations; i++) {
        failures += !population[i].passes;
    }
    begin_suite("populations", populations, failures, out);
    for (size_t i = 0; i < populations; i++) {
        const suite_scenario_t *s = &r->suite->scenario[population[i].scenario];
        char name[STUDY_NAME_SIZE + 40];
        (void)snprintf(name, sizeof name, "population, arm %s",
                       s->study.arms.name[population[i].arm]);
        put_verdict(s->name, name, population[i].passes, "populations differ", population[i].says,
                    out);
    }
    (void)fputs("  </testsuite>\n", out);
}

static void put_departures(const regression_t *r, FILE *out)
{
    size_t tests = 0, failures = 0;
    for (size_t i = 0; i < r->suite->scenarios; i++) {
        const bool said = r->suite->scenario[i].departs != NULL;
        tests += said;
        failures += said && !regression_departs(r, i);
    }
    if (tests == 0) {
        return;
    }
    begin_suite("departures", tests, failures, out);
    for (size_t i = 0; i < r->suite->scenarios; i++) {
        const suite_scenario_t *s = &r->suite->scenario[i];
        if (s->departs != NULL) {
            put_verdict(s->name, "differs by design", regression_departs(r, i),
                        "said to differ by design, and does not", s->departs, out);
        }
    }
    (void)fputs("  </testsuite>\n", out);
}

int regression_junit_write(const regression_t *r, const regression_names_t *names,
                           const regression_junit_population_t *population, size_t populations,
                           FILE *out, error_t *e)
{
    (void)fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites", out);
    put_attribute("name", r->suite->name, out);
    put_attribute("baseline", names->id[POOL_BASELINE], out);
    put_attribute("candidate", names->id[POOL_CANDIDATE], out);
    (void)fputs(">\n", out);
    for (size_t i = 0; i < r->suite->scenarios; i++) {
        put_scenario(r, i, out);
    }
    if (populations > 0) {
        put_populations(r, population, populations, out);
    }
    put_departures(r, out);
    (void)fputs("</testsuites>\n", out);
    return ferror(out) != 0 ? ERROR_RAISE(e, ERROR_FILE_WRITE, "a report was not written") : 0;
}
