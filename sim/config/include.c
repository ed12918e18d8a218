/* SPDX-License-Identifier: Apache-2.0 */
/* Finds, reads and joins included files. */
#include "config/include.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config/text_file.h"
#include "config/uncertain_list.h"

#ifndef THECASIM_SHARE
#define THECASIM_SHARE "/usr/local/share/thecasim/configs"
#endif

#define FILE_PATH_SIZE INCLUDE_PATH_SIZE

/* A file being read, and the one that includes it. */
typedef struct chain_t {
    const char *path;
    const struct chain_t *outer; /* NULL: the study itself */
    int depth;                   /* 0: the study */
} chain_t;

static void expand(document_t *doc, document_node_t *node, const chain_t *chain, const char *shown);

/* Joins folder[0..length) and a path; 1 if there is such a file. */
static int is_at(const char *folder, size_t length, const char *path, char *out)
{
    const char *slash = length > 0 && folder[length - 1] != '/' ? "/" : "";
    int n = snprintf(out, FILE_PATH_SIZE, "%.*s%s%s", (int)length, folder, slash, path);
    return n > 0 && n < FILE_PATH_SIZE && access(out, F_OK) == 0;
}

static int find(const chain_t *chain, const char *path, char *out)
{
    const char *slash = strrchr(chain->path, '/');
    if (path[0] == '/')
        return is_at("", 0, path, out);
    if (is_at(chain->path, slash != NULL ? (size_t)(slash - chain->path) + 1 : 0, path, out))
        return 1;
    char folder[INCLUDE_PATH_SIZE];
    for (size_t i = 1; include_folder(i, folder); i++) /* 0 is for whole names */
        if (is_at(folder, strlen(folder), path, out))
            return 1;
    return 0;
}

/* 1 if the file is one of those being read, whatever its name. */
static int is_open(const chain_t *chain, const char *path)
{
    struct stat file, open;
    if (stat(path, &file) != 0)
        return 0;
    for (; chain != NULL; chain = chain->outer)
        if (stat(chain->path, &open) == 0 && open.st_dev == file.st_dev &&
            open.st_ino == file.st_ino)
            return 1;
    return 0;
}

/* Hangs the entries of `from` that `map` lacks into it. */
static void join(document_node_t *map, document_node_t *from)
{
    document_node_t *next;
    for (document_node_t *n = from->first; n != NULL; n = next) {
        next = n->next;
        document_node_t *own = document_entry(map, n->key, strlen(n->key));
        if (own != NULL && own->kind == DOCUMENT_MAP && n->kind == DOCUMENT_MAP)
            join(own, n);
        if (own != NULL)
            continue;
        document_node_t **end = &map->first;
        while (*end != NULL)
            end = &(*end)->next;
        n->next = NULL;
        *end = n;
    }
}

static void refuse(const document_t *doc, const document_node_t *include, const char *shown,
                   const char *why)
{
    document_report(doc, DIAGNOSTIC_ERROR, include->place, "%s.include: %.*s%s%s", shown, 120,
                    include->text != NULL ? include->text : "",
                    include->text != NULL && include->text[0] != '\0' ? " " : "", why);
}

static void read_included(document_t *doc, document_node_t *map, const document_node_t *include,
                          const chain_t *chain, const char *shown)
{
    char path[FILE_PATH_SIZE], *text = NULL;
    size_t length;
    error_t e = {0};
    if (!find(chain, include->text, path)) {
        refuse(doc, include, shown,
               "is not found beside this file, in $THECASIM_CONFIGS or among the installed "
               "configs");
        return;
    }
    if (is_open(chain, path)) {
        refuse(doc, include, shown, "includes itself, here or through another file");
        return;
    }
    int status = text_file_read(path, &text, &length, &e);
    if (status == ERROR_MEMORY)
        doc->out_of_memory = 1;
    else if (status < 0)
        document_report(doc, DIAGNOSTIC_ERROR, include->place, "%s.include: %s", shown, e.text);
    if (status < 0) {
        free(text);
        return;
    }
    document_node_t *root = document_add_file(doc, path, text, length);
    chain_t inner = {path, chain, chain->depth + 1};
    if (root == NULL)
        return;
    expand(doc, root, &inner, shown);
    join(map, root);
}

static void include(document_t *doc, document_node_t *map, const document_node_t *node,
                    const chain_t *chain, const char *shown)
{
    if (node->bad)
        return;
    if (node->kind != DOCUMENT_SCALAR || node->text[0] == '\0')
        refuse(doc, node, shown, "write the path of one file");
    else if (doc->source->path == NULL)
        refuse(doc, node, shown, "cannot be included: this study is not read from a file");
    else if (chain->depth == INCLUDE_DEPTH_MAX)
        refuse(doc, node, shown, "is more than 3 includes away from the study; include it earlier");
    else if (doc->n_files == DOCUMENT_FILES_MAX)
        refuse(doc, node, shown, "is one include too many for one file");
    else
        read_included(doc, map, node, chain, shown);
}

/* Takes the entry `include` out of a mapping. */
static document_node_t *take_include(document_node_t *map)
{
    for (document_node_t **link = &map->first; *link != NULL; link = &(*link)->next) {
        document_node_t *node = *link;
        if (node->key != NULL && strcmp(node->key, "include") == 0) {
            *link = node->next;
            return node;
        }
    }
    return NULL;
}

/* What a section lacks, the file that is not there might have given: also below it, where it would have been joined. */
static void mark_incomplete(document_node_t *map)
{
    map->bad = 1;
    for (document_node_t *n = map->first; n != NULL; n = n->next)
        if (n->kind == DOCUMENT_MAP)
            mark_incomplete(n);
}

static void expand(document_t *doc, document_node_t *node, const chain_t *chain, const char *shown)
{
    char inside[DOCUMENT_PATH_SIZE];
    size_t index = 0;
    document_node_t *found = node->kind == DOCUMENT_MAP ? take_include(node) : NULL;
    for (document_node_t *n = node->first; n != NULL; n = n->next, index++) {
        if (node->kind == DOCUMENT_MAP)
            snprintf(inside, sizeof inside, "%.180s.%.64s", shown, n->key);
        else
            snprintf(inside, sizeof inside, "%.200s[%zu]", shown, index);
        expand(doc, n, chain, inside);
    }
    if (found == NULL)
        return;
    size_t errors = doc->diagnostics->errors;
    include(doc, node, found, chain, shown);
    if (doc->diagnostics->errors > errors)
        mark_incomplete(node);
}

static chain_t chain_of(const document_t *doc)
{
    return (chain_t){doc->source->path != NULL ? doc->source->path : "", NULL, 0};
}

void include_expand_whole(document_t *doc)
{
    const chain_t study = chain_of(doc);
    const document_node_t *found = take_include(doc->root);
    include_expand(doc);
    if (found != NULL && !doc->out_of_memory)
        include(doc, doc->root, found, &study, "config");
}

void include_expand(document_t *doc)
{
    const chain_t study = chain_of(doc);
    for (document_node_t *n = doc->root->first; n != NULL && !doc->out_of_memory; n = n->next)
        if (strcmp(n->key, "study") != 0)
            expand(doc, n, &study, n->key);
    uncertain_list_join(doc);
}

int include_folder(size_t index, char out[INCLUDE_PATH_SIZE])
{
    const char *folders = getenv("THECASIM_CONFIGS");
    if (index-- == 0)
        return snprintf(out, INCLUDE_PATH_SIZE, "configs") > 0;
    while (folders != NULL && *folders != '\0') {
        size_t length = strcspn(folders, ":");
        if (length > 0 && index-- == 0)
            return snprintf(out, INCLUDE_PATH_SIZE, "%.*s", (int)length, folders) > 0;
        folders += length + (folders[length] == ':');
    }
    return index == 0 && snprintf(out, INCLUDE_PATH_SIZE, "%s", THECASIM_SHARE) > 0;
}
