/* SPDX-License-Identifier: Apache-2.0 */
/* Appends record frames to a file, and finds the whole ones again after a cut. */
#include "dataset/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dataset/crc32.h"
#include "dataset/little.h"

#define HEADER_SIZE 48
static const uint8_t magic[8] = {'T', 'H', 'E', 'C', 'A', 'J', 'N', 'L'};

/* ---- bytes ---- */

/* 0, or the errno of the write that failed. */
static int write_all(int fd, const uint8_t *bytes, size_t size, int64_t offset)
{
    while (size > 0) {
        const ssize_t n = pwrite(fd, bytes, size, (off_t)offset);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            return n < 0 ? errno : ENOSPC;
        }
        bytes += n;
        size -= (size_t)n;
        offset += n;
    }
    return 0;
}

/* 0; the errno of a read that failed; or ENODATA when the file ends before. */
static int read_all(int fd, uint8_t *bytes, size_t size, int64_t offset)
{
    while (size > 0) {
        const ssize_t n = pread(fd, bytes, size, (off_t)offset);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            return n < 0 ? errno : ENODATA;
        }
        bytes += n;
        size -= (size_t)n;
        offset += n;
    }
    return 0;
}

static int write_error(const char *path, int reason, error_t *e)
{
    const char *cure = reason == ENOSPC || reason == EDQUOT || reason == EFBIG
                           ? "; free space or choose another folder with -o, then resume"
                           : "";
    return ERROR_RAISE(e, ERROR_FILE_WRITE, "cannot write %s: %s%s", path, strerror(reason), cure);
}

static void make_header(uint8_t header[HEADER_SIZE], const uint8_t hash[PROVENANCE_HASH_SIZE])
{
    memcpy(header, magic, sizeof magic);
    little_put32(header + 8, FIELDS_SCHEMA_VERSION);
    memcpy(header + 12, hash, PROVENANCE_HASH_SIZE);
    little_put32(header + 44, crc32_of(header, 44));
}

static int check_header(const uint8_t header[HEADER_SIZE], const char *path,
                        const uint8_t hash[PROVENANCE_HASH_SIZE], error_t *e)
{
    if (memcmp(header, magic, sizeof magic) != 0) {
        return ERROR_RAISE(e, ERROR_DATASET_FOREIGN, "%s is not a thecasim journal", path);
    }
    if (crc32_of(header, 44) != little_get32(header + 44)) {
        return ERROR_RAISE(e, ERROR_DATASET_TRUNCATED, "the header of %s is damaged", path);
    }
    if (little_get32(header + 8) != FIELDS_SCHEMA_VERSION) {
        return ERROR_RAISE(e, ERROR_DATASET_VERSION, "%s has schema %u; this program knows %d",
                           path, little_get32(header + 8), FIELDS_SCHEMA_VERSION);
    }
    if (memcmp(header + 12, hash, PROVENANCE_HASH_CORE) != 0) {
        return ERROR_RAISE(e, ERROR_ARGUMENT, "%s belongs to another study, seed, program or libm",
                           path);
    }
    if (memcmp(header + 12, hash, PROVENANCE_HASH_SIZE) != 0) {
        return ERROR_RAISE(e, ERROR_ARGUMENT, "%s was made with another dosing core", path);
    }
    return 0;
}

/* ---- index ---- */

static int add_entry(journal_t *j, record_key_t key, uint64_t size, error_t *e)
{
    if (j->count == j->capacity) {
        const size_t capacity = j->capacity > 0 ? j->capacity * 2 : 256;
        journal_entry_t *grown = realloc(j->entry, capacity * sizeof *grown);
        if (grown == NULL) {
            return ERROR_RAISE(e, ERROR_MEMORY, "no memory for %zu journal entries", capacity);
        }
        j->entry = grown;
        j->capacity = capacity;
    }
    j->entry[j->count++] = (journal_entry_t){key, j->end, size};
    j->end += (int64_t)size;
    return 0;
}

static int by_key(const void *a, const void *b)
{
    return record_compare(&((const journal_entry_t *)a)->key, &((const journal_entry_t *)b)->key);
}

int journal_sort(journal_t *j, error_t *e)
{
    if (j->count > 0) {
        qsort(j->entry, j->count, sizeof *j->entry, by_key);
    }
    j->sorted = j->count;
    for (size_t i = 1; i < j->count; i++) {
        const record_key_t *key = &j->entry[i].key;
        if (record_compare(&j->entry[i - 1].key, key) == 0) {
            return ERROR_RAISE(e, ERROR_INVARIANT,
                               "%s has patient %lld arm %d replicate %d more than once", j->path,
                               (long long)key->patient, key->arm, key->replicate);
        }
    }
    return 0;
}

int journal_has(const journal_t *j, const record_key_t *key)
{
    const journal_entry_t wanted = {.key = *key};
    return j->sorted > 0 && bsearch(&wanted, j->entry, j->sorted, sizeof *j->entry, by_key) != NULL;
}

/* ---- life ---- */

void journal_init(journal_t *j)
{
    memset(j, 0, sizeof *j);
    j->fd = -1;
}

void journal_close(journal_t *j)
{
    if (j->fd >= 0) {
        (void)close(j->fd);
    }
    free(j->path);
    free(j->entry);
    journal_init(j);
}

int journal_remove(journal_t *j, error_t *e)
{
    int rc = 0;
    if (j->path != NULL && unlink(j->path) != 0) {
        rc = ERROR_RAISE(e, ERROR_FILE_WRITE, "cannot remove %s: %s", j->path, strerror(errno));
    }
    journal_close(j);
    return rc;
}

static int open_file(journal_t *j, const char *path, int flags, error_t *e)
{
    journal_init(j);
    j->path = strdup(path);
    if (j->path == NULL) {
        return ERROR_RAISE(e, ERROR_MEMORY, "no memory for a path");
    }
    j->fd = open(path, flags | O_CLOEXEC, 0666);
    if (j->fd < 0) {
        const int code = errno == EEXIST ? ERROR_EXISTS : ERROR_FILE_OPEN;
        return ERROR_RAISE(e, code, "cannot open %s: %s%s", path, strerror(errno),
                           code == ERROR_EXISTS ? " from an earlier run; --resume goes on with it, "
                                                  "--force begins anew"
                                                : "");
    }
    return 0;
}

int journal_create(journal_t *j, const char *path, const uint8_t hash[PROVENANCE_HASH_SIZE],
                   error_t *e)
{
    uint8_t header[HEADER_SIZE];
    int rc = open_file(j, path, O_RDWR | O_CREAT | O_EXCL, e);
    if (rc == 0) {
        make_header(header, hash);
        const int reason = write_all(j->fd, header, sizeof header, 0);
        j->end = HEADER_SIZE;
        if (reason != 0) {
            rc = write_error(path, reason, e);
            (void)unlink(path);
        }
    }
    if (rc < 0) {
        journal_close(j);
    }
    return rc;
}

int journal_append_frame(journal_t *j, const journal_frame_t *frame, error_t *e)
{
    if (j->fd < 0) {
        return ERROR_RAISE(e, ERROR_ARGUMENT, "the journal is not open");
    }
    const int reason = write_all(j->fd, frame->bytes, frame->size, j->end);
    if (reason == 0) {
        const int rc = add_entry(j, frame->key, frame->size, e);
        if (rc == 0) {
            return 0;
        }
        (void)!ftruncate(j->fd, (off_t)j->end);
        return rc;
    }
    /* Part of the frame may be there; should this fail too, the next open drops it. */
    (void)!ftruncate(j->fd, (off_t)j->end);
    return write_error(j->path, reason, e);
}

int journal_append(journal_t *j, const record_t *r, error_t *e)
{
    journal_frame_t frame = {.key = r->key};
    frame.bytes = record_frame(r, &frame.size);
    if (frame.bytes == NULL) {
        return ERROR_RAISE(e, ERROR_ARGUMENT, "an unfinished record was appended to a journal");
    }
    return journal_append_frame(j, &frame, e);
}

int journal_sync(journal_t *j, error_t *e)
{
    return fsync(j->fd) == 0 ? 0 : write_error(j->path, errno, e);
}

int journal_read(const journal_t *j, const journal_entry_t *entry, uint8_t **buffer,
                 size_t *capacity, error_t *e)
{
    if (entry->size > *capacity) {
        uint8_t *grown = realloc(*buffer, entry->size);
        if (grown == NULL) {
            return ERROR_RAISE(e, ERROR_MEMORY, "no memory for a record of %llu bytes",
                               (unsigned long long)entry->size);
        }
        *buffer = grown;
        *capacity = entry->size;
    }
    const int reason = read_all(j->fd, *buffer, entry->size, entry->offset);
    return reason == 0
               ? 0
               : ERROR_RAISE(e, ERROR_FILE_READ, "cannot read %s: %s", j->path, strerror(reason));
}

/* ---- going on after a cut ---- */

/* Indexes whole frames from `end` on, and stops before the first that is not whole and sound. */
static int scan(journal_t *j, int64_t file_size, uint8_t **buffer, error_t *e)
{
    size_t capacity = 0;
    fields_layout_t layout;
    fields_layout(&layout);
    for (;;) {
        uint8_t head[RECORD_HEAD_SIZE];
        record_view_t view;
        journal_entry_t entry = {.offset = j->end};
        if (file_size - j->end < RECORD_HEAD_SIZE ||
            read_all(j->fd, head, sizeof head, j->end) != 0) {
            return 0;
        }
        entry.size = record_parse_head(head, &entry.key);
        if (entry.size == 0 || entry.size > (uint64_t)(file_size - j->end)) {
            return 0;
        }
        int rc = journal_read(j, &entry, buffer, &capacity, e);
        if (rc < 0) {
            return rc;
        }
        if (record_parse(*buffer, entry.size, &layout, &view, NULL) < 0) {
            return 0;
        }
        rc = add_entry(j, view.key, entry.size, e);
        if (rc < 0) {
            return rc;
        }
    }
}

static int drop_tail(journal_t *j, int64_t file_size, error_t *e)
{
    j->dropped = file_size - j->end;
    if (j->dropped > 0 && ftruncate(j->fd, (off_t)j->end) != 0) {
        return write_error(j->path, errno, e);
    }
    return 0;
}

/* A file shorter than a header, and that far the header due, is what a kill at the very first write leaves: nothing was
 * appended yet, so nothing is lost by writing it again. */
static int complete_header(const journal_t *j, const uint8_t hash[PROVENANCE_HASH_SIZE],
                           int64_t file_size, error_t *e)
{
    uint8_t due[HEADER_SIZE];
    uint8_t found[HEADER_SIZE] = {0};
    int reason = read_all(j->fd, found, (size_t)file_size, 0);
    make_header(due, hash);
    if (reason == 0 && memcmp(due, found, (size_t)file_size) != 0) {
        return memcmp(found, magic, sizeof magic) == 0
                   ? ERROR_RAISE(e, ERROR_DATASET_TRUNCATED,
                                 "%s ends within a header that is not this study's", j->path)
                   : ERROR_RAISE(e, ERROR_DATASET_FOREIGN, "%s is not a thecasim journal", j->path);
    }
    if (reason == 0) {
        reason = write_all(j->fd, due, sizeof due, 0);
    }
    return reason == 0 ? 0 : write_error(j->path, reason, e);
}

static int read_header(journal_t *j, const uint8_t hash[PROVENANCE_HASH_SIZE], int64_t file_size,
                       error_t *e)
{
    uint8_t header[HEADER_SIZE] = {0};
    int reason;
    j->end = HEADER_SIZE;
    if (file_size < HEADER_SIZE) {
        return complete_header(j, hash, file_size, e);
    }
    reason = read_all(j->fd, header, sizeof header, 0);
    if (reason != 0) {
        return ERROR_RAISE(e, ERROR_FILE_READ, "cannot read %s: %s", j->path, strerror(reason));
    }
    return check_header(header, j->path, hash, e);
}

int journal_open(journal_t *j, const char *path, const uint8_t hash[PROVENANCE_HASH_SIZE],
                 error_t *e)
{
    struct stat status;
    uint8_t *buffer = NULL;
    int rc = open_file(j, path, O_RDWR, e);
    if (rc == 0 && fstat(j->fd, &status) != 0) {
        rc = ERROR_RAISE(e, ERROR_FILE_READ, "cannot read %s: %s", path, strerror(errno));
    }
    if (rc == 0) {
        rc = read_header(j, hash, (int64_t)status.st_size, e);
    }
    if (rc == 0 && status.st_size > HEADER_SIZE) {
        rc = scan(j, (int64_t)status.st_size, &buffer, e);
    }
    if (rc == 0 && status.st_size > HEADER_SIZE) {
        rc = drop_tail(j, (int64_t)status.st_size, e);
    }
    if (rc == 0) {
        rc = journal_sort(j, e);
    }
    if (rc < 0) {
        journal_close(j);
    }
    free(buffer);
    return rc;
}
