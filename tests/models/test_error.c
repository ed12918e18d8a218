/* SPDX-License-Identifier: Apache-2.0 */
/* The error list: every code has one symbol and text, and one macro fills the record. */
#include <criterion/criterion.h>

#include <string.h>

#include "error.h"

static const int code[] = {
#define ERROR(symbol, number, text) number,
#include "error.def"
#undef ERROR
};

enum { CODES = sizeof code / sizeof code[0] };

Test(error, codes_are_negative_and_unique)
{
    for (int i = 0; i < CODES; i++) {
        cr_assert_lt(code[i], 0, "row %d", i);
        for (int j = 0; j < i; j++) {
            cr_assert_neq(code[i], code[j], "rows %d and %d share %d", j, i, code[i]);
        }
    }
}

Test(error, every_code_has_a_symbol_and_a_text)
{
    for (int i = 0; i < CODES; i++) {
        cr_assert_eq(strncmp(error_symbol(code[i]), "ERROR_", 6), 0, "code %d", code[i]);
        cr_assert_str_neq(error_symbol(code[i]), "ERROR_UNKNOWN", "code %d", code[i]);
        cr_assert_gt(strlen(error_text(code[i])), 5, "code %d", code[i]);
    }
}

Test(error, other_numbers_are_unknown_and_zero_is_ok)
{
    cr_assert_str_eq(error_symbol(12345), "ERROR_UNKNOWN");
    cr_assert_str_eq(error_symbol(0), "ERROR_OK");
    cr_assert_not_null(error_text(12345));
}

Test(error, raise_fills_the_record_and_keeps_patient_and_time)
{
    error_t e = {.patient = 17, .time_ms = 99};
    int line = __LINE__ + 1;
    int result = ERROR_RAISE(&e, ERROR_LEDGER, "off by %d ug", 3);
    cr_assert_eq(result, ERROR_LEDGER);
    cr_assert_eq(e.code, ERROR_LEDGER);
    cr_assert_eq(e.line, line);
    cr_assert_not_null(strstr(e.file, "test_error.c"));
    cr_assert_str_eq(e.text, "off by 3 ug");
    cr_assert_eq(e.patient, 17);
    cr_assert_eq(e.time_ms, 99);
}

Test(error, raise_without_a_record_returns_the_code)
{
    cr_assert_eq(ERROR_RAISE(NULL, ERROR_MEMORY, "discarded"), ERROR_MEMORY);
}

Test(error, a_long_text_is_cut_and_terminated)
{
    error_t e = {0};
    (void)ERROR_RAISE(&e, ERROR_CONFIG, "%0*d", 2 * ERROR_TEXT_SIZE, 7);
    cr_assert_eq(strlen(e.text), ERROR_TEXT_SIZE - 1);
}
