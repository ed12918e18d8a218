/* SPDX-License-Identifier: Apache-2.0 */
/* A POSIX file driver for HDF5 that notes failures instead of returning them. */
#include "dataset/sink.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAX_ADDRESS ((haddr_t)INT64_MAX)

/* What travels in an access list; HDF5 copies it byte by byte. */
typedef struct settings_t {
    int *reason;
} settings_t;

typedef struct sink_t {
    H5FD_t base; /* first: HDF5 knows only this */
    int fd;
    int *reason;
    haddr_t allocated;
    haddr_t end;
} sink_t;

static void note(const sink_t *s, int reason)
{
    if (*s->reason == 0) {
        *s->reason = reason;
    }
}

static H5FD_t *sink_open(const char *name, unsigned flags, hid_t access, haddr_t max)
{
    const settings_t *settings = H5Pget_driver_info(access);
    sink_t *s = settings == NULL ? NULL : calloc(1, sizeof *s);
    (void)flags;
    (void)max;
    if (s == NULL) {
        return NULL;
    }
    s->reason = settings->reason;
    s->fd = open(name, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (s->fd < 0) {
        note(s, errno);
        free(s);
        return NULL;
    }
    return &s->base;
}

static herr_t sink_close(H5FD_t *file)
{
    sink_t *s = (sink_t *)file;
    if (close(s->fd) != 0) {
        note(s, errno);
    }
    free(s);
    return 0;
}

static herr_t sink_query(const H5FD_t *file, unsigned long *flags)
{
    (void)file;
    *flags = H5FD_FEAT_AGGREGATE_METADATA | H5FD_FEAT_ACCUMULATE_METADATA | H5FD_FEAT_DATA_SIEVE |
             H5FD_FEAT_AGGREGATE_SMALLDATA | H5FD_FEAT_DEFAULT_VFD_COMPATIBLE;
    return 0;
}

static haddr_t sink_get_eoa(const H5FD_t *file, H5FD_mem_t type)
{
    (void)type;
    return ((const sink_t *)file)->allocated;
}

static herr_t sink_set_eoa(H5FD_t *file, H5FD_mem_t type, haddr_t address)
{
    (void)type;
    ((sink_t *)file)->allocated = address;
    return 0;
}

static haddr_t sink_get_eof(const H5FD_t *file, H5FD_mem_t type)
{
    (void)type;
    return ((const sink_t *)file)->end;
}

static herr_t sink_read(H5FD_t *file, H5FD_mem_t type, hid_t transfer, haddr_t address, size_t size,
                        void *buffer)
{
    const sink_t *s = (sink_t *)file;
    unsigned char *to = buffer;
    (void)type;
    (void)transfer;
    while (size > 0) {
        const ssize_t n = pread(s->fd, to, size, (off_t)address);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            if (n < 0) {
                note(s, errno);
            }
            /* Allocated and never written reads as zeros, as in HDF5's own driver. */
            memset(to, 0, size);
            return 0;
        }
        to += n;
        size -= (size_t)n;
        address += (haddr_t)n;
    }
    return 0;
}

static herr_t sink_write(H5FD_t *file, H5FD_mem_t type, hid_t transfer, haddr_t address,
                         size_t size, const void *buffer)
{
    sink_t *s = (sink_t *)file;
    const unsigned char *from = buffer;
    (void)type;
    (void)transfer;
    s->end = address + size > s->end ? address + size : s->end;
    while (size > 0 && *s->reason == 0) {
        const ssize_t n = pwrite(s->fd, from, size, (off_t)address);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            note(s, n < 0 ? errno : ENOSPC);
            return 0;
        }
        from += n;
        size -= (size_t)n;
        address += (haddr_t)n;
    }
    return 0;
}

static herr_t sink_truncate(H5FD_t *file, hid_t transfer, hbool_t closing)
{
    sink_t *s = (sink_t *)file;
    (void)transfer;
    (void)closing;
    if (s->allocated != s->end) {
        if (*s->reason == 0 && ftruncate(s->fd, (off_t)s->allocated) != 0) {
            note(s, errno);
        }
        s->end = s->allocated;
    }
    return 0;
}

static const H5FD_class_t driver_class = {
    .name = "thecasim_sink",
    .maxaddr = MAX_ADDRESS,
    .fc_degree = H5F_CLOSE_WEAK,
    .fapl_size = sizeof(settings_t),
    .open = sink_open,
    .close = sink_close,
    .query = sink_query,
    .get_eoa = sink_get_eoa,
    .set_eoa = sink_set_eoa,
    .get_eof = sink_get_eof,
    .read = sink_read,
    .write = sink_write,
    .truncate = sink_truncate,
    .fl_map = H5FD_FLMAP_DICHOTOMY,
};

hid_t sink_use(hid_t access, int *reason)
{
    const settings_t settings = {reason};
    const hid_t driver = H5FDregister(&driver_class);
    if (driver >= 0 && H5Pset_driver(access, driver, &settings) < 0) {
        (void)H5FDunregister(driver);
        return -1;
    }
    return driver;
}

void sink_release(hid_t driver)
{
    if (driver > 0) {
        (void)H5FDunregister(driver);
    }
}
