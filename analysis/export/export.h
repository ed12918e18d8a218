/* SPDX-License-Identifier: Apache-2.0 */
/* A dataset for the tools of others: a folder of CSV files that say what they hold, or the dataset itself with papers.
 *
 *   csv      every table as it is, with a datapackage.json of Frictionless
 *   nonmem   doses and levels, laid out as NONMEM reads them
 *   adam     ADSL, ADEX, ADAE, ADPC, laid out after the CDISC analysis data model
 *   sdtm     DM, EX, EC, AE, PC, DV, laid out after the CDISC study data tabulation model
 *   rocrate  the dataset and its study as an RO-Crate
 *
 * Of a dataset with replicates, csv and rocrate have all of them, told apart by their key; nonmem, adam and sdtm have replicate
 * 0, the central values of the parameters, alone: to who counts subjects, a patient's draws would be more patients. README.txt and
 * datapackage.json say so.
 *
 * None of them is a submission to anybody: people, days and drugs are simulated, and there are no dates. Every folder of
 * CSV has a datapackage.json, a variables.csv that tells of each column where it comes from, the study's config.yaml,
 * assumptions.txt, warnings.txt, and a README.txt. The same dataset, file and options give the same bytes.
 *
 * Memory: blocks of columns, whatever the number of rows.
 *
 * Thread rule: HDF5 is used by one thread at a time in the whole program.
 */
#ifndef ANALYSIS_EXPORT_H
#define ANALYSIS_EXPORT_H

#include <signal.h>
#include <stddef.h>
#include <stdint.h>

#include "dataset/fields.h"
#include "dataset/reader.h"
#include "error.h"
#include "export/outbox.h"
#include "export/sheet.h"

/* Each table, the names of drugs and hardware calls, and what tells of all columns. */
#define EXPORT_SHEETS_MAX (TABLE_COUNT + 3)
#define EXPORT_DATE_SIZE 11 /* "2026-11-27" and the final zero */

typedef struct export_options_t {
    const char *format;  /* one of export_formats */
    const char *dataset; /* path of the file that the reader has open */
    const char *folder;  /* to be written */
    int overwrite;
    const char *
        licence; /* SPDX identifier of the licence that its owner gives the data; NULL: none is stated */
    char date[EXPORT_DATE_SIZE]; /* of the dataset's publication; rocrate needs it */
    void (*progress)(void *context, int64_t done, int64_t total); /* may be NULL */
    void *context;                                                /* borrowed */
    const volatile sig_atomic_t *stop;                            /* not 0: give up; may be NULL */
} export_options_t;

/* What the formats share while they write. */
typedef struct export_t {
    reader_t *reader;                /* borrowed */
    const export_options_t *options; /* borrowed */
    outbox_t box;
    const sheet_plan_t
        *sheet[EXPORT_SHEETS_MAX]; /* those that are written; borrowed until the end */
    int64_t rows[EXPORT_SHEETS_MAX];
    size_t sheets;
    void *
        plans; /* plans that a format made for this dataset: one block, freed at the end; or NULL */
} export_t;

/* Names of the formats, with commas between them. */
const char *export_formats(void);

/* Not 0 when there is a format of that name. */
int export_knows(const char *format);

/* Writes it, of all records of the format, whichever *r showed. ERROR_ARGUMENT: an unknown format; a licence of other than letters, digits, '-', '.' and '_'; of rocrate, a date
 * that is none. ERROR_INTERRUPTED; those of the outbox and of the reader. On an error nothing is left. */
int export_write(reader_t *r, const export_options_t *options, error_t *e)
    __attribute__((warn_unused_result));

/* For the formats: closes a sheet and notes it. `plan` must live until export_write returns. */
int export_sheet_end(export_t *x, sheet_t *s, error_t *e) __attribute__((warn_unused_result));

/* For the formats: tells how far the work has come. ERROR_INTERRUPTED. */
int export_tick(const export_t *x, int64_t done, int64_t total, error_t *e)
    __attribute__((warn_unused_result));

#endif
