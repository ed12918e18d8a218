/* SPDX-License-Identifier: Apache-2.0 */
/* `thecasim export`: a dataset for the tools of others. */
#define _XOPEN_SOURCE 700
#include "cli/command.h"
#include "cli/progress.h"
#include "dataset/reader.h"
#include "export/export.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

/* The day on which the file was last changed, by universal time: the same for the same file, whenever it is exported. */
static void take_date(const char *path, char date[EXPORT_DATE_SIZE])
{
    struct stat file;
    struct tm when;
    if (stat(path, &file) != 0 || gmtime_r(&file.st_mtime, &when) == NULL ||
        strftime(date, EXPORT_DATE_SIZE, "%Y-%m-%d", &when) == 0) {
        date[0] = '\0';
    }
}

static int write_folder(reader_t *reader, export_options_t *o)
{
    progress_t progress;
    error_t e = {0};
    o->progress = progress_show;
    o->context = &progress;
    o->stop = command_interrupt();
    progress_start(&progress, strcmp(o->format, "rocrate") == 0 ? "MiB" : "rows");
    const int code = export_write(reader, o, &e);
    (void)progress_end(&progress);
    if (code < 0) {
        return command_failed(&e);
    }
    printf("%s: %s of %s, simulated\n", o->folder, o->format, o->dataset);
    return CLI_DONE;
}

static int misuse(const char *text)
{
    fprintf(stderr, "thecasim: error: export: %s; try 'thecasim export --help'\n", text);
    return CLI_USAGE;
}

int export_command(int argc, char **argv)
{
    export_options_t o = {.format = NULL};
    const char *date = NULL;
    bool force = false;
    char formats[128];
    (void)snprintf(formats, sizeof formats, "%s; needed", export_formats());
    const option_row_t row[] = {
        {"format", 0, OPTION_TEXT, &o.format, "FORMAT", formats},
        {"output", 'o', OPTION_TEXT, &o.folder, "DIR", "the folder to write; needed"},
        {"licence", 0, OPTION_TEXT, &o.licence, "ID",
         "licence that you give the data, by its SPDX name; default: none is stated"},
        {"date", 0, OPTION_TEXT, &date, "YYYY-MM-DD",
         "day of publication; default: when DATASET.h5 was written"},
        {"force", 0, OPTION_FLAG, &force, NULL, "replace a DIR that an export wrote"},
    };
    const command_t command = {"export",
                               "DATASET.h5",
                               "a dataset for the tools of others, as a folder of files",
                               "thecasim export study.h5 --format csv -o study-csv\n"
                               "  thecasim export study.h5 --format sdtm -o study-sdtm",
                               row,
                               sizeof row / sizeof row[0],
                               1,
                               1};
    operands_t left;
    reader_t *reader = NULL;
    error_t e = {0};
    int code = options_parse(&command, argc, argv, &left);
    if (code != CLI_DONE) {
        return code < 0 ? CLI_DONE : code;
    }
    if (o.format == NULL || !export_knows(o.format)) {
        return misuse(o.format == NULL ? "--format is needed" : "--format: no such format");
    }
    if (o.folder == NULL) {
        return misuse("-o DIR is needed");
    }
    if (date != NULL && strlen(date) != EXPORT_DATE_SIZE - 1) {
        return misuse("--date is written as 2026-11-27");
    }
    o.dataset = left.item[0];
    o.overwrite = force;
    take_date(o.dataset, o.date);
    if (date != NULL) {
        (void)snprintf(o.date, sizeof o.date, "%s", date);
    }
    if (reader_open(&reader, o.dataset, &e) < 0) {
        return command_failed(&e);
    }
    code = write_folder(reader, &o);
    reader_close(&reader);
    return code;
}
