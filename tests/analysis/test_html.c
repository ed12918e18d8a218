/* SPDX-License-Identifier: Apache-2.0 */
/* The writer of pages: what a text may hold, how numbers look, and that a page asks the network for nothing. */
#define _XOPEN_SOURCE 700
#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "page/asset.h"
#include "page/html.h"

static char *text;
static size_t size;
static FILE *out;

static void begin(void)
{
    out = open_memstream(&text, &size);
    cr_assert_neq(out, NULL);
}

static const char *written(void)
{
    cr_assert_eq(fflush(out), 0);
    return text;
}

static void end(void)
{
    (void)fclose(out);
    free(text);
}

TestSuite(html, .init = begin, .fini = end);

Test(html, no_text_is_markup)
{
    html_text("<script>\"a\" & 'b'</script>", out);
    cr_assert_str_eq(written(), "&lt;script&gt;&quot;a&quot; &amp; &#39;b&#39;&lt;/script&gt;");
}

Test(html, no_text_closes_a_script)
{
    html_json_text("a</script>\n\"\\", out);
    cr_assert_str_eq(written(), "\"a\\u003c/script>\\u000a\\u0022\\u005c\"");
}

static void number_is(double value, const char *expected)
{
    rewind(out);
    html_number(value, out);
    fputc('\0', out);
    cr_assert_str_eq(written(), expected);
}

Test(html, numbers_have_four_digits_and_true_signs)
{
    number_is(0.0, "0");
    number_is(-0.0, "0");
    number_is(83.24, "83.24");
    number_is(-1.5, "\xe2\x88\x92"
                    "1.500");
    number_is(9999.0, "9999");
    number_is(9999.7, "10000");
    number_is(123456.7, "123457");
    number_is(0.00012345, "0.0001234");
    number_is((double)NAN, "\xe2\x80\x93");
}

static void write_page(void)
{
    const html_place_t place = {"one", "Part <one>"};
    const html_column_t column[] = {{"name", 0}, {"mean", 1}};
    html_begin(&(html_head_t){"A <title>", "kicker", "note", "Why & <how>?"}, out);
    html_contents(&place, 1, out);
    html_section(&place, out);
    html_table("caption", column, 2, out);
    html_row(out);
    html_cell_head("dose", out);
    html_cell_number(1.0, "outcomes/dose", out);
    html_row_end(out);
    html_table_end(out);
    html_section_end(out);
    html_end(out);
}

static size_t count(const char *what)
{
    size_t n = 0;
    for (const char *at = strstr(text, what); at != NULL; at = strstr(at + 1, what)) {
        n++;
    }
    return n;
}

Test(html, what_a_page_opens_it_closes)
{
    static const char *const part[][2] = {
        {"<section", "</section>"}, {"<main", "</main>"}, {"<table>", "</table>"},
        {"<tr>", "</tr>"},          {"<td", "</td>"},     {"<div", "</div>"},
        {"<style>", "</style>"},    {"<nav", "</nav>"},   {"<html ", "</html>"},
    };
    write_page();
    (void)written();
    for (size_t i = 0; i < sizeof part / sizeof part[0]; i++) {
        cr_expect_gt(count(part[i][0]), 0, "no %s", part[i][0]);
        cr_expect_eq(count(part[i][0]), count(part[i][1]), "%s is not closed", part[i][0]);
    }
    cr_expect_eq(count("Part <one>"), 0);
    cr_expect_eq(count("<p class=\"lead\">Why &amp; &lt;how&gt;?</p>"), 1);
    cr_expect_gt(count("Part &lt;one&gt;"), 0);
}

Test(html, a_page_asks_the_network_for_nothing)
{
    static const char *const outward[] = {" src=", "@import", "url(", "<link", "href=\"http"};
    write_page();
    (void)written();
    for (size_t i = 0; i < sizeof outward / sizeof outward[0]; i++) {
        cr_expect_eq(count(outward[i]), 0, "a page has %s", outward[i]);
    }
    cr_expect_eq(count("default-src 'none'"), 1);
}

Test(html, every_asset_is_whole)
{
    for (int i = 0; i < ASSET_COUNT; i++) {
        size_t length = 0;
        const char *bytes = asset_bytes((enum asset_id)i, &length);
        cr_assert_gt(length, 100);
        /* A byte more would be the zero behind it. */
        cr_expect_eq(memchr(bytes, '\0', length), NULL);
        cr_expect(strchr("\n}*;", bytes[length - 1]) != NULL, "asset %d ends in %d", i,
                  bytes[length - 1]);
    }
}
