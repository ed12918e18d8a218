/* SPDX-License-Identifier: Apache-2.0 */
/* `thecasim verify`: is a dataset what its schema promises; the hashes of its values. */
#include "cli/command.h"
#include "dataset/frozen.h"
#include "dataset/verify.h"

#include <stdio.h>

static void say_problem(void *context, const char *text)
{
    const operands_t *operands = context;
    fprintf(stderr, "thecasim: problem: %s: %s\n", operands->item[0], text);
}

static void say_problems(const char *path, int problems)
{
    fprintf(stderr, "thecasim: error: %s: %d problem%s\n", path, problems,
            problems == 1 ? "" : "s");
}

static void say_hash(const char *table, const char *field, const uint8_t hash[VERIFY_HASH_SIZE])
{
    for (size_t i = 0; i < VERIFY_HASH_SIZE; i++) {
        printf("%02x", hash[i]);
    }
    printf("  %s%s%s\n", table, field[0] != '\0' ? "/" : "", field);
}

static void say_hashes(const reader_t *r, const verify_hashes_t *h)
{
    for (int i = 0; i < FIELD_COUNT; i++) {
        const fields_t *f = fields_get((enum fields_id)i);
        if (fields_in_file(f->table, reader_is_trace(r))) {
            say_hash(fields_table(f->table)->name, f->name, h->field[i]);
        }
    }
    say_hash("total", "", h->total);
}

/* What was verified, so that "sound" has a size. */
static void say_sound(const reader_t *r, const char *path)
{
    size_t rows = 0;
    for (int t = 0; t < TABLE_COUNT; t++) {
        rows += reader_rows(r, (enum fields_table)t);
    }
    printf(
        "%s: sound: %zu records, %zu rows; schema, ranges, index, ledger, outcomes, pumps, canal, "
        "draws, provenance\n",
        path, reader_rows(r, TABLE_PATIENTS), rows);
}

static int verify_open(reader_t *r, operands_t *operands, bool hash, error_t *e)
{
    const char *path = operands->item[0];
    const verify_sink_t sink = {say_problem, operands};
    verify_hashes_t hashes;
    int problems = verify_dataset(r, &sink, e);
    int code = problems < 0 ? problems : 0;
    if (code == 0 && hash) {
        code = verify_hash(r, &hashes, e);
        if (code == 0) {
            say_hashes(r, &hashes);
        }
    }
    if (code == 0 && problems == 0 && !hash) {
        say_sound(r, path);
    } else if (code == 0 && problems > 0) {
        say_problems(path, problems);
    }
    return code < 0 ? code : problems;
}

/* ---- frozen cohorts ---- */

/* What of it holds is said as for a dataset. */
static int verify_frozen(operands_t *operands, bool hash)
{
    const verify_sink_t sink = {say_problem, operands};
    frozen_t *f = NULL;
    error_t e = {0};
    int code = frozen_open(&f, operands->item[0], &e);
    code = code != 0 ? code : frozen_verify(f, &sink, &e);
    if (code < 0) {
        command_error(&e);
    } else if (code > 0) {
        say_problems(operands->item[0], code);
    } else if (!hash) {
        printf("%s: sound: %zu people; ranges, names, count, hash, provenance\n", operands->item[0],
               frozen_people(f));
    }
    if (code >= 0 && hash) {
        printf("%s  people\n", frozen_identity(f));
    }
    frozen_close(&f);
    return code == 0 ? CLI_DONE : CLI_FAILED;
}

int verify_command(int argc, char **argv)
{
    bool hash = false;
    const option_row_t row[] = {
        {"hash", 0, OPTION_FLAG, &hash, NULL, "print a hash per field, and one of all values"},
    };
    const command_t command = {"verify",
                               "DATASET.h5|COHORT.h5",
                               "is a dataset what its schema promises; hashes of its values",
                               "thecasim verify study.h5 --hash",
                               row,
                               1,
                               1,
                               1};
    operands_t left;
    reader_t *reader = NULL;
    error_t e = {0};
    int code = options_parse(&command, argc, argv, &left);
    if (code != CLI_DONE) {
        return code < 0 ? CLI_DONE : code;
    }
    if (frozen_is(left.item[0])) {
        return verify_frozen(&left, hash);
    }
    code = reader_open(&reader, left.item[0], &e);
    if (code == 0) {
        code = verify_open(reader, &left, hash, &e);
    }
    reader_close(&reader);
    if (code < 0) {
        command_error(&e);
    }
    return code == 0 ? CLI_DONE : CLI_FAILED;
}
