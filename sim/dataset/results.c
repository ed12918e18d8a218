/* SPDX-License-Identifier: Apache-2.0 */
/* Writes and reads the columns of a validation by one table of them. */
#include "dataset/results.h"

#include <errno.h>
#include <hdf5.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dataset/durable.h"
#include "dataset/hdf.h"
#include "dataset/provenance.h"

#define FORMAT "thecasim validation 1"
#define GROUP "validation"
#define PATH_SIZE 1024

enum column_kind { COLUMN_TEXT, COLUMN_REAL, COLUMN_WHOLE };

typedef struct column_t {
    const char *name;
    enum column_kind kind;
    size_t offset, size; /* in results_row_t */
} column_t;

#define COLUMN(member, kind)                                                                       \
    {                                                                                              \
#member, kind, offsetof(results_row_t, member), sizeof((results_row_t *)0)->member         \
    }

static const column_t columns[] = {
    COLUMN(study, COLUMN_TEXT),     COLUMN(id, COLUMN_TEXT),       COLUMN(what, COLUMN_TEXT),
    COLUMN(estimator, COLUMN_TEXT), COLUMN(unit, COLUMN_TEXT),     COLUMN(rule, COLUMN_TEXT),
    COLUMN(role, COLUMN_TEXT),      COLUMN(source, COLUMN_TEXT),   COLUMN(verdict, COLUMN_TEXT),
    COLUMN(needs, COLUMN_TEXT),     COLUMN(value, COLUMN_REAL),    COLUMN(low, COLUMN_REAL),
    COLUMN(high, COLUMN_REAL),      COLUMN(estimate, COLUMN_REAL), COLUMN(half_width, COLUMN_REAL),
    COLUMN(n, COLUMN_WHOLE),        COLUMN(gate, COLUMN_WHOLE),    COLUMN(weak, COLUMN_WHOLE),
};
#define COLUMNS (sizeof columns / sizeof columns[0])

/* A type to be closed: of the file, or of a value in memory. */
static hid_t type_of(const column_t *c, int file)
{
    hid_t type;
    if (c->kind == COLUMN_REAL) {
        return H5Tcopy(file ? H5T_IEEE_F64LE : H5T_NATIVE_DOUBLE);
    }
    if (c->kind == COLUMN_WHOLE) {
        return H5Tcopy(file ? H5T_STD_I64LE : H5T_NATIVE_INT64);
    }
    type = H5Tcopy(H5T_C_S1);
    if (H5Tset_size(type, c->size) < 0 || H5Tset_cset(type, H5T_CSET_UTF8) < 0) {
        (void)H5Tclose(type);
        return -1;
    }
    return type;
}

/* ---- writing ---- */

/* Values side by side; what follows the end of a text is zero, so that the same rows give the same bytes. */
static char *gather(const results_t *r, const column_t *c)
{
    char *block = calloc(r->rows + 1, c->size);
    for (size_t i = 0; block != NULL && i < r->rows; i++) {
        const char *from = (const char *)&r->row[i] + c->offset;
        if (c->kind == COLUMN_TEXT) {
            (void)snprintf(block + i * c->size, c->size, "%s", from);
        } else {
            memcpy(block + i * c->size, from, c->size);
        }
    }
    return block;
}

static int put_column(hid_t group, const results_t *r, const column_t *c)
{
    const hsize_t extent = r->rows, chunk = r->rows > 0 ? r->rows : 1;
    char *block = gather(r, c);
    const hid_t file_type = type_of(c, 1), memory_type = type_of(c, 0);
    const hid_t space = H5Screate_simple(1, &extent, NULL);
    const hid_t plist = H5Pcreate(H5P_DATASET_CREATE);
    hid_t dataset = -1;
    int rc = -1;
    if (block != NULL && H5Pset_obj_track_times(plist, 0) >= 0 &&
        H5Pset_chunk(plist, 1, &chunk) >= 0 && H5Pset_deflate(plist, 6) >= 0 &&
        H5Pset_fletcher32(plist) >= 0) {
        dataset = H5Dcreate2(group, c->name, file_type, space, H5P_DEFAULT, plist, H5P_DEFAULT);
    }
    if (dataset >= 0) {
        rc = r->rows == 0 ||
                     H5Dwrite(dataset, memory_type, H5S_ALL, H5S_ALL, H5P_DEFAULT, block) >= 0
                 ? 0
                 : -1;
        rc = H5Dclose(dataset) < 0 ? -1 : rc;
    }
    (void)H5Pclose(plist);
    (void)H5Sclose(space);
    (void)H5Tclose(memory_type);
    (void)H5Tclose(file_type);
    free(block);
    return rc;
}

static int put_all(hid_t file, const results_t *r)
{
    int rc = hdf_put_text(file, "format", FORMAT);
    const hid_t group = rc >= 0 ? hdf_group(file, GROUP) : -1;
    rc = rc >= 0 ? hdf_put_text(file, "program", r->program) : rc;
    rc = rc >= 0 ? hdf_put_text(file, "core", r->core) : rc;
    rc = rc >= 0 ? hdf_put_text(file, "note", provenance_note()) : rc;
    rc =
        rc >= 0 ? hdf_put_number(file, "quick", H5T_STD_I64LE, H5T_NATIVE_INT64, &r->quick, 1) : rc;
    rc = group >= 0 ? rc : -1;
    for (size_t i = 0; rc >= 0 && i < COLUMNS; i++) {
        rc = put_column(group, r, &columns[i]);
    }
    (void)H5Gclose(group);
    return rc;
}

/* The whole file under its working name. */
static int write_part(const results_t *r, const char *part)
{
    const hid_t creation = H5Pcreate(H5P_FILE_CREATE);
    hid_t file = -1;
    int rc = -1;
    if (H5Pset_obj_track_times(creation, 0) >= 0 &&
        H5Pset_link_creation_order(creation, H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED) >= 0) {
        file = H5Fcreate(part, H5F_ACC_TRUNC, creation, H5P_DEFAULT);
    }
    if (file >= 0) {
        rc = put_all(file, r);
        rc = H5Fclose(file) < 0 ? -1 : rc;
    }
    (void)H5Pclose(creation);
    return rc;
}

int results_write(const results_t *r, const char *path, int overwrite, error_t *e)
{
    char part[PATH_SIZE];
    hdf_cause_t cause;
    int rc;
    if (snprintf(part, sizeof part, "%s.part", path) >= (int)sizeof part) {
        return ERROR_RAISE(e, ERROR_FILE_OPEN, "%s: the name is too long", path);
    }
    if (!overwrite && access(path, F_OK) == 0) {
        return ERROR_RAISE(e, ERROR_EXISTS, "%s exists", path);
    }
    hdf_listen(&cause);
    rc = write_part(r, part) < 0 ? hdf_raise_write(e, &cause, part, cause.reason) : 0;
    hdf_silence();
    rc = rc == 0 ? durable_rename(part, path, e) : rc;
    if (rc != 0) {
        (void)unlink(part);
    }
    return rc;
}

/* ---- reading ---- */

static int scatter(results_t *r, const column_t *c, const char *block)
{
    for (size_t i = 0; i < r->rows; i++) {
        char *to = (char *)&r->row[i] + c->offset;
        memcpy(to, block + i * c->size, c->size);
        if (c->kind == COLUMN_TEXT && memchr(to, '\0', c->size) == NULL) {
            return -1;
        }
    }
    return 0;
}

/* Rows of a 1-D dataset; negative where it is none. */
static hssize_t rows_of(hid_t dataset)
{
    const hid_t space = H5Dget_space(dataset);
    const hssize_t rows =
        H5Sget_simple_extent_ndims(space) == 1 ? H5Sget_simple_extent_npoints(space) : -1;
    (void)H5Sclose(space);
    return rows;
}

/* The first column says how many rows there are. */
static int get_column(hid_t group, results_t *r, const column_t *c)
{
    const hid_t dataset = H5Dopen2(group, c->name, H5P_DEFAULT), type = type_of(c, 0);
    const hssize_t rows = dataset >= 0 ? rows_of(dataset) : -1;
    char *block = NULL;
    int rc = -1;
    if (rows >= 0 && rows < 1000000 && r->row == NULL) {
        r->rows = (size_t)rows;
        r->row = calloc(r->rows + 1, sizeof *r->row);
    }
    if (r->row != NULL && (size_t)rows == r->rows && hdf_chunks_are_sound(dataset, 0, r->rows) &&
        (block = calloc(r->rows + 1, c->size)) != NULL &&
        H5Dread(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, block) >= 0) {
        rc = scatter(r, c, block);
    }
    free(block);
    (void)H5Tclose(type);
    (void)H5Dclose(dataset);
    return rc;
}

static int get_text(hid_t file, const char *name, char *to)
{
    char *text = NULL;
    const int rc = hdf_get_text(file, name, &text);
    (void)snprintf(to, RESULTS_TEXT_SIZE, "%s", rc >= 0 && text != NULL ? text : "");
    free(text);
    return rc;
}

static int get_all(hid_t file, results_t *r, const char *path, const hdf_cause_t *cause, error_t *e)
{
    char format[RESULTS_TEXT_SIZE];
    if (get_text(file, "format", format) < 0 || strcmp(format, FORMAT) != 0) {
        return ERROR_RAISE(e, ERROR_DATASET_FOREIGN, "%s holds no validation of this program",
                           path);
    }
    const hid_t group = H5Gopen2(file, GROUP, H5P_DEFAULT);
    int rc = group < 0 ? -1 : get_text(file, "program", r->program);
    rc = rc >= 0 ? get_text(file, "core", r->core) : rc;
    rc = rc >= 0 ? hdf_get_number(file, "quick", H5T_NATIVE_INT64, &r->quick) : rc;
    for (size_t i = 0; rc >= 0 && i < COLUMNS; i++) {
        rc = get_column(group, r, &columns[i]);
    }
    (void)H5Gclose(group);
    return rc >= 0 ? 0 : hdf_raise_read(e, cause, path, GROUP);
}

int results_read(results_t *r, const char *path, error_t *e)
{
    hdf_cause_t cause;
    hid_t file;
    int rc;
    memset(r, 0, sizeof *r);
    if (access(path, R_OK) != 0) {
        return ERROR_RAISE(e, ERROR_FILE_OPEN, "cannot open %s: %s", path, strerror(errno));
    }
    hdf_listen(&cause);
    file = H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT);
    if (file < 0) {
        rc = ERROR_RAISE(e, ERROR_DATASET_FOREIGN, "%s is not HDF5", path);
    } else {
        rc = get_all(file, r, path, &cause, e);
        (void)H5Fclose(file);
    }
    hdf_silence();
    return rc;
}

void results_free(results_t *r)
{
    free(r->row);
    r->row = NULL;
    r->rows = 0;
}
