/* SPDX-License-Identifier: Apache-2.0 */
/* Draws figures and puts them into pages. */
#include "page/figure.h"

#include <errno.h>
#include <string.h>

#include "page/figure_bands.h"
#include "page/figure_events.h"
#include "page/figure_lives.h"
#include "page/figure_refills.h"
#include "page/gnuplot.h"
#include "page/html.h"
#include "page/svg.h"

enum figure_kind { FIGURE_BANDS, FIGURE_LIVES, FIGURE_REFILLS, FIGURE_EVENTS };

typedef struct figure_row_t {
    const char *name;
    enum figure_kind kind;
    int what;
    const char *title;
    const char *axis; /* the unit of its values */
} figure_row_t;

static const figure_row_t rows[FIGURE_COUNT] = {
#define FIGURE(symbol, name, kind, what, title, axis) {name, FIGURE_##kind, (int)what, title, axis},
#include "page/figure.def"
#undef FIGURE
};

int figure_find(const char *name, enum figure_id *id, error_t *e)
{
    char names[ERROR_TEXT_SIZE] = "";
    for (int i = 0; i < FIGURE_COUNT; i++) {
        if (strcmp(rows[i].name, name) == 0) {
            *id = (enum figure_id)i;
            return 0;
        }
        const size_t length = strlen(names);
        (void)snprintf(names + length, sizeof names - length, "%s%s", i > 0 ? ", " : "",
                       rows[i].name);
    }
    return ERROR_RAISE(e, ERROR_ARGUMENT, "no figure is called '%.40s'; there are %.300s", name,
                       names);
}

/* 1 where the dataset has what the figure shows. */
static int has(const source_t *s, enum figure_id id)
{
    const int what = rows[id].what;
    switch (rows[id].kind) {
    case FIGURE_BANDS:
        return figure_bands_has(s, (enum source_daily)what);
    case FIGURE_LIVES:
        return figure_lives_has(s, (enum figure_lives)what);
    case FIGURE_REFILLS:
        return figure_refills_has(s, (enum figure_refills)what);
    case FIGURE_EVENTS:
        return figure_events_has(s);
    default:
        return 0;
    }
}

const char *figure_colour(size_t i)
{
    static const char *const colour[FIGURE_COLOURS] = {"rgb '#0072b2'", "rgb '#c05000'",
                                                       "rgb '#007d5a'", "rgb '#a2507d'",
                                                       "rgb '#8a6400'", "rgb '#3b7ea6'"};
    return colour[i < FIGURE_COLOURS ? i : FIGURE_COLOURS - 1];
}

void figure_text(const char *text, FILE *script)
{
    for (; *text != '\0'; text++) {
        if (strchr("\"\\`\n", *text) == NULL) {
            fputc(*text == '_' ? ' ' : *text, script);
        }
    }
}

/* ---- the script ---- */

static void put_head(const figure_row_t *row, enum figure_format format, int inlined, FILE *script)
{
    fputs(format == FIGURE_PNG
              ? "set terminal pngcairo size 1440,880 noenhanced font 'sans,22' linewidth 2 "
                "background rgb '#fcfbf8'\n"
              : "set terminal svg size 720,440 dynamic noenhanced font 'sans-serif,14' ",
          script);
    if (format == FIGURE_SVG) {
        fputs(inlined ? "\n" : "background rgb '#fcfbf8'\n", script);
    }
    fputs("set border 2 lc rgb '#5a5e64' lw 0.8\n"
          "set tics nomirror out scale 0.5 textcolor rgb '#1c1e21'\n"
          "set grid xtics ytics lt 1 lc rgb '#e9e6dd' lw 0.8\n"
          "set style line 1 lc rgb '#1c1e21'\n"
          "set key above left horizontal Left reverse samplen 1.6 textcolor rgb '#1c1e21'\n"
          "set xlabel textcolor rgb '#5a5e64'\nset ylabel textcolor rgb '#5a5e64'\n"
          "set label 100 \"simulated\" at screen 0.985, screen 0.035 right textcolor rgb "
          "'#5a5e64'\n",
          script);
    fputs("set ylabel \"", script);
    figure_text(row->kind == FIGURE_REFILLS ? "share of refills (%)" : row->axis, script);
    fputs("\"\n", script);
    /* A page says the title itself, beside the figure. */
    if (!inlined) {
        fputs("set key below left\nset title \"", script);
        figure_text(row->title, script);
        fputs("\" textcolor rgb '#1c1e21'\n", script);
    }
}

static int put_body(const source_t *s, const figure_row_t *row, FILE *script, error_t *e)
{
    if (row->kind == FIGURE_BANDS || row->kind == FIGURE_EVENTS) {
        if (row->kind == FIGURE_EVENTS) {
            figure_events_plot(s, script);
        } else {
            figure_bands_plot(s, (enum source_daily)row->what, script);
        }
        return 0;
    }
    return row->kind == FIGURE_LIVES
               ? figure_lives_plot(s, (enum figure_lives)row->what, script, e)
               : figure_refills_plot(s, (enum figure_refills)row->what, script, e);
}

static int no_room(error_t *e)
{
    return ERROR_RAISE(e, ERROR_FILE_WRITE,
                       "no file for a figure: %s; free some space in the folder for temporary "
                       "files",
                       strerror(errno));
}

static void close_both(FILE *a, FILE *b)
{
    if (a != NULL) {
        (void)fclose(a);
    }
    if (b != NULL) {
        (void)fclose(b);
    }
}

/* gnuplot does not tell that it could not write: a whole drawing ends as its format does. */
static int is_whole(FILE *drawn, enum figure_format format)
{
    static const char *const end_of[] = {[FIGURE_SVG] = "</svg>", [FIGURE_PNG] = "IEND"};
    const size_t length = strlen(end_of[format]);
    char end[16] = "";
    size_t n = 0;
    if (fseek(drawn, -(long)sizeof end, SEEK_END) == 0) {
        n = fread(end, 1, sizeof end, drawn);
    }
    rewind(drawn);
    for (size_t i = 0; i + length <= n; i++) {
        if (memcmp(end + i, end_of[format], length) == 0) {
            return 1;
        }
    }
    return 0;
}

/* Draws into *drawn, which the caller closes. */
static int draw(const source_t *s, enum figure_id id, enum figure_format format, int inlined,
                FILE **drawn, error_t *e)
{
    FILE *script = tmpfile();
    *drawn = tmpfile();
    int rc = script == NULL || *drawn == NULL ? no_room(e) : 0;
    if (rc == 0) {
        put_head(&rows[id], format, inlined, script);
        rc = put_body(s, &rows[id], script, e);
    }
    rc = rc != 0 ? rc : gnuplot_draw(script, *drawn, e);
    if (rc == 0 && !is_whole(*drawn, format)) {
        rc = ERROR_RAISE(e, ERROR_FILE_WRITE,
                         "gnuplot's drawing of %s is not whole; free some space in the folder for "
                         "temporary files",
                         rows[id].name);
    }
    close_both(script, rc != 0 ? *drawn : NULL);
    *drawn = rc != 0 ? NULL : *drawn;
    return rc;
}

int figure_draw(const source_t *s, enum figure_id id, enum figure_format format, FILE *out,
                error_t *e)
{
    char block[4096];
    FILE *drawn;
    size_t n;
    if (!has(s, id)) {
        return ERROR_RAISE(e, ERROR_ARGUMENT, "%s has nothing that figure '%s' would show", s->path,
                           rows[id].name);
    }
    const int rc = draw(s, id, format, 0, &drawn, e);
    while (rc == 0 && (n = fread(block, 1, sizeof block, drawn)) > 0) {
        (void)fwrite(block, 1, n, out);
    }
    close_both(drawn, NULL);
    return rc;
}

/* ---- in a page ---- */

static const char *caption(const figure_row_t *row)
{
    static const char *const lives[] = {
        "Kaplan and Meier’s estimate over all ends, a patient’s death among them; shaded, its "
        "pointwise 95 % interval: chance between the simulated pumps. Beyond the longest life "
        "nothing is drawn.",
        "Aalen and Johansen’s estimate of each cause while the others compete; shaded, its "
        "pointwise 95 % interval.",
        "Kaplan and Meier’s estimate of the time until a catheter first fails of itself, each "
        "counted "
        "from the day that it was put in; shaded, its pointwise 95 % interval: chance between the "
        "simulated catheters. One that is replaced before, or whose patient dies, is cut off "
        "there.",
        "Aalen and Johansen’s estimate of each first failure while the others, and the patient’s "
        "death, compete; shaded, its pointwise 95 % interval."};
    static const char *const refills[] = {
        "Each refill’s volume delivered since the filling before, over the volume commanded. "
        "Bins are of equal width.",
        "What was read off the syringe less what the dosing core expected to be there. Below 0: "
        "more was delivered than commanded, or fluid stayed behind."};
    return row->kind == FIGURE_BANDS ? "Median; central half; nine tenths."
           : row->kind == FIGURE_EVENTS
               ? "Aalen and Johansen’s estimate over all patients of the arm; death and the end of "
                 "therapy compete; lines join its values on 29 days. Shaded: pointwise 95 % "
                 "interval. Events that every patient has "
                 "by plan, such as refills and visits, are left to the table above."
           : row->kind == FIGURE_LIVES ? lives[row->what]
                                       : refills[row->what];
}

static int put_table(const source_t *s, const figure_row_t *row, FILE *out, error_t *e)
{
    int rc = 0;
    fputs("<details><summary>The numbers of this figure</summary>\n", out);
    if (row->kind == FIGURE_BANDS) {
        figure_bands_table(s, (enum source_daily)row->what, row->axis, out);
    } else if (row->kind == FIGURE_EVENTS) {
        figure_events_table(s, out);
    } else if (row->kind == FIGURE_LIVES) {
        rc = figure_lives_table(s, (enum figure_lives)row->what, out, e);
    } else {
        rc = figure_refills_table(s, (enum figure_refills)row->what, out, e);
    }
    fputs("</details>\n", out);
    return rc;
}

int figure_put(const source_t *s, enum figure_id id, FILE *out, error_t *e)
{
    const figure_row_t *row = &rows[id];
    char label[256];
    FILE *drawn;
    if (!has(s, id)) {
        return 0;
    }
    const int rc = draw(s, id, FIGURE_SVG, 1, &drawn, e);
    if (rc != 0) {
        return rc;
    }
    (void)snprintf(label, sizeof label, "%s, simulated, in %s. The table below has its numbers.",
                   row->title, row->axis);
    fprintf(out, "<figure id=\"figure-%s\">\n<h3>", row->name);
    html_text(row->title, out);
    fprintf(out, " <span class=\"unit\">%s</span></h3>\n", row->axis);
    svg_put(drawn, label, out);
    close_both(drawn, NULL);
    fputs("<figcaption>", out);
    html_text(caption(row), out);
    fputs("</figcaption>\n", out);
    const int tabled = put_table(s, row, out, e);
    fputs("</figure>\n", out);
    return tabled;
}
