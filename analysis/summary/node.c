/* SPDX-License-Identifier: Apache-2.0 */
/* Makes nodes of JSON. */
#include "summary/node.h"

#include <errno.h>
#include <math.h>
#include <string.h>

json_t *node_number(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

json_t *node_count(size_t value)
{
    return json_integer((json_int_t)value);
}

json_t *node_text(const char *value)
{
    return json_string(value == NULL ? "" : value);
}

/* jansson frees `value` also when it cannot be added. */
void node_add(json_t *object, const char *key, json_t *value, int *failed)
{
    *failed |= json_object_set_new(object, key, value) != 0;
}

void node_append(json_t *array, json_t *value, int *failed)
{
    *failed |= json_array_append_new(array, value) != 0;
}

void node_add_interval(json_t *object, const char *key, interval_t i, int *failed)
{
    char name[64];
    (void)snprintf(name, sizeof name, "%.48s_95_low", key);
    node_add(object, name, node_number(i.low), failed);
    (void)snprintf(name, sizeof name, "%.48s_95_high", key);
    node_add(object, name, node_number(i.high), failed);
}

int node_print(json_t *root, int failed, const char *what, FILE *out, error_t *e)
{
    errno = 0;
    const int lost = !failed && (json_dumpf(root, out, JSON_INDENT(2)) != 0 ||
                                 fputc('\n', out) == EOF || fflush(out) != 0);
    const int why = errno;
    json_decref(root);
    if (failed) {
        return ERROR_RAISE(e, ERROR_MEMORY, "no memory, or text that is not UTF-8, in %s", what);
    }
    return lost ? ERROR_RAISE(e, ERROR_FILE_WRITE, "cannot write %s: %s", what,
                              why != 0 ? strerror(why) : "an earlier write failed")
                : 0;
}
