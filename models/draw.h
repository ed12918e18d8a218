/* SPDX-License-Identifier: Apache-2.0 */
/* Keyed random streams: a draw depends on what it is for and whom it is about, never on what was drawn before.
 *
 * The generator is Philox4x64 with ten rounds (Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as
 * easy as 1, 2, 3", SC11) as Random123 ships it. The key is (seed, purpose); the counter is (block,
 * patient, replicate, entity), where the block counts groups of four 64-bit words inside one stream. Two
 * streams that differ in any of the five names share no counter and key, for 2^66 words each.
 *
 * Seed a stream where the draw is needed and let it go: initialising costs nothing, the first draw costs
 * one block. The entity is the thing drawn for (visit k, day d, a component's serial), never a running
 * count, so that a draw added somewhere moves no other draw.
 *
 * Every variate below consumes exactly one uniform (inversion), so that arms and replicates which share
 * their keys stay in step. GSL's own samplers may be fed through draw_gsl; those that reject consume a
 * varying number, which the stream's own key contains.
 *
 * Thread rule: a draw_t belongs to one thread at a time. It holds no pointer and may be copied: the copy
 * repeats what the original will draw.
 */
#ifndef MODELS_DRAW_H
#define MODELS_DRAW_H

#include <stdint.h>

#include <gsl/gsl_rng.h>

/* What a stream is for. Append only: the numbers are part of every dataset's meaning. */
enum draw_purpose {
    DRAW_PERSON = 1,             /* a person's covariates and parameters; entity: the attempt */
    DRAW_PUMP_UNIT = 2,          /* how a pump differs from its kind; entity: the pump's serial */
    DRAW_MUSCLE = 3,             /* baseline and day noise of muscle groups; entity: group or day */
    DRAW_RATER = 4,              /* error of a rating; entity: the visit */
    DRAW_REFILL_MEASUREMENT = 5, /* syringe reading at a refill; entity: the visit */
    DRAW_PROGRAMMER_NONCE = 6,   /* nonces on the programmer's side; entity: the session */
    DRAW_IMPLANT_NONCE = 7, /* nonces of the implant's crypto engine; entity: the pump's serial */
    DRAW_PARAMETER = 8, /* uncertain parameters of a replicate; patient 0; entity: the key's name */
    DRAW_TEST = 9,      /* tests of the simulator itself */
    DRAW_ARRIVAL = 10,  /* when a patient comes to a contact; entity: the contact */
    DRAW_EVENT =
        11, /* whether a scripted event is for this patient; entity: the event's name, see trajectory.c */
    DRAW_LINK = 12, /* telemetry frames lost; entity: visit, session, frame and try */
    DRAW_TONE = 13, /* whether a tone is heard; entity: the hour since enrolment */
    DRAW_REQUEST =
        14, /* whether and when in an hour the patient asks for a bolus; entity: the event's name, the hour */
    DRAW_MOTOR_UNIT = 15,     /* friction and wear of a pump's motor; entity: the pump's serial */
    DRAW_PUMP_HEAD = 16,      /* drift and strength of a pump's tube; entity: the pump's serial */
    DRAW_MOTOR_STEP = 17,     /* what single steps need; entity: the pump's serial */
    DRAW_FIELD_BINDING = 18,  /* how long gears bind after a magnetic field; entity: the exposure */
    DRAW_BATTERY = 19,        /* the cell of a pump; entity: the pump's serial */
    DRAW_SOUNDER = 20,        /* how deep a pump lies; entity: the pump's serial */
    DRAW_RESERVOIR_UNIT = 21, /* residual and knee of a reservoir; entity: the pump's serial */
    DRAW_CATHETER = 22,       /* how a catheter fails of itself; entity: which of the patient's */
    DRAW_FLIP = 23,  /* bits of a store or a memory that flip; entity: the event that imposes it */
    DRAW_FRAME = 24, /* what is drawn of frames that nobody should send; entity: the event */
    DRAW_RESAMPLE = 25, /* whom an analysis draws again; entity: the resample */
    DRAW_DESIGN = 26,   /* where a sensitivity analysis looks; entity: the trajectory */
    DRAW_DEATH = 27,    /* what a person is given to spend against the hazard of death; entity: 0 */
    DRAW_PURPOSE_END    /* one past the last */
};

/* One stream. Private: use the functions. */
typedef struct draw_t {
    uint64_t key[2];     /* seed, purpose */
    uint64_t counter[4]; /* next block, patient, replicate, entity */
    uint64_t word[4];    /* the current block's output */
    uint64_t used;       /* words of it given out, 0..4 */
} draw_t;

/* Places *d at the beginning of the stream of (seed, purpose, patient, replicate, entity). `purpose` is one
 * of enum draw_purpose; any other int names a stream of its own. Patients count from 1; 0 means none. */
void draw_init(draw_t *d, uint64_t seed, int purpose, uint64_t patient, uint64_t replicate,
               uint64_t entity);

/* Moves *d to the beginning of the given block of four words of its stream, so that the thing numbered `block` has draws of
 * its own whatever was drawn before. */
void draw_seek(draw_t *d, uint64_t block);

/* The next 64 random bits. */
uint64_t draw_bits(draw_t *d);

/* Uniform on the open interval (0, 1): an odd multiple of 2^-53, symmetric about 1/2, so never 0 or 1. */
double draw_uniform(draw_t *d);

/* Standard normal by inversion of the distribution function. */
double draw_normal(draw_t *d);

/* Normal of the given mean and sd >= 0 conditioned on [low, high], low < high, by inversion; the result is
 * inside [low, high] always. With sd 0: the mean, moved into the interval. */
double draw_truncated_normal(draw_t *d, double mean, double sd, double low, double high);

/* Log-normal of the given median > 0 and coefficient of variation cv >= 0 (sigma^2 = ln(1 + cv^2)). */
double draw_lognormal(draw_t *d, double median, double cv);

/* The same two from a uniform in (0,1) that the caller drew: monotone in it. */
double draw_truncated_normal_of(double uniform, double mean, double sd, double low, double high);
double draw_lognormal_of(double uniform, double median, double cv);

/* Exponential of the given mean > 0. */
double draw_exponential(draw_t *d, double mean);

/* One block of Philox4x64-10, words in order; what the known answers are checked on. */
void draw_block(const uint64_t counter[4], const uint64_t key[2], uint64_t word[4]);

/* The generator as GSL's samplers know it: 32 bits a call (0 .. 2^32-1), doubles on [0, 1) of 53 bits. Its
 * state is a draw_t; seeding it through GSL gives the stream (seed, DRAW_TEST, 0, 0, 0). Static storage. */
const gsl_rng_type *draw_gsl_type(void);

/* *d seen as a gsl_rng, which borrows *d and advances it: `gsl_rng g = draw_gsl(&d); gsl_ran_poisson(&g, 2)`.
 * Must not be passed to gsl_rng_free. */
gsl_rng draw_gsl(draw_t *d);

#endif
