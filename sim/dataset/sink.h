/* SPDX-License-Identifier: Apache-2.0 */
/* An HDF5 file driver whose writes never fail: the first failure is noted, what follows it is dropped.
 *
 * HDF5 1.10 cannot close a file when its writes fail (a full disk): the identifiers stay, and the library crashes when
 * the program ends. So HDF5 is told that all is well, the writer looks at `reason` after each step, and a
 * file with a reason is closed in order and removed. In all else the file is the one that HDF5's own POSIX
 * driver writes, and any HDF5 program reads it.
 *
 * Thread rule: HDF5 is used by one thread at a time in the whole program.
 */
#ifndef DATASET_SINK_H
#define DATASET_SINK_H

#include <hdf5.h>

/* Opens files made with this access list through the driver. *reason is borrowed until the file is closed: set to
 * an errno at the first write, read or truncation that fails, and never cleared. Returns the driver's id, to
 * be given to sink_release after the file is closed, or a negative number. */
hid_t sink_use(hid_t access, int *reason);

/* Unregisters the driver. */
void sink_release(hid_t driver);

#endif
