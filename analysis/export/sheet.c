/* SPDX-License-Identifier: Apache-2.0 */
/* CSV, cell by cell. A failed write stays with the stream until sheet_end asks. */
#include "export/sheet.h"

#include <inttypes.h>
#include <string.h>

#include "export/numeral.h"

static void file_name(const sheet_plan_t *plan, char name[OUTBOX_NAME_SIZE])
{
    (void)snprintf(name, OUTBOX_NAME_SIZE, "%s.csv", plan->name);
}

/* An empty text and no value are one in CSV. */
static void put(FILE *out, const char *text)
{
    if (strpbrk(text, ",\"\r\n") == NULL) {
        (void)fputs(text, out);
        return;
    }
    (void)fputc('"', out);
    for (; *text != '\0'; text++) {
        if (*text == '"') {
            (void)fputc('"', out);
        }
        (void)fputc(*text, out);
    }
    (void)fputc('"', out);
}

int sheet_begin(sheet_t *s, outbox_t *box, const sheet_plan_t *plan, error_t *e)
{
    char name[OUTBOX_NAME_SIZE];
    *s = (sheet_t){.plan = plan};
    file_name(plan, name);
    const int code = outbox_open(box, name, &s->out, e);
    for (size_t i = 0; code == 0 && i < plan->columns; i++) {
        (void)fprintf(s->out, "%s%s", i > 0 ? "," : "", plan->column[i].name);
    }
    if (code == 0) {
        (void)fputc('\n', s->out);
    }
    return code;
}

void sheet_text(sheet_t *s, const char *value)
{
    if (s->at++ > 0) {
        (void)fputc(',', s->out);
    }
    put(s->out, value != NULL ? value : "");
}

void sheet_integer(sheet_t *s, int64_t value)
{
    char text[NUMERAL_SIZE];
    (void)snprintf(text, sizeof text, "%" PRId64, value);
    sheet_text(s, text);
}

void sheet_number(sheet_t *s, double value)
{
    char text[NUMERAL_SIZE];
    sheet_text(s, numeral_f64(value, text));
}

void sheet_float(sheet_t *s, float value)
{
    char text[NUMERAL_SIZE];
    sheet_text(s, numeral_f32(value, text));
}

void sheet_none(sheet_t *s)
{
    sheet_text(s, NULL);
}

void sheet_row(sheet_t *s)
{
    s->misshapen |= s->at != s->plan->columns;
    s->at = 0;
    s->rows++;
    (void)fputc('\n', s->out);
}

int sheet_end(sheet_t *s, outbox_t *box, error_t *e)
{
    char name[OUTBOX_NAME_SIZE];
    file_name(s->plan, name);
    FILE *out = s->out;
    s->out = NULL;
    const int code = outbox_close(box, out, name, s->plan->title, "text/csv", e);
    return code == 0 && s->misshapen
               ? ERROR_RAISE(e, ERROR_INVARIANT, "a row of %s is not of its %zu columns", name,
                             s->plan->columns)
               : code;
}

void sheet_abandon(sheet_t *s)
{
    if (s->out != NULL) {
        (void)fclose(s->out);
    }
    s->out = NULL;
}
