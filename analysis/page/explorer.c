/* SPDX-License-Identifier: Apache-2.0 */
/* Puts the explorer: what it says, its controls, its data. */
#include "page/explorer.h"

#include "page/explorer_canal.h"
#include "page/explorer_choice.h"
#include "page/explorer_record.h"
#include "page/html.h"

/* ---- what stands in the page ---- */

static int has_canal(const source_t *s)
{
    return reader_rows(s->reader, TABLE_CANAL) > 0;
}

static void put_canal_text(const source_t *s, const explorer_choice_t *c, FILE *out)
{
    if (!has_canal(s)) {
        fputs("Along the canal there are the four places of the daily series: "
              "<code>record.canal: 7 day</code> in the study records every level each week. ",
              out);
        return;
    }
    if (c->samples > 1) {
        fprintf(out, "Of every %d samples of the whole canal the first is here. ", c->samples);
    }
    fprintf(out,
            "Along the canal values are kept in %d logarithmic steps over at most %d decades below "
            "each patient’s greatest: to within 3 %%. ",
            EXPLORER_CANAL_STEPS, EXPLORER_CANAL_DECADES);
}

static void put_text(const source_t *s, const explorer_choice_t *c, FILE *out)
{
    fprintf(out, "<p>%s %zu of %zu records of this study%s. ",
            c->records == c->of ? "Here are all" : "Here are", c->records, c->of,
            c->records == c->of ? ""
                                : ": those among the ten highest or lowest by any outcome in any "
                                  "arm, and others at even distances through the study");
    if (c->days > 1) {
        fprintf(out,
                "Each point of a series stands for %d days: shaded from the least to the greatest "
                "daily value in them, with their middle as a line. ",
                c->days);
    } else {
        fputs("Series show every daily value. ", out);
    }
    fputs("Values are kept in 65,535 steps of their series’ own range. ", out);
    put_canal_text(s, c, out);
    if (s->summary.nested.draws > 0) {
        fputs("Only the central values of the parameters (replicate 0) are here. ", out);
    }
    fputs("For every pulse of one patient: <code>thecasim replay DATASET.h5 --patient "
          "N</code>.</p>\n",
          out);
}

static void put_choosers(FILE *out)
{
    fputs("<p class=\"scriptless\">The explorer needs a browser that runs scripts.</p>\n"
          "<div id=\"explorer-app\" class=\"explorer\" hidden>\n"
          "<div class=\"controls\">\n"
          "<label>Patient <select id=\"x-patient\"></select></label>\n"
          "<span class=\"pair\"><button type=\"button\" id=\"x-prev\">Previous</button>"
          "<button type=\"button\" id=\"x-next\">Next</button></span>\n"
          "<label>Ten <select id=\"x-end\"><option value=\"high\">highest</option>"
          "<option value=\"low\">lowest</option></select></label>\n"
          "<label>by <select id=\"x-outcome\"></select></label>\n"
          "<label>in <select id=\"x-arm\"></select></label>\n"
          "</div>\n"
          "<div id=\"x-worst\" class=\"worst\" role=\"group\" aria-label=\"Ten patients\"></div>\n"
          "<div id=\"x-facts\" class=\"who\" aria-live=\"polite\"></div>\n"
          "<div class=\"controls view\"><span class=\"pair\">"
          "<button type=\"button\" data-view=\"in\" aria-label=\"Zoom in\">+</button>"
          "<button type=\"button\" data-view=\"out\" aria-label=\"Zoom out\">\xe2\x88\x92</button>"
          "<button type=\"button\" data-view=\"left\" aria-label=\"Earlier\">\xe2\x86\x90</button>"
          "<button type=\"button\" data-view=\"right\" aria-label=\"Later\">\xe2\x86\x92</button>"
          "<button type=\"button\" data-view=\"all\">Whole run</button></span>\n"
          "<ul class=\"legend\" id=\"x-arms\"></ul></div>\n"
          "<p class=\"readout\" id=\"x-readout\" aria-live=\"off\"></p>\n",
          out);
}

/* `canal`: whether the dataset has the canal level by level. */
static void put_charts(int canal, FILE *out)
{
    fprintf(
        out,
        "<div id=\"x-charts\" class=\"charts\" tabindex=\"0\" role=\"application\" "
        "aria-label=\"Charts of this patient over time. Arrow keys move the day, with shift the "
        "view; plus and minus zoom; zero shows the whole run; E and shift E go to the next and the "
        "last event%s.\" "
        "aria-describedby=\"x-readout\"></div>\n"
        "<p class=\"hint\">Drag to zoom, drag with shift or two fingers to move, double-click for "
        "the whole run. With the charts in focus: arrow keys, + and \xe2\x88\x92, 0, E for the "
        "next event%s.</p>\n"
        "<details class=\"tables\"><summary>Events and decisions of this patient</summary>"
        "<div id=\"x-events\"></div></details>\n"
        "<details class=\"tables\"><summary>The daily values as a table</summary>"
        "<div id=\"x-values\"></div></details>\n%s"
        "<div id=\"x-pumps\"></div>\n</div>\n",
        canal ? "; up and down choose a level of the canal" : "",
        canal ? ", up and down for a level of the canal" : "",
        canal
            ? "<details class=\"tables\" id=\"x-canal-part\"><summary>The concentration along the "
              "canal as a table</summary><div id=\"x-canal\"></div></details>\n"
            : "");
}

/* ---- the data ---- */

static void put_names(const char *key, enum fields_type type, FILE *out)
{
    fprintf(out, "\"%s\":{", key);
    for (size_t i = 0; i < fields_choices(type); i++) {
        int value;
        const char *name = fields_choice(type, i, &value);
        fprintf(out, "%s\"%d\":\"%s\"", i > 0 ? "," : "", value, name);
    }
    fputs("},\n", out);
}

static void put_field(const char *key, const char *label, const char *unit, FILE *out)
{
    fputs("{\"key\":", out);
    html_json_text(key, out);
    fputs(",\"label\":", out);
    html_json_text(label, out);
    fputs(",\"unit\":", out);
    html_json_text(unit, out);
    fputc('}', out);
}

static void put_dictionary(const source_t *s, const explorer_choice_t *c, FILE *out)
{
    const provenance_t *p = s->summary.provenance;
    fprintf(out, "\"days\":%d,\"arms\":[", c->days);
    for (size_t arm = 0; arm < s->history.people.arms; arm++) {
        fputs(arm > 0 ? "," : "", out);
        html_json_text(source_arm(s, arm), out);
    }
    fputs("],\n\"drug\":", out);
    html_json_text(p->drugs.count > 0 ? p->drugs.name[0] : "first drug", out);
    fputs(",\n", out);
    put_names("kinds", FIELDS_TYPE_EVENT, out);
    put_names("reasons", FIELDS_TYPE_REASON, out);
    put_names("sexes", FIELDS_TYPE_SEX, out);
    put_names("diagnoses", FIELDS_TYPE_DIAGNOSIS, out);
    put_names("levels", FIELDS_TYPE_LEVEL, out);
    fputs("\"series\":[", out);
    for (int i = 0; i < SOURCE_DAILIES; i++) {
        const fields_t *field = fields_get(source_field((enum source_daily)i));
        fputs(i > 0 ? "," : "", out);
        put_field(field->name, field->description, field->unit, out);
    }
    fputs("],\n\"outcomes\":[", out);
    for (int i = 0; i < OUTCOMES_COUNT; i++) {
        const outcomes_row_t row = outcomes_row((enum outcomes_id)i);
        fputs(i > 0 ? "," : "", out);
        put_field(row.key, row.label, row.unit, out);
    }
    fputs("],\n", out);
}

static int put_records(const source_t *s, const explorer_choice_t *c, FILE *out, error_t *e)
{
    explorer_record_t w;
    const char *comma = "";
    int rc = explorer_record_begin(&w, s, c, e);
    fputs("\"records\":[", out);
    for (size_t i = 0; rc == 0 && i < s->outcomes.records; i++) {
        if (c->taken[i]) {
            fprintf(out, "%s\n", comma);
            rc = explorer_record_put(&w, i, out, e);
            comma = ",";
        }
    }
    fputs("]", out);
    explorer_record_end(&w);
    return rc;
}

int explorer_put(const source_t *s, FILE *out, error_t *e)
{
    explorer_choice_t c;
    int rc = explorer_choice(&c, s, EXPLORER_BYTES, e);
    if (rc == 0) {
        put_text(s, &c, out);
        put_choosers(out);
        put_charts(has_canal(s), out);
        fputs("<script type=\"application/json\" id=\"explorer-data\">\n{", out);
        put_dictionary(s, &c, out);
        rc = put_records(s, &c, out, e);
        fputs("}\n</script>\n", out);
    }
    explorer_choice_free(&c);
    return rc;
}
