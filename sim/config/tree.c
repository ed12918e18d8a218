/* SPDX-License-Identifier: Apache-2.0 */
/* Builds nodes from libyaml's events with a stack of its own, refusing what the subset leaves out. */
#include "config/tree.h"

#include <stdlib.h>
#include <string.h>

#include <yaml.h>

#include "config/encoding.h"

/* One open mapping or list. */
typedef struct level_t {
    document_node_t *node;
    document_node_t *last; /* where the next entry is chained */
    size_t entries;
    char *key; /* read, its value not yet; owned */
    diagnostic_place_t key_place;
} level_t;

typedef struct builder_t {
    document_t *doc;
    int source; /* of the places */
    level_t level[DOCUMENT_DEPTH_MAX];
    int depth;
    document_node_t *root;
    int documents;
    int stop;
} builder_t;

static diagnostic_place_t place_of(const builder_t *b, yaml_mark_t mark)
{
    return (diagnostic_place_t){b->source, (int)mark.line + 1, (int)mark.column + 1};
}

/* Takes the pending key of an open mapping for `node`; 0 if the node is dropped as a duplicate. */
static int take_key(builder_t *b, level_t *top, document_node_t *node)
{
    node->key = top->key;
    node->key_place = top->key_place;
    top->key = NULL;
    document_node_t *earlier = document_entry(top->node, node->key, strlen(node->key));
    if (earlier == NULL)
        return 1;
    document_report(b->doc, DIAGNOSTIC_ERROR, node->key_place,
                    "%.60s: this key is given twice, first at line %d, column %d; keep one",
                    node->key, earlier->key_place.line, earlier->key_place.column);
    return 0;
}

/* Hangs a complete or just opened node into the tree. */
static void attach(builder_t *b, document_node_t *node)
{
    if (b->depth == 0) {
        b->root = node;
        return;
    }
    level_t *top = &b->level[b->depth - 1];
    if (top->node->kind == DOCUMENT_MAP && !take_key(b, top, node))
        return;
    if (++top->entries > DOCUMENT_KEYS_MAX && top->node->kind == DOCUMENT_MAP) {
        document_report(b->doc, DIAGNOSTIC_ERROR, node->key_place,
                        "more than %d keys in one mapping", DOCUMENT_KEYS_MAX);
        b->stop = 1;
        return;
    }
    if (top->last == NULL)
        top->node->first = node;
    else
        top->last->next = node;
    top->last = node;
}

/* Reports an anchor or tag; 1 if there was one. */
static int refuse_properties(const builder_t *b, const yaml_event_t *event,
                             const yaml_char_t *anchor, const yaml_char_t *tag)
{
    diagnostic_place_t place = place_of(b, event->start_mark);
    if (anchor != NULL)
        document_report(b->doc, DIAGNOSTIC_ERROR, place,
                        "&%.40s: anchors are not accepted; write the value where it is needed",
                        (const char *)anchor);
    if (tag != NULL)
        document_report(b->doc, DIAGNOSTIC_ERROR, place,
                        "%.60s: tags are not accepted; the type follows from the key",
                        (const char *)tag);
    return anchor != NULL || tag != NULL;
}

static int wants_key(const builder_t *b)
{
    return b->depth > 0 && b->level[b->depth - 1].node->kind == DOCUMENT_MAP &&
           b->level[b->depth - 1].key == NULL;
}

static void refuse_and_stop(builder_t *b, diagnostic_place_t place, const char *why)
{
    document_report(b->doc, DIAGNOSTIC_ERROR, place, "%s", why);
    b->stop = 1;
}

static void read_key(builder_t *b, const yaml_event_t *event)
{
    level_t *top = &b->level[b->depth - 1];
    const char *text = (const char *)event->data.scalar.value;
    size_t length = event->data.scalar.length;
    diagnostic_place_t place = place_of(b, event->start_mark);
    refuse_properties(b, event, event->data.scalar.anchor, event->data.scalar.tag);
    if (length == 2 && memcmp(text, "<<", 2) == 0)
        document_report(b->doc, DIAGNOSTIC_ERROR, place,
                        "<<: merge keys are not accepted; write the keys out");
    if (!encoding_is_one_line(text, length) || length == 0) {
        refuse_and_stop(b, place, "a key must be one line of text, not empty");
        return;
    }
    top->key = document_copy(b->doc, text, length);
    top->key_place = place;
}

static void read_scalar(builder_t *b, const yaml_event_t *event)
{
    if (wants_key(b)) {
        read_key(b, event);
        return;
    }
    const char *text = (const char *)event->data.scalar.value;
    size_t length = event->data.scalar.length;
    document_node_t *node =
        document_new_node(b->doc, DOCUMENT_SCALAR, place_of(b, event->start_mark));
    if (node == NULL)
        return;
    node->text = document_copy(b->doc, text, length);
    node->quoted = event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
    node->bad = refuse_properties(b, event, event->data.scalar.anchor,
                                  node->quoted ? NULL : event->data.scalar.tag);
    if (node->quoted && event->data.scalar.tag != NULL)
        node->bad = refuse_properties(b, event, NULL, event->data.scalar.tag);
    if (!encoding_is_one_line(text, length)) {
        document_report(b->doc, DIAGNOSTIC_ERROR, node->place,
                        "a value must be one line without tabs and control characters");
        node->bad = 1;
    }
    attach(b, node);
}

static void read_alias(builder_t *b, const yaml_event_t *event)
{
    diagnostic_place_t place = place_of(b, event->start_mark);
    document_report(b->doc, DIAGNOSTIC_ERROR, place,
                    "*%.40s: aliases are not accepted; write the value where it is needed",
                    (const char *)event->data.alias.anchor);
    document_node_t *node = wants_key(b) ? NULL : document_new_node(b->doc, DOCUMENT_SCALAR, place);
    if (node == NULL) {
        b->stop = 1;
        return;
    }
    node->text = document_copy(b->doc, "", 0);
    node->bad = 1;
    attach(b, node);
}

static void open_collection(builder_t *b, const yaml_event_t *event, document_kind_t kind)
{
    diagnostic_place_t place = place_of(b, event->start_mark);
    if (wants_key(b)) {
        refuse_and_stop(b, place, "a key must be plain text, not a mapping or a list");
        return;
    }
    if (b->depth == DOCUMENT_DEPTH_MAX) {
        refuse_and_stop(b, place, "nested more than 16 levels deep");
        return;
    }
    if (kind == DOCUMENT_MAP)
        refuse_properties(b, event, event->data.mapping_start.anchor,
                          event->data.mapping_start.tag);
    else
        refuse_properties(b, event, event->data.sequence_start.anchor,
                          event->data.sequence_start.tag);
    document_node_t *node = document_new_node(b->doc, kind, place);
    if (node == NULL)
        return;
    attach(b, node);
    b->level[b->depth++] = (level_t){.node = node};
}

static void start_document(builder_t *b, const yaml_event_t *event)
{
    diagnostic_place_t place = place_of(b, event->start_mark);
    if (++b->documents > 1)
        refuse_and_stop(b, place, "a second document begins here; a file holds one study");
    if (event->data.document_start.version_directive != NULL ||
        event->data.document_start.tag_directives.start !=
            event->data.document_start.tag_directives.end)
        document_report(b->doc, DIAGNOSTIC_ERROR, place, "%% directives are not accepted");
}

static void read_event(builder_t *b, const yaml_event_t *event)
{
    switch (event->type) {
    case YAML_DOCUMENT_START_EVENT:
        start_document(b, event);
        break;
    case YAML_ALIAS_EVENT:
        read_alias(b, event);
        break;
    case YAML_SCALAR_EVENT:
        read_scalar(b, event);
        break;
    case YAML_SEQUENCE_START_EVENT:
        open_collection(b, event, DOCUMENT_LIST);
        break;
    case YAML_MAPPING_START_EVENT:
        open_collection(b, event, DOCUMENT_MAP);
        break;
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        b->depth--;
        break;
    case YAML_STREAM_END_EVENT:
        b->stop = 1;
        break;
    case YAML_NO_EVENT:
    case YAML_STREAM_START_EVENT:
    case YAML_DOCUMENT_END_EVENT:
    default:
        break;
    }
}

/* What to do about a problem that libyaml names. */
static const char *syntax_cure(const char *problem)
{
    static const char column[] =
        "; begin the keys of a section in one column, and each item of a list with \"- \"";
    static const struct {
        const char *problem, *cure;
    } cures[] = {
        {"cannot start any token", "; indent with spaces, and quote text that begins with a sign"},
        {"tab character", "; indent with spaces"},
        {"could not find expected ':'",
         "; a key ends with a colon and a space, as in \"key: value\""},
        {"mapping values are not allowed", column},
        {"did not find expected key", column},
        {"did not find expected '-'", column},
    };
    for (size_t i = 0; i < sizeof cures / sizeof cures[0]; i++)
        if (strstr(problem, cures[i].problem) != NULL)
            return cures[i].cure;
    return "";
}

static void report_syntax(const builder_t *b, const yaml_parser_t *parser)
{
    const char *problem = parser->problem != NULL ? parser->problem : "unreadable";
    /* A missing colon is noticed where the next line begins; the key itself is the context. */
    int key = strstr(problem, "could not find expected ':'") != NULL;
    diagnostic_place_t place = place_of(b, key ? parser->context_mark : parser->problem_mark);
    if (parser->error == YAML_MEMORY_ERROR)
        b->doc->out_of_memory = 1;
    else
        document_report(b->doc, DIAGNOSTIC_ERROR, place, "this is not YAML: %s%s%s%s", problem,
                        parser->context != NULL ? " " : "",
                        parser->context != NULL ? parser->context : "", syntax_cure(problem));
}

document_node_t *tree_build(document_t *doc, const char *text, size_t length, int source)
{
    builder_t b = {.doc = doc, .source = source};
    yaml_parser_t parser;
    size_t errors = doc->diagnostics->errors;
    if (!yaml_parser_initialize(&parser)) {
        doc->out_of_memory = 1;
        return NULL;
    }
    yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&parser, (const unsigned char *)text, length);
    int failed = 0;
    while (!b.stop && !failed && !doc->out_of_memory) {
        yaml_event_t event;
        failed = !yaml_parser_parse(&parser, &event);
        if (failed)
            report_syntax(&b, &parser);
        else
            read_event(&b, &event);
        if (!failed)
            yaml_event_delete(&event);
    }
    yaml_parser_delete(&parser);
    for (int i = 0; i < b.depth; i++)
        free(b.level[i].key);
    int unfinished = failed || b.depth > 0 || b.documents > 1;
    if (unfinished && doc->diagnostics->errors > errors)
        return NULL;
    return b.root;
}
