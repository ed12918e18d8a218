/* SPDX-License-Identifier: Apache-2.0 */
/* Folds HDF5's error stack into ours; writes and reads attributes. */
#include "dataset/hdf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dataset/crc32.h"

#define NAME_SIZE 64
#define DOCUMENT_LIMIT (64u << 20)

/* ---- errors ---- */

/* HDF5 keeps the errno only inside its sentences. Upward: the deepest cause comes first. */
static herr_t find_cause(unsigned depth, const H5E_error2_t *entry, void *context)
{
    hdf_cause_t *cause = context;
    const char *at = entry->desc == NULL ? NULL : strstr(entry->desc, "errno = ");
    (void)depth;
    if (at != NULL) {
        cause->reason = (int)strtol(at + strlen("errno = "), NULL, 10);
    } else if (cause->text[0] == '\0' && entry->desc != NULL) {
        (void)snprintf(cause->text, sizeof cause->text, "%s", entry->desc);
    }
    return 0;
}

/* Called by HDF5 at the end of each failed call; the stack is emptied by the next call, even by a close. */
static herr_t note(hid_t stack, void *context)
{
    const hdf_cause_t *cause = context;
    return cause->reason == 0 && cause->text[0] == '\0'
               ? H5Ewalk2(stack, H5E_WALK_UPWARD, find_cause, context)
               : 0;
}

void hdf_listen(hdf_cause_t *cause)
{
    memset(cause, 0, sizeof *cause);
    (void)H5Eset_auto2(H5E_DEFAULT, note, cause);
}

void hdf_silence(void)
{
    (void)H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
}

static const char *words(const hdf_cause_t *cause)
{
    return cause->text[0] != '\0' ? cause->text : "it is not as expected";
}

int hdf_raise_write(error_t *e, const hdf_cause_t *cause, const char *path, int reason)
{
    if (reason != 0) {
        return ERROR_RAISE(e, ERROR_FILE_WRITE, "cannot write %s: %s", path, strerror(reason));
    }
    return ERROR_RAISE(e, ERROR_LIBRARY, "cannot write %s: HDF5: %s", path,
                       cause->text[0] != '\0' ? cause->text : "no memory");
}

int hdf_raise_read(error_t *e, const hdf_cause_t *cause, const char *path, const char *what)
{
    if (cause->reason != 0) {
        return ERROR_RAISE(e, ERROR_FILE_READ, "cannot read %s: %s", path, strerror(cause->reason));
    }
    return ERROR_RAISE(e, ERROR_DATASET_TRUNCATED, "cannot read %s of %s: %s", what, path,
                       words(cause));
}

hid_t hdf_file_type(enum fields_type type)
{
    switch (type) {
    case FIELDS_TYPE_I64:
        return H5T_STD_I64LE;
    case FIELDS_TYPE_I32:
        return H5T_STD_I32LE;
    case FIELDS_TYPE_F64:
        return H5T_IEEE_F64LE;
    case FIELDS_TYPE_F32:
        return H5T_IEEE_F32LE;
    case FIELDS_TYPE_STOP:
    case FIELDS_TYPE_EVENT:
    case FIELDS_TYPE_REASON:
    case FIELDS_TYPE_SEX:
    case FIELDS_TYPE_DIAGNOSIS:
    case FIELDS_TYPE_TOLERANCE:
    case FIELDS_TYPE_LEVEL:
        break;
    case FIELDS_TYPE_TEXT:
        return H5T_C_S1;
    }
    return H5T_STD_I8LE;
}

/* ---- writing ---- */

hid_t hdf_group(hid_t file, const char *name)
{
    const hid_t plist = H5Pcreate(H5P_GROUP_CREATE);
    hid_t group = -1;
    if (plist >= 0 && H5Pset_obj_track_times(plist, 0) >= 0 &&
        H5Pset_link_creation_order(plist, H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED) >= 0) {
        group = H5Gcreate2(file, name, H5P_DEFAULT, plist, H5P_DEFAULT);
    }
    (void)H5Pclose(plist);
    return group;
}

/* A fixed-length, zero-padded UTF-8 type; negative on failure. */
static hid_t text_type(size_t size)
{
    const hid_t type = H5Tcopy(H5T_C_S1);
    if (type >= 0 && (H5Tset_size(type, size) < 0 || H5Tset_strpad(type, H5T_STR_NULLPAD) < 0 ||
                      H5Tset_cset(type, H5T_CSET_UTF8) < 0)) {
        (void)H5Tclose(type);
        return -1;
    }
    return type;
}

static int put(hid_t object, const char *name, hid_t file_type, hid_t memory_type, hid_t space,
               const void *values)
{
    const hid_t attribute = H5Acreate2(object, name, file_type, space, H5P_DEFAULT, H5P_DEFAULT);
    int rc = attribute < 0 ? -1 : H5Awrite(attribute, memory_type, values);
    if (attribute >= 0 && H5Aclose(attribute) < 0) {
        rc = -1;
    }
    return rc;
}

int hdf_put_text(hid_t object, const char *name, const char *text)
{
    const char *const value = text == NULL ? "" : text;
    const size_t length = strlen(value);
    const hid_t type = text_type(length > 0 ? length : 1);
    const hid_t space = H5Screate(H5S_SCALAR);
    const int rc = type < 0 || space < 0 ? -1 : put(object, name, type, type, space, value);
    (void)H5Sclose(space);
    (void)H5Tclose(type);
    return rc;
}

int hdf_put_number(hid_t object, const char *name, hid_t file_type, hid_t memory_type,
                   const void *values, size_t count)
{
    const hsize_t extent = count;
    const hid_t space = count == 1 ? H5Screate(H5S_SCALAR) : H5Screate_simple(1, &extent, NULL);
    const int rc = space < 0 ? -1 : put(object, name, file_type, memory_type, space, values);
    (void)H5Sclose(space);
    return rc;
}

int hdf_put_names(hid_t object, const char *name, const provenance_names_t *names)
{
    char block[PROVENANCE_NAMES_MAX][NAME_SIZE] = {{0}};
    const hsize_t extent = names->count;
    if (names->count > PROVENANCE_NAMES_MAX) {
        return -1;
    }
    for (size_t i = 0; i < names->count; i++) {
        (void)snprintf(block[i], NAME_SIZE, "%s", names->name[i]);
    }
    const hid_t type = text_type(NAME_SIZE);
    const hid_t space = extent == 0 ? H5Screate(H5S_NULL) : H5Screate_simple(1, &extent, NULL);
    const int rc = type < 0 || space < 0 ? -1 : put(object, name, type, type, space, block);
    (void)H5Sclose(space);
    (void)H5Tclose(type);
    return rc;
}

int hdf_put_document(hid_t group, const char *name, const char *text)
{
    const char *const value = text == NULL ? "" : text;
    const size_t length = strlen(value);
    const hid_t type = text_type(length > 0 ? length : 1);
    const hid_t space = H5Screate(H5S_SCALAR);
    const hid_t plist = H5Pcreate(H5P_DATASET_CREATE);
    hid_t dataset = -1;
    int rc = type < 0 || space < 0 || plist < 0 ? -1 : H5Pset_obj_track_times(plist, 0);
    if (rc >= 0) {
        dataset = H5Dcreate2(group, name, type, space, H5P_DEFAULT, plist, H5P_DEFAULT);
        rc = dataset < 0 ? -1 : H5Dwrite(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, value);
    }
    if (rc >= 0) {
        const uint32_t crc = crc32_of((const uint8_t *)value, length);
        rc = hdf_put_number(dataset, "crc32", H5T_STD_U32LE, H5T_NATIVE_UINT32, &crc, 1);
    }
    if (dataset >= 0 && H5Dclose(dataset) < 0) {
        rc = -1;
    }
    (void)H5Pclose(plist);
    (void)H5Sclose(space);
    (void)H5Tclose(type);
    return rc;
}

/* The lines as one block of zero-padded texts of equal size, *width each; the caller frees it. */
static char *pad_lines(const provenance_names_t *lines, size_t *width)
{
    *width = 1;
    for (size_t i = 0; i < lines->count; i++) {
        const size_t length = lines->name[i] == NULL ? 0 : strlen(lines->name[i]);
        *width = length > *width ? length : *width;
    }
    char *block = calloc(lines->count + 1, *width);
    for (size_t i = 0; block != NULL && i < lines->count; i++) {
        if (lines->name[i] != NULL) {
            memcpy(block + i * *width, lines->name[i], strlen(lines->name[i]));
        }
    }
    return block;
}

hid_t hdf_put_lines(hid_t group, const char *name, const provenance_names_t *lines)
{
    const hsize_t extent = lines->count;
    size_t width = 0;
    char *block = pad_lines(lines, &width);
    const hid_t type = text_type(width);
    const hid_t space = H5Screate_simple(1, &extent, NULL);
    const hid_t plist = H5Pcreate(H5P_DATASET_CREATE);
    const uint32_t crc = block == NULL ? 0 : crc32_of((const uint8_t *)block, width * lines->count);
    hid_t dataset = -1;
    if (block != NULL && type >= 0 && space >= 0 && H5Pset_obj_track_times(plist, 0) >= 0) {
        dataset = H5Dcreate2(group, name, type, space, H5P_DEFAULT, plist, H5P_DEFAULT);
    }
    if (dataset >= 0 &&
        (H5Dwrite(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, block) < 0 ||
         hdf_put_number(dataset, "crc32", H5T_STD_U32LE, H5T_NATIVE_UINT32, &crc, 1) < 0)) {
        (void)H5Dclose(dataset);
        dataset = -1;
    }
    (void)H5Pclose(plist);
    (void)H5Sclose(space);
    (void)H5Tclose(type);
    free(block);
    return dataset;
}

/* ---- reading ---- */

/* Size in bytes of one fixed-length string, or 0 when the type is another or too long. */
static size_t text_size(hid_t type)
{
    if (type < 0 || H5Tget_class(type) != H5T_STRING || H5Tis_variable_str(type) != 0) {
        return 0;
    }
    const size_t size = H5Tget_size(type);
    return size <= DOCUMENT_LIMIT ? size : 0;
}

/* A zero-ended buffer for `count` strings of the type, with the memory type to read into it. */
static char *text_buffer(hid_t type, size_t count, hid_t *memory_type)
{
    const size_t size = text_size(type);
    char *buffer = size == 0 ? NULL : calloc(count * (size + 1) + 1, 1);
    *memory_type = buffer == NULL ? -1 : text_type(size + 1);
    if (*memory_type >= 0 && H5Tset_strpad(*memory_type, H5T_STR_NULLTERM) < 0) {
        (void)H5Tclose(*memory_type);
        *memory_type = -1;
    }
    if (*memory_type < 0) {
        free(buffer);
        return NULL;
    }
    return buffer;
}

int hdf_get_text(hid_t object, const char *name, char **text)
{
    hid_t memory_type = -1;
    int rc = -1;
    *text = NULL;
    if (H5Aexists(object, name) <= 0) {
        return -1;
    }
    const hid_t attribute = H5Aopen(object, name, H5P_DEFAULT);
    const hid_t type = H5Aget_type(attribute);
    const hid_t space = H5Aget_space(attribute);
    if (attribute >= 0 && H5Sget_simple_extent_type(space) == H5S_SCALAR) {
        *text = text_buffer(type, 1, &memory_type);
        rc = *text == NULL ? -1 : H5Aread(attribute, memory_type, *text);
        (void)H5Tclose(memory_type);
    }
    (void)H5Sclose(space);
    (void)H5Tclose(type);
    (void)H5Aclose(attribute);
    return rc;
}

int hdf_get_number(hid_t object, const char *name, hid_t memory_type, void *value)
{
    int rc = -1;
    if (H5Aexists(object, name) <= 0) {
        return -1;
    }
    const hid_t attribute = H5Aopen(object, name, H5P_DEFAULT);
    const hid_t type = H5Aget_type(attribute);
    const hid_t space = H5Aget_space(attribute);
    if (attribute >= 0 && H5Sget_simple_extent_type(space) == H5S_SCALAR &&
        H5Tget_class(type) == H5T_INTEGER) {
        rc = H5Aread(attribute, memory_type, value);
    }
    (void)H5Sclose(space);
    (void)H5Tclose(type);
    (void)H5Aclose(attribute);
    return rc;
}

int hdf_get_names(hid_t object, const char *name, provenance_names_t *names, char **block)
{
    hid_t memory_type = -1;
    int rc = -1;
    names->count = 0;
    *block = NULL;
    if (H5Aexists(object, name) <= 0) {
        return -1;
    }
    const hid_t attribute = H5Aopen(object, name, H5P_DEFAULT);
    const hid_t type = H5Aget_type(attribute);
    const hid_t space = H5Aget_space(attribute);
    const hssize_t count = H5Sget_simple_extent_npoints(space);
    if (attribute >= 0 && count == 0) {
        rc = 0;
    } else if (attribute >= 0 && count > 0 && count <= PROVENANCE_NAMES_MAX) {
        *block = text_buffer(type, (size_t)count, &memory_type);
        rc = *block == NULL ? -1 : H5Aread(attribute, memory_type, *block);
        for (hssize_t i = 0; rc >= 0 && i < count; i++) {
            names->name[names->count++] = *block + (size_t)i * H5Tget_size(memory_type);
        }
        (void)H5Tclose(memory_type);
    }
    (void)H5Sclose(space);
    (void)H5Tclose(type);
    (void)H5Aclose(attribute);
    return rc;
}

int hdf_get_document(hid_t group, const char *name, char **text)
{
    hid_t memory_type = -1;
    int rc = -1;
    *text = NULL;
    if (H5Lexists(group, name, H5P_DEFAULT) <= 0) {
        return -1;
    }
    const hid_t dataset = H5Dopen2(group, name, H5P_DEFAULT);
    const hid_t type = H5Dget_type(dataset);
    const hid_t space = H5Dget_space(dataset);
    if (dataset >= 0 && H5Sget_simple_extent_type(space) == H5S_SCALAR) {
        *text = text_buffer(type, 1, &memory_type);
        rc = *text == NULL ? -1
                           : H5Dread(dataset, memory_type, H5S_ALL, H5S_ALL, H5P_DEFAULT, *text);
        (void)H5Tclose(memory_type);
    }
    if (rc >= 0) {
        uint32_t crc = 0;
        rc = hdf_get_number(dataset, "crc32", H5T_NATIVE_UINT32, &crc);
        rc = rc >= 0 && crc == crc32_of((const uint8_t *)*text, strlen(*text)) ? 0 : -1;
    }
    (void)H5Sclose(space);
    (void)H5Tclose(type);
    (void)H5Dclose(dataset);
    return rc;
}

/* Whether the lines are the bytes that were written: their checksum is over the padded block. */
static int lines_are_sound(hid_t dataset, const provenance_names_t *lines)
{
    uint32_t crc = 0;
    size_t width = 0;
    char *padded = pad_lines(lines, &width);
    const int sound = padded != NULL &&
                      hdf_get_number(dataset, "crc32", H5T_NATIVE_UINT32, &crc) >= 0 &&
                      crc == crc32_of((const uint8_t *)padded, width * lines->count);
    free(padded);
    return sound;
}

int hdf_get_lines(hid_t group, const char *name, provenance_names_t *lines, char **block)
{
    hid_t memory_type = -1;
    int rc = -1;
    lines->count = 0;
    *block = NULL;
    if (H5Lexists(group, name, H5P_DEFAULT) <= 0) {
        return -1;
    }
    const hid_t dataset = H5Dopen2(group, name, H5P_DEFAULT);
    const hid_t type = H5Dget_type(dataset);
    const hid_t space = H5Dget_space(dataset);
    const hssize_t count = H5Sget_simple_extent_npoints(space);
    if (dataset >= 0 && H5Sget_simple_extent_ndims(space) == 1 && count >= 0 &&
        count <= PROVENANCE_NAMES_MAX) {
        *block = text_buffer(type, (size_t)count, &memory_type);
        rc = *block == NULL ? -1
                            : H5Dread(dataset, memory_type, H5S_ALL, H5S_ALL, H5P_DEFAULT, *block);
        for (hssize_t i = 0; rc >= 0 && i < count; i++) {
            lines->name[lines->count++] = *block + (size_t)i * H5Tget_size(memory_type);
        }
        (void)H5Tclose(memory_type);
    }
    rc = rc >= 0 && lines_are_sound(dataset, lines) ? 0 : -1;
    (void)H5Sclose(space);
    (void)H5Tclose(type);
    (void)H5Dclose(dataset);
    return rc;
}

/* Takes the same way through the list of chunks as a read does; H5Dget_chunk_info_by_coord goes another. */
static int chunk_is_sound(hid_t dataset, hsize_t at)
{
    hsize_t size = 0;
    uint32_t skipped = 0;
    if (H5Dget_chunk_storage_size(dataset, &at, &size) < 0 || size == 0) {
        return 0;
    }
    void *raw = malloc(size);
    const int sound =
        raw != NULL && H5Dread_chunk(dataset, H5P_DEFAULT, &at, &skipped, raw) >= 0 && skipped == 0;
    free(raw);
    return sound;
}

int hdf_chunks_are_sound(hid_t dataset, size_t start, size_t count)
{
    hsize_t rows = 0;
    const hid_t plist = H5Dget_create_plist(dataset);
    int sound = plist >= 0 && H5Pget_layout(plist) == H5D_CHUNKED &&
                H5Pget_chunk(plist, 1, &rows) == 1 && rows > 0;
    (void)H5Pclose(plist);
    for (hsize_t at = sound ? start / rows * rows : 0; sound && at < start + count; at += rows) {
        sound = chunk_is_sound(dataset, at);
    }
    return sound;
}
