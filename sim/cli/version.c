/* SPDX-License-Identifier: Apache-2.0 */
/* `thecasim --version`: what this program was made of. */
#include "cli/command.h"

#include "dataset/fields.h"
#include "dataset/fingerprint.h"
#include "dataset/provenance.h"
#include "host/core.h"

#include <gsl/gsl_version.h>
#include <hdf5.h>
#include <sodium.h>
#include <stdio.h>

void version_print(void)
{
    char libm[PROVENANCE_FINGERPRINT_SIZE];
    unsigned major = 0, minor = 0, release = 0;
    (void)H5get_libversion(&major, &minor, &release);
    fingerprint_libm(libm);
    printf("thecasim %s\n", THECASIM_VERSION);
    printf("  dataset schema   %d\n", FIELDS_SCHEMA_VERSION);
    printf("  dosing core      %s, ABI %u.%u\n", core_builtin().entry->core_id, DOSING_ABI_MAJOR,
           DOSING_ABI_MINOR);
    printf("  build            %s\n", provenance_build());
    printf("  GSL %s, HDF5 %u.%u.%u, libsodium %s, libm %s\n", gsl_version, major, minor, release,
           sodium_version_string(), libm);
    printf(
        "  source: Apache-2.0; this program links GSL and is distributed under GPL-3.0-or-later\n");
}
