/* SPDX-License-Identifier: Apache-2.0 */
/* Messages through a pipe: whole ones come out as they went in, half ones never. */
#include "regress/message.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int ends[2];
static message_buffer_t buffer;

static void open_pipe(void)
{
    cr_assert_eq(pipe(ends), 0);
    memset(&buffer, 0, sizeof buffer);
}

static void close_pipe(void)
{
    (void)close(ends[0]);
    free(buffer.bytes);
}

static void send_text(message_kind_t kind, const char *one, const char *other)
{
    const message_part_t first = {one, strlen(one)}, second = {other, strlen(other)};
    error_t e = {0};
    cr_assert_eq(message_write(ends[1], kind, &first, &second, &e), 0);
}

Test(message, parts_arrive_as_one_message_in_order, .init = open_pipe, .fini = close_pipe)
{
    message_t m;
    error_t e = {0};
    send_text(MESSAGE_UNIT, "one ", "two");
    send_text(MESSAGE_LIVED, "", "");
    (void)close(ends[1]);
    while (message_read(&buffer, ends[0], &e) > 0) {
    }
    cr_assert_eq(message_take(&buffer, &m), 1);
    cr_expect_eq(m.kind, MESSAGE_UNIT);
    cr_expect_arr_eq(m.bytes, "one two", 7);
    cr_expect_eq(m.size, 7);
    cr_assert_eq(message_take(&buffer, &m), 1);
    cr_expect_eq(m.kind, MESSAGE_LIVED);
    cr_expect_eq(m.size, 0);
    cr_expect_eq(message_take(&buffer, &m), 0);
}

Test(message, what_is_cut_anywhere_is_no_message, .init = open_pipe, .fini = close_pipe)
{
    uint8_t whole[64];
    message_t m;
    error_t e = {0};
    send_text(MESSAGE_RECORD, "0123456789", "abcdef");
    const ssize_t n = read(ends[0], whole, sizeof whole);
    cr_assert_eq(n, 24);
    for (ssize_t cut = 0; cut < n; cut++) {
        memset(&buffer, 0, sizeof buffer);
        if (cut > 0) {
            cr_assert_eq(write(ends[1], whole, (size_t)cut), cut);
            cr_assert_eq(message_read(&buffer, ends[0], &e), (int)cut);
        }
        cr_expect_eq(message_take(&buffer, &m), 0, "cut at %zd", cut);
        free(buffer.bytes);
        buffer.bytes = NULL;
    }
    (void)close(ends[1]);
}

Test(message, a_listener_who_is_gone_is_an_error, .init = open_pipe, .fini = close_pipe)
{
    error_t e = {0};
    const message_part_t part = {"x", 1};
    (void)signal(SIGPIPE, SIG_IGN);
    (void)close(ends[0]);
    cr_expect_eq(message_write(ends[1], MESSAGE_UNIT, &part, NULL, &e), ERROR_FILE_WRITE);
    (void)close(ends[1]);
}
