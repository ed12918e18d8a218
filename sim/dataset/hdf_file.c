/* SPDX-License-Identifier: Apache-2.0 */
/* Makes and opens HDF5 files, and reads rows of what is in them. */
#include "dataset/hdf_file.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "dataset/sink.h"

hid_t hdf_file_create(const char *path, hid_t *driver, int *reason)
{
    const hid_t creation = H5Pcreate(H5P_FILE_CREATE);
    const hid_t access = H5Pcreate(H5P_FILE_ACCESS);
    hid_t file = -1;
    *driver = sink_use(access, reason);
    if (creation >= 0 && *driver >= 0 && H5Pset_obj_track_times(creation, 0) >= 0 &&
        H5Pset_link_creation_order(creation, H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED) >= 0 &&
        H5Pset_libver_bounds(access, H5F_LIBVER_V18, H5F_LIBVER_V18) >= 0 &&
        H5Pset_fclose_degree(access, H5F_CLOSE_STRONG) >= 0) {
        file = H5Fcreate(path, H5F_ACC_TRUNC, creation, access);
    }
    (void)H5Pclose(access);
    (void)H5Pclose(creation);
    return file;
}

int hdf_file_close(hid_t *file, hid_t *driver)
{
    const int rc = *file > 0 && H5Fclose(*file) < 0 ? -1 : 0;
    if (*driver > 0) {
        sink_release(*driver);
    }
    *file = *driver = 0;
    return rc;
}

/* Looks at the first bytes, since HDF5 says of any other file only that it failed. */
static int check_signature(const char *path, error_t *e)
{
    static const unsigned char signature[8] = {0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n'};
    unsigned char first[8];
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        return ERROR_RAISE(e, ERROR_FILE_OPEN, "cannot open %s: %s", path, strerror(errno));
    }
    errno = 0;
    const size_t size = fread(first, 1, sizeof first, file);
    const int reason = ferror(file) ? errno : 0;
    (void)fclose(file);
    if (reason != 0) {
        return ERROR_RAISE(e, ERROR_FILE_READ, "cannot read %s: %s", path, strerror(reason));
    }
    if (size == 0) {
        return ERROR_RAISE(e, ERROR_DATASET_FOREIGN, "%s is empty", path);
    }
    if (memcmp(first, signature, size) != 0) {
        return ERROR_RAISE(e, ERROR_DATASET_FOREIGN, "%s is not HDF5", path);
    }
    if (size < sizeof signature) {
        return ERROR_RAISE(e, ERROR_DATASET_TRUNCATED, "%s ends after %zu bytes", path, size);
    }
    return 0;
}

int hdf_file_open(hid_t *file, const char *path, const hdf_cause_t *cause, error_t *e)
{
    int rc = check_signature(path, e);
    *file = rc == 0 ? H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT) : 0;
    if (*file < 0) {
        *file = 0;
        rc = hdf_raise_read(e, cause, path, "the start");
    }
    return rc;
}

int hdf_file_rows(hid_t dataset, hid_t type, size_t start, size_t count, void *values)
{
    const hsize_t from = start, extent = count;
    int rc = -1;
    if (count == 0) {
        return 0;
    }
    if (!hdf_chunks_are_sound(dataset, start, count)) {
        return -1;
    }
    const hid_t file_space = H5Dget_space(dataset);
    const hid_t memory_space = H5Screate_simple(1, &extent, NULL);
    if (file_space >= 0 && memory_space >= 0 &&
        H5Sselect_hyperslab(file_space, H5S_SELECT_SET, &from, NULL, &extent, NULL) >= 0) {
        rc = H5Dread(dataset, type, memory_space, file_space, H5P_DEFAULT, values);
    }
    (void)H5Sclose(memory_space);
    (void)H5Sclose(file_space);
    return rc;
}
