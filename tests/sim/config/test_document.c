/* SPDX-License-Identifier: Apache-2.0 */
/* The YAML subset: what is left out is refused with its place. */
#include <criterion/criterion.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/encoding.h"
#include "tests/sim/config/fixture.h"

Test(document, refuses_anchors)
{
    fixture_refused(FIXTURE_LEAST "pump: {fill: &full 20 mL}\n", NULL,
                    "s.yaml:5:14: error: &full: anchors are not accepted");
}

Test(document, refuses_anchors_on_sections)
{
    fixture_refused(FIXTURE_LEAST "pump: &p {fill: 20 mL}\n", NULL,
                    "s.yaml:5:7: error: &p: anchors are not accepted");
}

Test(document, refuses_aliases)
{
    fixture_refused(FIXTURE_LEAST "pump: {fill: *full}\n", NULL,
                    "s.yaml:5:14: error: *full: aliases are not accepted");
}

Test(document, refuses_tags)
{
    fixture_refused(FIXTURE_LEAST "pump: {fill: !!str 20 mL}\n", NULL,
                    "s.yaml:5:14: error: tag:yaml.org,2002:str: tags are not accepted");
}

Test(document, refuses_merge_keys)
{
    fixture_refused(FIXTURE_LEAST "pump: {<<: {fill: 20 mL}}\n", NULL,
                    "s.yaml:5:8: error: <<: merge keys are not accepted");
}

Test(document, refuses_duplicate_keys_naming_both_places)
{
    fixture_refused(FIXTURE_LEAST "pump:\n  fill: 20 mL\n  fill: 19 mL\n", NULL,
                    "s.yaml:7:3: error: fill: this key is given twice, first at line 6, column 3");
}

Test(document, refuses_duplicate_sections)
{
    fixture_refused(FIXTURE_LEAST "catheter: {primed: true}\n", NULL,
                    "s.yaml:5:1: error: catheter: this key is given twice, first at line 4");
}

Test(document, refuses_a_second_document)
{
    fixture_refused(FIXTURE_LEAST "---\n" FIXTURE_LEAST, NULL,
                    "s.yaml:5:1: error: a second document begins here");
}

Test(document, refuses_directives)
{
    fixture_refused("%YAML 1.1\n---\n" FIXTURE_LEAST, NULL, "directives are not accepted");
}

Test(document, refuses_deep_nesting)
{
    fixture_refused(FIXTURE_LEAST "pump: [[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]\n", NULL,
                    "s.yaml:5:22: error: nested more than 16 levels deep");
}

Test(document, refuses_a_mapping_as_key)
{
    fixture_refused(FIXTURE_LEAST "? {a: b}\n: c\n", NULL,
                    "s.yaml:5:3: error: a key must be plain text");
}

Test(document, refuses_broken_yaml_with_its_place)
{
    fixture_refused(FIXTURE_LEAST "pump: {fill: 20 mL\n", NULL,
                    "s.yaml:6:1: error: this is not YAML");
}

Test(document, refuses_an_indenting_tab_with_the_cure)
{
    fixture_refused(FIXTURE_LEAST "pump:\n\tfill: 20 mL\n", NULL, "indent with spaces");
}

Test(document, refuses_a_text_that_is_no_mapping)
{
    fixture_refused("- a\n", NULL, "s.yaml:1:1: error: a study is a mapping");
    fixture_refused("", NULL, "s.yaml:1:1: error: a study is a mapping");
    fixture_refused("# nothing\n", NULL, "s.yaml:1:1: error: a study is a mapping");
}

Test(document, refuses_more_than_256_keys_in_a_mapping)
{
    char text[8192] = FIXTURE_LEAST "pump:\n";
    for (int i = 0; i < 257; i++)
        sprintf(text + strlen(text), "  k%d: 1\n", i);
    fixture_refused(text, NULL, "s.yaml:262:3: error: more than 256 keys in one mapping");
}

Test(document, refuses_a_value_with_an_escaped_control_character)
{
    fixture_refused(
        FIXTURE_LEAST "pump: {fill: \"20\\0 mL\"}\n", NULL,
        "s.yaml:5:14: error: a value must be one line without tabs and control characters");
}

Test(document, accepts_lines_that_end_in_cr_lf_and_a_byte_order_mark)
{
    study_t s;
    fixture_accepted(&s,
                     "\xEF\xBB\xBFstudy: {name: least, patients: 2, horizon: 90 day}\r\n"
                     "drugs: [{name: baclofen, concentration: 500 ug/mL}]\r\n"
                     "therapy: {dose: 300 ug/day}\r\ncatheter: {tip: T10}\r\n",
                     NULL);
    cr_expect_str_eq(s.catheter.tip, "T10");
    study_free(&s);
}

Test(document, counts_columns_in_characters)
{
    fixture_refused(
        "study: {title: \xC3\xA4\xC3\xB6\xC3\xBC, name: x, patients: 0, horizon: 1 day}\n", NULL,
        "s.yaml:1:40: error: study.patients: 0 is below the limit 1; the range is 1 to "
        "1000000\nstudy: {title: \xC3\xA4\xC3\xB6\xC3\xBC, name: x, patients: 0, "
        "horizon: 1 day}\n                                       ^\n");
}

/* A study whose comment in line 1 holds the bytes. */
static void refused_bytes(const char *bytes, size_t n, const char *expected)
{
    static char out[FIXTURE_OUTPUT_SIZE];
    char text[512] = "# ";
    study_t s;
    memcpy(text + 2, bytes, n);
    strcpy(text + 2 + n, "\n" FIXTURE_LEAST);
    int status = fixture_parse(&s, text, 2 + n + 1 + strlen(FIXTURE_LEAST), NULL, out);
    cr_expect_eq(status, ERROR_CONFIG, "byte 0x%02x was accepted",
                 (unsigned)(unsigned char)bytes[0]);
    cr_expect(strstr(out, expected) != NULL, "expected %s, printed %s", expected, out);
    study_free(&s);
}

Test(document, refuses_bytes_that_are_no_text)
{
    refused_bytes("\0", 1, "s.yaml:1:3: error: byte 0x00 is a control character");
    refused_bytes("\x1b", 1, "s.yaml:1:3: error: byte 0x1b is a control character");
    refused_bytes("\rx", 2, "s.yaml:1:3: error: byte 0x0d is a control character");
    refused_bytes("\x7f", 1, "byte 0x7f is a control character");
    refused_bytes("\xC2\x85", 2, "byte 0xc2 is a control character");
    refused_bytes("\xE2\x80\xA8", 3, "byte 0xe2 is a control character");
}

Test(document, refuses_bytes_that_are_no_utf_8)
{
    refused_bytes("\xff", 1, "s.yaml:1:3: error: byte 0xff is not valid UTF-8");
    refused_bytes("\xC0\xAF", 2, "byte 0xc0 is not valid UTF-8");
    refused_bytes("\xED\xA0\x80", 3, "byte 0xed is not valid UTF-8");
    refused_bytes("\xF4\x90\x80\x80", 4, "byte 0xf4 is not valid UTF-8");
    refused_bytes("\x80", 1, "byte 0x80 is not valid UTF-8");
    refused_bytes("\xE2\x82", 2, "byte 0xe2 is not valid UTF-8");
}

Test(document, refuses_a_file_above_the_size_limit)
{
    static char out[FIXTURE_OUTPUT_SIZE];
    size_t length = ENCODING_FILE_MAX + 1;
    char *text = malloc(length);
    study_t s;
    cr_assert_not_null(text);
    memset(text, '#', length);
    cr_expect_eq(fixture_parse(&s, text, length, NULL, out), ERROR_CONFIG);
    cr_expect(strstr(out, "the file has more than the 1048576 bytes that a study may have") != NULL,
              "%s", out);
    free(text);
}

Test(document, refuses_a_key_without_colon_at_its_place)
{
    fixture_refused(
        "study:\n  name: x\n  patients:24\n  horizon: 9 day\n", NULL,
        "s.yaml:3:3: error: this is not YAML: could not find expected ':' while scanning "
        "a simple key; a key ends with a colon and a space, as in \"key: value\"");
    fixture_refused("study:\n  name: x\n  patients 24\n  horizon: 9 day\n", NULL,
                    "s.yaml:3:3: error");
}

Test(document, refuses_a_key_out_of_its_column_with_the_cure)
{
    static const char cure[] =
        "; begin the keys of a section in one column, and each item of a list with \"- \"";
    fixture_refused("study:\n  name: x\n   seed: 5\n", NULL, cure);
    fixture_refused("study:\n  name: x\n seed: 5\n", NULL, cure);
}

Test(document, refuses_an_indenting_tab_wherever_it_stands)
{
    fixture_refused("study:\n  name: x\n\tseed: 5\n", NULL, "; indent with spaces");
}
