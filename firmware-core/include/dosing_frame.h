/* SPDX-License-Identifier: Apache-2.0 */
/* The telemetry wire format: byte offsets, sizes and values, so that any programmer can speak it.
 *
 * A frame is   header (24) | payload (0..DOSING_FRAME_PAYLOAD_MAX) | CRC-32 (4) | tag (16).
 * All integers are little-endian and unsigned. The CRC (IEEE 802.3, reflected, initial and final inversion)
 * covers header and payload; the tag covers header, payload and CRC, under the key of the header's role. A
 * reply has the request's role, session and counter, its type with DOSING_FRAME_REPLY set, and a payload
 * whose first byte is a dosing_status_t; a refusal's payload is DOSING_REFUSAL_BYTES long whatever its type.
 *
 * Freshness: the counter of each role rises for ever, over sessions too; a frame whose counter is not above
 * the last one accepted is refused with DOSING_REFUSED_REPLAY, and the refusal carries that last counter, so that a
 * programmer can take it up. It may rise by at most DOSING_COUNTER_STEP_MAX a frame, so that no single frame, genuine but
 * mistaken, locks its role out for ever; a wider step is refused in the same way. Within a session every frame also carries the session number, drawn by the
 * device at open, so that a frame recorded but never delivered is dead in the next session.
 */
#ifndef DOSING_FRAME_H
#define DOSING_FRAME_H

#define DOSING_FRAME_VERSION 1u

/* Header offsets. */
#define DOSING_FRAME_AT_VERSION 0u  /* u8 */
#define DOSING_FRAME_AT_TYPE 1u     /* u8 */
#define DOSING_FRAME_AT_ROLE 2u     /* u8 */
#define DOSING_FRAME_AT_ZERO 3u     /* u8, 0 */
#define DOSING_FRAME_AT_DEVICE 4u   /* u32 device id */
#define DOSING_FRAME_AT_SESSION 8u  /* u32; 0 in an open request */
#define DOSING_FRAME_AT_COUNTER 12u /* u64 */
#define DOSING_FRAME_AT_LENGTH 20u  /* u16 payload bytes */
#define DOSING_FRAME_AT_ZERO2 22u   /* u16, 0 */
#define DOSING_FRAME_HEADER_BYTES 24u
#define DOSING_FRAME_CRC_BYTES 4u
#define DOSING_FRAME_TAG_BYTES 16u
#define DOSING_FRAME_PAYLOAD_MAX 192u
#define DOSING_FRAME_BYTES_MIN 44u
#define DOSING_FRAME_BYTES_MAX 236u

#define DOSING_ROLE_CLINICIAN 1u
#define DOSING_ROLE_PATIENT 2u /* may open, close and interrogate */

#define DOSING_FRAME_REPLY 0x80u
#define DOSING_COUNTER_STEP_MAX 0xFFFFFFFFu

/* Types, with request and reply payloads. Where no reply is given it is DOSING_ACK_BYTES: the status and 3 zeros. */
#define DOSING_FRAME_OPEN 1u      /* nonce (16) -> DOSING_OPENED_* */
#define DOSING_FRAME_CLOSE 2u     /* empty */
#define DOSING_FRAME_STAGE 3u     /* DOSING_PROGRAMME_*: kept aside, the running one goes on */
#define DOSING_FRAME_READ_BACK 4u /* empty -> status, 3 zeros, DOSING_PROGRAMME_* as staged */
#define DOSING_FRAME_COMMIT 5u    /* u32 CRC-32 of the DOSING_PROGRAMME_BYTES read back */
#define DOSING_FRAME_REFILL 6u    /* u32 volume now in the reservoir, nl */
#define DOSING_FRAME_BOLUS 7u     /* DOSING_BOLUS_* */
#define DOSING_FRAME_STOP 8u      /* empty: ends a bolus and the basal rate until the next commit */
#define DOSING_FRAME_INTERROGATE 9u /* empty -> DOSING_REPORT_* */
#define DOSING_FRAME_ALARM_CLEAR                                                                   \
    10u /* u32 alarm bits: seen, so silent; some end here, see dosing_fault.c */

#define DOSING_NONCE_BYTES 16u
#define DOSING_ACK_BYTES 4u

/* A refusal: status, 3 zeros, and the last counter accepted from this role. */
#define DOSING_REFUSAL_AT_COUNTER 4u /* u64 */
#define DOSING_REFUSAL_BYTES 12u

/* Reply to open. */
#define DOSING_OPENED_AT_SESSION 4u /* u32, never 0 */
#define DOSING_OPENED_AT_NONCE                                                                     \
    8u /* 16 bytes: the device's challenge; the session is drawn from it */
#define DOSING_OPENED_BYTES 24u
#define DOSING_SESSION_MS 600000u /* a session ends this long after its last accepted frame */

/* Programme. */
#define DOSING_DRUGS_MAX 6u
#define DOSING_MODE_STOPPED 0u
#define DOSING_MODE_SIMPLE 1u           /* one constant rate */
#define DOSING_PROGRAMME_AT_MODE 0u     /* u8 */
#define DOSING_PROGRAMME_AT_DRUGS 1u    /* u8, 1..6; drug 0 is the primary */
#define DOSING_PROGRAMME_AT_ZERO 2u     /* u16, 0 */
#define DOSING_PROGRAMME_AT_LOW_NL 4u   /* u32 low-reservoir alarm; above the empty one */
#define DOSING_PROGRAMME_AT_EMPTY_NL 8u /* u32 empty alarm: dosing stops there */
#define DOSING_PROGRAMME_AT_RATE_MAX                                                               \
    12u /* u32 nl/day, basal and bolus together; 0: the factory's */
#define DOSING_PROGRAMME_AT_VOLUME_24H 16u /* u32 nl in any 24 h; 0: the factory's */
#define DOSING_PROGRAMME_AT_ZERO2 20u      /* u32, 0 */
#define DOSING_PROGRAMME_AT_DOSE 24u       /* u64 ng/day of the primary; 0 exactly when stopped */
#define DOSING_PROGRAMME_AT_DRUG 32u       /* 6 x DOSING_DRUG_*; those not used are all zero */
#define DOSING_PROGRAMME_BYTES 128u
#define DOSING_DRUG_AT_CONCENTRATION 0u /* u32 ng/mL, 1..DOSING_CONCENTRATION_MAX */
#define DOSING_DRUG_AT_ZERO 4u          /* u32, 0 */
#define DOSING_DRUG_AT_LIMIT 8u         /* u64 ng in any 24 h, 1..DOSING_LIMIT_MAX; 0: none */
#define DOSING_DRUG_BYTES 16u
#define DOSING_CONCENTRATION_MAX 100000000u /* 100 mg/mL */
#define DOSING_DOSE_MAX 9000000000u         /* ng/day: 9 g */
#define DOSING_LIMIT_MAX 9000000000u        /* ng in 24 h: 9 g */
#define DOSING_LOW_DEFAULT_NL 2000000u      /* 2 mL */

/* Bolus: on top of the basal rate, evenly over its duration. */
#define DOSING_BOLUS_AT_DOSE 0u     /* u64 ng of the primary drug, > 0 */
#define DOSING_BOLUS_AT_DURATION 8u /* u32 ms, 1000..86 400 000 */
#define DOSING_BOLUS_AT_ZERO 12u    /* u32, 0 */
#define DOSING_BOLUS_BYTES 16u

/* Report. */
#define DOSING_REPORT_AT_STATUS 0u    /* u8 */
#define DOSING_REPORT_AT_MODE 1u      /* u8 */
#define DOSING_REPORT_AT_DRUGS 2u     /* u8 */
#define DOSING_REPORT_AT_BOLUS 3u     /* u8, 1 while a bolus runs */
#define DOSING_REPORT_AT_ALARMS 4u    /* u32 alarm bits that hold now */
#define DOSING_REPORT_AT_UNSEEN 8u    /* u32 alarm bits raised since the last ALARM_CLEAR of each */
#define DOSING_REPORT_AT_COMMITS 12u  /* u32 programmes committed */
#define DOSING_REPORT_AT_CLOCK_MS 16u /* u64 */
#define DOSING_REPORT_AT_COMMANDED 24u /* u64 pulses begun */
#define DOSING_REPORT_AT_CONFIRMED 32u /* u64 pulses whose coil response showed the step */
#define DOSING_REPORT_AT_VOLUME_NL 40u /* u32 reservoir by the core's ledger, rounded down */
#define DOSING_REPORT_AT_PULSE_PL 44u  /* u32 calibration constant */
#define DOSING_REPORT_AT_DOSE 48u      /* u64 ng/day, of the running programme */
#define DOSING_REPORT_AT_REFUSED 56u   /* u32 frames refused */
#define DOSING_REPORT_AT_LOST_MS                                                                   \
    60u /* u32 time not dosed because the core was called late; saturates */
#define DOSING_REPORT_AT_GIVEN_NL 64u       /* u64 volume commanded, rounded down */
#define DOSING_REPORT_AT_GIVEN_NG 72u       /* 6 x u64 believed given per drug slot, rounded down */
#define DOSING_REPORT_AT_CONCENTRATION 120u /* 6 x u32 ng/mL */
#define DOSING_REPORT_AT_LOW_NL 144u        /* u32 */
#define DOSING_REPORT_AT_EMPTY_NL 148u      /* u32 */
#define DOSING_REPORT_AT_RESET 152u         /* u32 cause of the latest start */
#define DOSING_REPORT_AT_GUARD 156u         /* u32 trains the guard refused */
#define DOSING_REPORT_AT_MISSED 160u /* u32 pulses begun that were not confirmed; saturates */
#define DOSING_REPORT_AT_STALLS 164u /* u32 stalls detected; saturates */
#define DOSING_REPORT_AT_STALL_MS                                                                  \
    168u /* u64 core's time of the first step missed in the latest stall; 0: none */
#define DOSING_REPORT_BYTES 176u

#endif
