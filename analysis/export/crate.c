/* SPDX-License-Identifier: Apache-2.0 */
/* Copies the dataset, then describes it: a graph of a crate, its files, the run that made them, and what ran. */
#include "export/crate.h"

#include <ctype.h>
#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "export/package.h"
#include "summary/node.h"

#define BLOCK (1 << 20)
#define DATASET "dataset.h5"
#define METADATA "ro-crate-metadata.json"

/* ---- the dataset ---- */

static int copy_blocks(const export_t *x, FILE *from, FILE *to, error_t *e)
{
    char *block = malloc(BLOCK);
    int64_t done = 0;
    int code = block != NULL ? 0 : ERROR_RAISE(e, ERROR_MEMORY, "no memory for a copy");
    (void)fseek(from, 0, SEEK_END);
    const int64_t total = ftell(from) / BLOCK + 1;
    rewind(from);
    for (size_t n = BLOCK; code == 0 && n == BLOCK;) {
        n = fread(block, 1, BLOCK, from);
        (void)fwrite(block, 1, n, to);
        code = export_tick(x, ++done < total ? done : total, total, e);
    }
    if (code == 0 && ferror(from)) {
        code = ERROR_RAISE(e, ERROR_FILE_READ, "%s: %s", x->options->dataset, strerror(errno));
    }
    free(block);
    return code;
}

static int copy_dataset(export_t *x, error_t *e)
{
    FILE *from = fopen(x->options->dataset, "rb"), *to = NULL;
    int code = from != NULL ? outbox_open(&x->box, DATASET, &to, e)
                            : ERROR_RAISE(e, ERROR_FILE_OPEN, "%s: %s", x->options->dataset,
                                          strerror(errno));
    code = code != 0 ? code : copy_blocks(x, from, to, e);
    if (code == 0) {
        code = outbox_close(&x->box, to, DATASET, "The dataset, as the run wrote it",
                            "application/x-hdf5", e);
    } else if (to != NULL) {
        (void)fclose(to);
    }
    if (from != NULL) {
        (void)fclose(from);
    }
    return code;
}

/* ---- the graph ---- */

static json_t *reference(const char *id)
{
    return json_pack("{s:s}", "@id", id);
}

static json_t *file_entity(const outbox_file_t *file)
{
    char size[24];
    (void)snprintf(size, sizeof size, "%lld", (long long)file->bytes);
    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s}", "@id", file->name, "@type", "File", "name",
                     file->title, "encodingFormat", file->media, "contentSize", size, "sha256",
                     file->sha256);
}

/* The root of the crate, which is a folder and thus a Dataset. */
static json_t *root(const export_t *x, int *failed)
{
    const provenance_t *p = reader_provenance(x->reader);
    json_t *parts = json_array();
    char text[512];
    for (size_t i = 0; i < x->box.files; i++) {
        node_append(parts, reference(x->box.file[i].name), failed);
    }
    (void)snprintf(text, sizeof text, "%s Study %.100s.", provenance_note(), p->study);
    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:o, s:o, s:o, s:[s, s, s]}", "@id", "./", "@type",
                     "Dataset", "name", p->title, "description", text, "datePublished",
                     x->options->date, "license", reference("#licence"), "hasPart", parts,
                     "mentions", reference("#run"), "keywords", "simulated", "intrathecal", "pump");
}

static json_t *licence(const export_t *x)
{
    const char *id = x->options->licence;
    return json_pack("{s:s, s:s, s:s, s:s}", "@id", "#licence", "@type", "CreativeWork", "name",
                     id != NULL ? id : "none stated", "description",
                     id != NULL ? "SPDX identifier of the licence that the data's owner gives them"
                                : "no licence is stated: ask who gave the data to you");
}

/* The members of the provenance as values of the run, one entity each; their references go into `list`. */
static void add_values(const export_t *x, json_t *graph, json_t *list, int *failed)
{
    json_t *members = package_provenance(x, failed), *value;
    const char *name;
    char id[64];
    json_object_foreach(members, name, value)
    {
        (void)snprintf(id, sizeof id, "#provenance-%s", name);
        json_t *entity = json_pack("{s:s, s:s, s:s, s:O}", "@id", id, "@type", "PropertyValue",
                                   "name", name, "value", value);
        node_append(graph, entity, failed);
        node_append(list, reference(id), failed);
    }
    json_decref(members);
}

static void add_run(const export_t *x, json_t *graph, int *failed)
{
    const provenance_t *p = reader_provenance(x->reader);
    json_t *objects = json_pack("[{s:s}]", "@id", "config.yaml");
    add_values(x, graph, objects, failed);
    node_append(graph,
                json_pack("{s:s, s:s, s:s, s:[o, o], s:o, s:[o, o, o]}", "@id", "#run", "@type",
                          "CreateAction", "name", "The simulation that made the dataset",
                          "instrument", reference("#program"), reference("#core"), "object",
                          objects, "result", reference(DATASET), reference("assumptions.txt"),
                          reference("warnings.txt")),
                failed);
    node_append(graph,
                json_pack("{s:s, s:s, s:s, s:s, s:s}", "@id", "#program", "@type",
                          "SoftwareApplication", "name", p->program, "softwareVersion", p->version,
                          "description", p->build),
                failed);
    node_append(graph,
                json_pack("{s:s, s:s, s:s, s:s}", "@id", "#core", "@type", "SoftwareApplication",
                          "name", p->core_id, "description", "the dosing core that ran"),
                failed);
}

static json_t *describe(const export_t *x, int *failed)
{
    json_t *graph = json_array();
    node_append(graph,
                json_pack("{s:s, s:s, s:o, s:o}", "@id", METADATA, "@type", "CreativeWork",
                          "conformsTo", reference("https://w3id.org/ro/crate/1.2"), "about",
                          reference("./")),
                failed);
    node_append(graph, root(x, failed), failed);
    node_append(graph, licence(x), failed);
    for (size_t i = 0; i < x->box.files; i++) {
        node_append(graph, file_entity(&x->box.file[i]), failed);
    }
    add_run(x, graph, failed);
    return json_pack("{s:s, s:o}", "@context", "https://w3id.org/ro/crate/1.2/context", "@graph",
                     graph);
}

/* YYYY-MM-DD */
static int is_day(const char *date)
{
    int month = 0, day = 0;
    for (size_t i = 0; i < 10; i++) {
        if (i == 4 || i == 7 ? date[i] != '-' : !isdigit((unsigned char)date[i])) {
            return 0;
        }
    }
    return sscanf(date + 5, "%d-%d", &month, &day) == 2 && date[10] == '\0' && month >= 1 &&
           month <= 12 && day >= 1 && day <= 31;
}

int crate_write(export_t *x, error_t *e)
{
    if (!is_day(x->options->date)) {
        return ERROR_RAISE(e, ERROR_ARGUMENT,
                           "an RO-Crate needs a day of publication, as 2026-11-27, and '%s' is "
                           "none: give --date",
                           x->options->date);
    }
    int code = copy_dataset(x, e);
    code = code != 0 ? code : package_papers(x, e);
    code = code != 0 ? code
                     : package_readme(x,
                                      "The dataset as it is, HDF5, and its study. "
                                      "ro-crate-metadata.json tells programs of them (RO-Crate).",
                                      e);
    if (code != 0) {
        return code;
    }
    int failed = 0;
    json_t *metadata = describe(x, &failed);
    char *text = failed ? NULL : json_dumps(metadata, JSON_INDENT(2));
    code = text != NULL
               ? outbox_text(&x->box, METADATA, "What is here, for programs", "application/ld+json",
                             text, e)
               : ERROR_RAISE(e, ERROR_MEMORY,
                             METADATA
                             " cannot be made: no memory, or a text of the dataset is not UTF-8");
    free(text);
    json_decref(metadata);
    return code;
}
