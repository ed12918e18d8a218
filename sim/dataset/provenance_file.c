/* SPDX-License-Identifier: Apache-2.0 */
/* The group /provenance of an HDF5 file, written and read; its arms and its uncertain parameters are in tables of their own. */
#include "dataset/provenance_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dataset/arms_table.h"
#include "dataset/fingerprint.h"
#include "dataset/hdf.h"
#include "dataset/uncertain_table.h"

static int put_provenance_text(hid_t group, const provenance_t *p)
{
    char libm[PROVENANCE_FINGERPRINT_SIZE];
    const struct {
        const char *name;
        const char *text;
    } row[] = {{"study", p->study},         {"title", p->title},
               {"program", p->program},     {"version", p->version},
               {"build", p->build},         {"core_id", p->core_id},
               {"core_code", p->core_code}, {"libm_fingerprint", libm},
               {"note", provenance_note()}, {"description", p->description}};
    fingerprint_libm(libm);
    for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
        if (hdf_put_text(group, row[i].name, row[i].text) < 0) {
            return -1;
        }
    }
    return 0;
}

int provenance_file_write(hid_t file, const provenance_t *p)
{
    const hid_t group = hdf_group(file, "provenance");
    int rc = group < 0 ? -1 : put_provenance_text(group, p);
    if (rc >= 0 &&
        (hdf_put_number(group, "seed", H5T_STD_U64LE, H5T_NATIVE_UINT64, &p->seed, 1) < 0 ||
         hdf_put_number(group, "patients", H5T_STD_I64LE, H5T_NATIVE_INT64, &p->patients, 1) < 0 ||
         hdf_put_number(group, "horizon_ms", H5T_STD_I64LE, H5T_NATIVE_INT64, &p->horizon_ms, 1) <
             0 ||
         hdf_put_names(group, "drugs", &p->drugs) < 0 ||
         hdf_put_names(group, "hal_calls", &p->hal_calls) < 0 ||
         hdf_put_document(group, "config", p->config) < 0 ||
         hdf_put_document(group, "assumptions", p->assumptions) < 0 ||
         hdf_put_document(group, "warnings", p->warnings) < 0)) {
        rc = -1;
    }
    (void)H5Gclose(group);
    return rc;
}

static int get_texts(hid_t group, provenance_t *p, char *owned[PROVENANCE_FILE_BLOCKS])
{
    const struct {
        const char *name;
        const char **to;
    } row[] = {{"study", &p->study},         {"title", &p->title},
               {"program", &p->program},     {"version", &p->version},
               {"build", &p->build},         {"core_id", &p->core_id},
               {"core_code", &p->core_code}, {"description", &p->description}};
    char *libm = NULL;
    for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
        if (hdf_get_text(group, row[i].name, &owned[i]) < 0) {
            return -1;
        }
        *row[i].to = owned[i];
    }
    const int rc = hdf_get_text(group, "libm_fingerprint", &libm);
    if (rc >= 0) {
        (void)snprintf(p->libm, sizeof p->libm, "%s", libm);
    }
    free(libm);
    return rc;
}

int provenance_file_read(hid_t file, provenance_t *p, char *owned[PROVENANCE_FILE_BLOCKS])
{
    memset(p, 0, sizeof *p);
    if (H5Lexists(file, "provenance", H5P_DEFAULT) <= 0) {
        return -1;
    }
    const hid_t group = H5Gopen2(file, "provenance", H5P_DEFAULT);
    const int rc =
        group < 0 || get_texts(group, p, owned) < 0 ||
                hdf_get_number(group, "seed", H5T_NATIVE_UINT64, &p->seed) < 0 ||
                hdf_get_number(group, "patients", H5T_NATIVE_INT64, &p->patients) < 0 ||
                hdf_get_number(group, "horizon_ms", H5T_NATIVE_INT64, &p->horizon_ms) < 0 ||
                arms_table_read(file, p, &owned[8], &owned[14]) < 0 ||
                uncertain_table_read(file, p, &owned[15]) < 0 ||
                hdf_get_names(group, "drugs", &p->drugs, &owned[9]) < 0 ||
                hdf_get_names(group, "hal_calls", &p->hal_calls, &owned[10]) < 0 ||
                hdf_get_document(group, "config", &owned[11]) < 0 ||
                hdf_get_document(group, "assumptions", &owned[12]) < 0 ||
                hdf_get_document(group, "warnings", &owned[13]) < 0
            ? -1
            : 0;
    p->config = owned[11];
    p->assumptions = owned[12];
    p->warnings = owned[13];
    if (group >= 0) {
        (void)H5Gclose(group);
    }
    return rc;
}
