/* SPDX-License-Identifier: Apache-2.0 */
/* Hash of a study's provenance, and what the build says of itself. */
#include "dataset/provenance.h"

#include <sodium.h>
#include <string.h>

#include "dataset/fingerprint.h"
#include "dataset/little.h"

#ifndef THECASIM_FLAGS
#define THECASIM_FLAGS "flags unknown"
#endif

#ifdef __clang__
#define COMPILER "clang " __clang_version__
#else
#define COMPILER "gcc " __VERSION__
#endif

static void add_number(crypto_generichash_state *state, uint64_t value)
{
    uint8_t bytes[8];
    little_put64(bytes, value);
    (void)crypto_generichash_update(state, bytes, sizeof bytes);
}

/* The length first, so that no two lists of strings run into one another. */
static void add_text(crypto_generichash_state *state, const char *text)
{
    const size_t length = text == NULL ? 0 : strlen(text);
    add_number(state, length);
    if (length > 0) {
        (void)crypto_generichash_update(state, (const unsigned char *)text, length);
    }
}

static void add_names(crypto_generichash_state *state, const provenance_names_t *names)
{
    add_number(state, names->count);
    for (size_t i = 0; i < names->count; i++) {
        add_text(state, names->name[i]);
    }
}

static void hash_core(const provenance_t *p, uint8_t *hash)
{
    crypto_generichash_state state;
    (void)crypto_generichash_init(&state, NULL, 0, PROVENANCE_HASH_SIZE - PROVENANCE_HASH_CORE);
    add_text(&state, p->core_id);
    add_text(&state, p->core_code);
    (void)crypto_generichash_final(&state, hash, PROVENANCE_HASH_SIZE - PROVENANCE_HASH_CORE);
}

void provenance_hash(const provenance_t *p, uint8_t hash[PROVENANCE_HASH_SIZE])
{
    const char *text[] = {p->study,  p->title,       p->program,  p->version,    p->build,
                          p->config, p->assumptions, p->warnings, p->description};
    char libm[PROVENANCE_FINGERPRINT_SIZE];
    crypto_generichash_state state;
    fingerprint_libm(libm);
    (void)crypto_generichash_init(&state, NULL, 0, PROVENANCE_HASH_CORE);
    add_number(&state, FIELDS_SCHEMA_VERSION);
    for (size_t i = 0; i < sizeof text / sizeof text[0]; i++) {
        add_text(&state, text[i]);
    }
    add_number(&state, p->seed);
    add_number(&state, (uint64_t)p->patients);
    add_number(&state, (uint64_t)p->horizon_ms);
    add_names(&state, &p->arms);
    add_names(&state, &p->settings);
    add_names(&state, &p->drugs);
    add_names(&state, &p->hal_calls);
    add_text(&state, libm);
    (void)crypto_generichash_final(&state, hash, PROVENANCE_HASH_CORE);
    hash_core(p, hash + PROVENANCE_HASH_CORE);
}

const char *provenance_build(void)
{
    return COMPILER ", " THECASIM_FLAGS;
}

const char *provenance_note(void)
{
    return "Simulated by a computer model. Not from patients, and not for the treatment of any.";
}
