/* SPDX-License-Identifier: Apache-2.0 */
/* The telemetry wire format: byte offsets, sizes and values, so that any programmer can speak it.
 *
 * A frame is   header (24) | payload (0..DOSING_FRAME_PAYLOAD_MAX) | CRC-32 (4) | tag (16).
 * All integers are little-endian and unsigned. The CRC (IEEE 802.3, reflected, initial and final inversion)
 * covers header and payload; the tag covers header, payload and CRC, under the key of the header's role. A
 * reply has the request's role, session and counter, its type with DOSING_FRAME_REPLY set, and a payload
 * whose first byte is a dosing_status_t; a refusal's payload is DOSING_REFUSAL_BYTES long whatever its type.
 *
 * Freshness: the counter of each role rises for ever, over sessions too. A frame that is authentic and no replay has used
 * its counter up, however it is answered; one whose counter is not above the last one used is refused with
 * DOSING_REFUSED_REPLAY, and the refusal carries that last counter, so that a programmer can take it up. It may rise by at most DOSING_COUNTER_STEP_MAX a frame, so that no single frame, genuine but
 * mistaken, locks its role out for ever; a wider step is refused in the same way. Within a session every frame also carries the session number, drawn by the
 * device at open, so that a frame recorded but never delivered is dead in the next session. The reply to an open repeats
 * the programmer's nonce under its tag, so that a reply recorded earlier is none to a programmer that draws its nonces anew.
 */
#ifndef DOSING_FRAME_H
#define DOSING_FRAME_H

#define DOSING_FRAME_VERSION 3u

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
#define DOSING_FRAME_PAYLOAD_MAX 224u
#define DOSING_FRAME_BYTES_MIN 44u
#define DOSING_FRAME_BYTES_MAX 268u

/* Roles. The emergency key is for whoever must act without the clinic's: it can look and stop, and can start nothing. */
#define DOSING_ROLE_CLINICIAN 1u
#define DOSING_ROLE_PATIENT 2u   /* may open, close, interrogate and ask for a bolus */
#define DOSING_ROLE_EMERGENCY 3u /* may open, close, interrogate, read logs and stop */
#define DOSING_ROLES 3u

#define DOSING_FRAME_REPLY 0x80u
#define DOSING_COUNTER_STEP_MAX 0xFFFFFFFFu

/* Types, with request and reply payloads. Where no reply is given it is DOSING_ACK_BYTES: the status and 3 zeros. */
#define DOSING_FRAME_OPEN 1u  /* nonce (16) -> DOSING_OPENED_* */
#define DOSING_FRAME_CLOSE 2u /* empty */
#define DOSING_FRAME_STAGE 3u /* DOSING_PART_*: kept aside, the running programme goes on */
#define DOSING_FRAME_READ_BACK                                                                     \
    4u                         /* u16 offset, u16 0 -> status, 3 zeros, DOSING_PART_* as staged */
#define DOSING_FRAME_COMMIT 5u /* u32 CRC-32 of the whole image read back */
#define DOSING_FRAME_REFILL 6u /* u32 volume now in the reservoir, nl */
#define DOSING_FRAME_BOLUS 7u  /* DOSING_BOLUS_* */
#define DOSING_FRAME_STOP 8u /* empty: ends every bolus and the basal rate until the next commit */
#define DOSING_FRAME_INTERROGATE 9u /* empty -> DOSING_REPORT_* */
#define DOSING_FRAME_ALARM_CLEAR                                                                   \
    10u                           /* u32 alarm bits: acknowledged; some end here, see PORTING.md */
#define DOSING_FRAME_PRIME 11u    /* DOSING_PRIME_* */
#define DOSING_FRAME_SET_TIME 12u /* u32 local time now, ms since Monday 00:00, below a week */
#define DOSING_FRAME_REQUEST 13u  /* empty: the patient asks for a bolus of the programme */
#define DOSING_FRAME_LOG 14u    /* u8 DOSING_LOG_*, 3 zeros, u32 first number -> DOSING_LOGGED_* */
#define DOSING_FRAME_DEVICE 15u /* empty -> DOSING_DEVICE_* */
#define DOSING_FRAME_PAIR                                                                          \
    16u /* nonce (16): the patient's key from here on is the one that it gives; counter from 0 */

#define DOSING_NONCE_BYTES 16u
#define DOSING_ACK_BYTES 4u

/* A refusal: status, 3 zeros, and the last counter accepted from this role. */
#define DOSING_REFUSAL_AT_COUNTER 4u /* u64 */
#define DOSING_REFUSAL_BYTES 12u

/* Reply to open. */
#define DOSING_OPENED_AT_SESSION 4u /* u32, never 0 */
#define DOSING_OPENED_AT_NONCE                                                                     \
    8u /* 16 bytes: the device's challenge; the session is drawn from it */
#define DOSING_OPENED_AT_ECHO 24u /* 16 bytes: the nonce of the request */
#define DOSING_OPENED_BYTES 40u
#define DOSING_SESSION_MS 600000u /* a session ends this long after its last accepted frame */

/* A part of a programme's image. Parts are staged in order; the one at offset 0 begins a new image, and the image's own
 * head says how long it is; no part reaches over the head's end. A read-back asks for an offset that is a multiple of
 * DOSING_PART_BYTES_MAX. */
#define DOSING_PART_AT_OFFSET 0u /* u16 */
#define DOSING_PART_AT_ZERO 2u   /* u16, 0 */
#define DOSING_PART_AT_BYTES 4u  /* 1..DOSING_PART_BYTES_MAX bytes of the image */
#define DOSING_PART_BYTES_MAX 160u

/* Programme image: the head, then `steps` x DOSING_STEP_*, then `timed` x DOSING_TIMED_*. */
#define DOSING_DRUGS_MAX 6u
#define DOSING_MODE_STOPPED 0u
#define DOSING_MODE_SIMPLE 1u        /* one constant rate */
#define DOSING_MODE_FLEX 2u          /* steps through the day, by day of the week */
#define DOSING_MODE_MINIMUM 3u       /* the factory's slowest rate, whatever is in the reservoir */
#define DOSING_PROGRAMME_AT_MODE 0u  /* u8 */
#define DOSING_PROGRAMME_AT_DRUGS 1u /* u8, 1..6; drug 0 is the primary, the rest follow by ratio */
#define DOSING_PROGRAMME_AT_STEPS 2u /* u8, 1..DOSING_STEPS_MAX in flex, else 0 */
#define DOSING_PROGRAMME_AT_TIMED                                                                  \
    3u /* u8, 0..DOSING_TIMED_MAX; 0 when stopped or at minimum rate */
#define DOSING_PROGRAMME_AT_LOW_NL 4u   /* u32 low-reservoir alarm; above the empty one */
#define DOSING_PROGRAMME_AT_EMPTY_NL 8u /* u32 empty alarm: dosing stops there */
#define DOSING_PROGRAMME_AT_RATE_MAX                                                               \
    12u /* u32 nl/day, basal and bolus together; 0: the factory's */
#define DOSING_PROGRAMME_AT_VOLUME_24H 16u /* u32 nl in any 24 h; 0: the factory's */
#define DOSING_PROGRAMME_AT_FLAGS 20u      /* u32 DOSING_FLAG_* */
#define DOSING_PROGRAMME_AT_DOSE 24u       /* u64 ng/day of the primary, in simple; else 0 */
#define DOSING_PROGRAMME_AT_DRUG 32u       /* 6 x DOSING_DRUG_*; those not used are all zero */
#define DOSING_PROGRAMME_AT_PATIENT 128u   /* DOSING_PATIENT_*; all zero: no patient boluses */
#define DOSING_PROGRAMME_AT_BRIDGE                                                                 \
    152u /* u32 nl of the earlier fluid still in the path; only with FLAG_CHANGE */
#define DOSING_PROGRAMME_AT_REPEAT_CRITICAL 156u /* u16 minutes between tones; 0: 60 */
#define DOSING_PROGRAMME_AT_REPEAT_ADVISORY 158u /* u16 minutes between tones; 0: 1440 */
#define DOSING_PROGRAMME_BYTES                                                                     \
    160u /* the head alone: a whole image without steps and timed boluses */

/* Declares that drugs or concentrations are others than before: required where they are, without effect where they are not. */
#define DOSING_FLAG_CHANGE 1u

#define DOSING_DRUG_AT_CONCENTRATION 0u /* u32 ng/mL, 1..DOSING_CONCENTRATION_MAX */
#define DOSING_DRUG_AT_CODE 4u          /* u32: which drug; the clinic's own code, 0 allowed */
#define DOSING_DRUG_AT_LIMIT 8u         /* u64 ng in any 24 h, 1..DOSING_LIMIT_MAX; 0: none */
#define DOSING_DRUG_BYTES 16u
#define DOSING_CONCENTRATION_MAX 100000000u /* 100 mg/mL */
#define DOSING_DOSE_MAX 9000000000u         /* ng/day: 9 g */
#define DOSING_LIMIT_MAX 9000000000u        /* ng in 24 h: 9 g */
#define DOSING_LOW_DEFAULT_NL 2000000u      /* 2 mL */
#define DOSING_BRIDGE_NL_MAX 5000000u       /* 5 mL */

/* Days of the week: bit 0 is Monday. On each day the steps (timed boluses) of that day are taken in their order in the
 * image; their minutes rise strictly, and the first step of each day is at 0. */
#define DOSING_DAYS_ALL 0x7Fu

/* Flex: the basal dose rate from this local minute on, until the day's next step or midnight. */
#define DOSING_STEPS_MAX 48u
#define DOSING_STEP_AT_DAYS 0u   /* u8, 1..DOSING_DAYS_ALL */
#define DOSING_STEP_AT_ZERO 1u   /* u8, 0 */
#define DOSING_STEP_AT_MINUTE 2u /* u16, 0..1439 */
#define DOSING_STEP_AT_DOSE 4u   /* u64 ng/day of the primary; 0 or within the rate's range */
#define DOSING_STEP_BYTES 12u

/* Timed bolus: begins at this local minute of these days. */
#define DOSING_TIMED_MAX 16u
#define DOSING_TIMED_AT_DAYS 0u     /* u8 */
#define DOSING_TIMED_AT_ZERO 1u     /* u8, 0 */
#define DOSING_TIMED_AT_MINUTE 2u   /* u16 */
#define DOSING_TIMED_AT_DURATION 4u /* u32 ms, 1000..DOSING_TIMED_MS_MAX */
#define DOSING_TIMED_AT_DOSE 8u     /* u64 ng of the primary, > 0 */
#define DOSING_TIMED_BYTES 16u
#define DOSING_TIMED_MS_MAX 3600000u  /* 1 h */
#define DOSING_TIMED_WAIT_MS 3600000u /* one that cannot begin within this is skipped, and logged */
#define DOSING_IMAGE_BYTES_MAX                                                                     \
    (DOSING_PROGRAMME_BYTES + DOSING_STEPS_MAX * DOSING_STEP_BYTES +                               \
     DOSING_TIMED_MAX * DOSING_TIMED_BYTES)

/* Patient-activated bolus. At most PER_INTERVAL begin in any interval, and at most PER_DAY in any 24 h. */
#define DOSING_PATIENT_AT_DOSE 0u     /* u64 ng of the primary; 0: none, and all else 0 */
#define DOSING_PATIENT_AT_DURATION 8u /* u32 ms, 1000..DOSING_TIMED_MS_MAX, not above the lockout */
#define DOSING_PATIENT_AT_LOCKOUT                                                                  \
    12u /* u32 ms from the start of one to the next, 60 000..86 400 000 */
#define DOSING_PATIENT_AT_INTERVAL 16u     /* u32 ms, lockout..86 400 000 */
#define DOSING_PATIENT_AT_PER_INTERVAL 20u /* u16, 1..DOSING_PATIENT_PER_DAY_MAX */
#define DOSING_PATIENT_AT_PER_DAY 22u      /* u16, 1..DOSING_PATIENT_PER_DAY_MAX */
#define DOSING_PATIENT_BYTES 24u
#define DOSING_PATIENT_PER_DAY_MAX 32u

/* Bolus: on top of the basal rate, evenly over its duration. */
#define DOSING_BOLUS_AT_DOSE 0u     /* u64 ng of the primary drug, > 0 */
#define DOSING_BOLUS_AT_DURATION 8u /* u32 ms, 1000..86 400 000 */
#define DOSING_BOLUS_AT_ZERO 12u    /* u32, 0 */
#define DOSING_BOLUS_BYTES 16u

/* Priming bolus: the volume of tubing and catheter that holds no drug yet, given at the factory's fastest rate while the
 * basal rate waits. Each system revision (a new catheter) allows one, whatever became of it. */
#define DOSING_PRIME_AT_TUBING 0u   /* u32 nl, 0..the factory's tubing */
#define DOSING_PRIME_AT_CATHETER 4u /* u32 nl, 0..DOSING_PRIME_CATHETER_NL_MAX; the sum is > 0 */
#define DOSING_PRIME_AT_REVISION 8u /* u32, above that of the prime before; the first is 1 */
#define DOSING_PRIME_BYTES 12u
#define DOSING_PRIME_CATHETER_NL_MAX 1000000u /* 1 mL: above every catheter in use */

/* Kinds of what is being delivered, in reports and logs. */
#define DOSING_DELIVERY_OFF 0u     /* nothing */
#define DOSING_DELIVERY_MINIMUM 1u /* the minimum rate */
#define DOSING_DELIVERY_BASAL 2u   /* simple or flex */
#define DOSING_DELIVERY_BRIDGE 3u  /* the same, at the concentration still in the path */
#define DOSING_DELIVERY_BOLUS 4u   /* the clinician's */
#define DOSING_DELIVERY_TIMED 5u
#define DOSING_DELIVERY_PATIENT 6u
#define DOSING_DELIVERY_PRIME 7u
#define DOSING_DELIVERIES 8u

/* Report. */
#define DOSING_REPORT_AT_STATUS 0u    /* u8 */
#define DOSING_REPORT_AT_MODE 1u      /* u8 */
#define DOSING_REPORT_AT_DRUGS 2u     /* u8 */
#define DOSING_REPORT_AT_DELIVERY 3u  /* u8 DOSING_DELIVERY_* */
#define DOSING_REPORT_AT_ALARMS 4u    /* u32 alarm bits that hold now */
#define DOSING_REPORT_AT_UNSEEN 8u    /* u32 alarm bits raised since the last ALARM_CLEAR of each */
#define DOSING_REPORT_AT_COMMITS 12u  /* u32 programmes committed */
#define DOSING_REPORT_AT_CLOCK_MS 16u /* u64 */
#define DOSING_REPORT_AT_COMMANDED 24u /* u64 pulses begun */
#define DOSING_REPORT_AT_CONFIRMED 32u /* u64 pulses whose coil response showed the step */
#define DOSING_REPORT_AT_VOLUME_NL 40u /* u32 reservoir by the core's ledger, rounded down */
#define DOSING_REPORT_AT_PULSE_PL 44u  /* u32 calibration constant */
#define DOSING_REPORT_AT_DOSE 48u      /* u64 ng/day of the primary, the basal rate in force now */
#define DOSING_REPORT_AT_REFUSED 56u   /* u32 frames refused */
#define DOSING_REPORT_AT_LOST_MS                                                                   \
    60u /* u32 time not dosed because the core was called late; saturates */
#define DOSING_REPORT_AT_GIVEN_NL 64u       /* u64 volume commanded, rounded down */
#define DOSING_REPORT_AT_GIVEN_NG 72u       /* 6 x u64 believed given per drug slot, rounded down */
#define DOSING_REPORT_AT_CONCENTRATION 120u /* 6 x u32 ng/mL: of the fluid in the path */
#define DOSING_REPORT_AT_LOW_NL 144u        /* u32 */
#define DOSING_REPORT_AT_EMPTY_NL 148u      /* u32 */
#define DOSING_REPORT_AT_RESET 152u         /* u32 cause of the latest start */
#define DOSING_REPORT_AT_GUARD 156u         /* u32 trains the guard refused */
#define DOSING_REPORT_AT_MISSED 160u /* u32 pulses begun that were not confirmed; saturates */
#define DOSING_REPORT_AT_STALLS 164u /* u32 stalls detected; saturates */
#define DOSING_REPORT_AT_STALL_MS                                                                  \
    168u /* u64 core's time of the first step missed in the latest stall; 0: none */
#define DOSING_REPORT_AT_LOCAL 176u           /* u32 ms since Monday 00:00; 0xFFFFFFFF: not known */
#define DOSING_REPORT_AT_BRIDGE_NL 180u       /* u32 earlier fluid still in the path, rounded up */
#define DOSING_REPORT_AT_PATIENT_GIVEN 184u   /* u16 patient boluses begun in the last 24 h */
#define DOSING_REPORT_AT_PATIENT_REFUSED 186u /* u16 refused since the last refill; saturates */
#define DOSING_REPORT_AT_LOCKOUT_MS 188u      /* u32 until the next patient bolus is allowed */
#define DOSING_REPORT_AT_REVISION 192u        /* u32 of the latest prime; 0: none yet */
#define DOSING_REPORT_BYTES 196u

/* Logs: events, and faults apart from them, so that a flood of the one cannot push out the other. */
#define DOSING_LOG_EVENTS 0u
#define DOSING_LOG_FAULTS 1u
#define DOSING_LOGS 2u
#define DOSING_LOGGED_AT_COUNT                                                                     \
    4u /* u32 records that follow, 0..DOSING_LOGGED_MAX, rising; a gap is a loss */
#define DOSING_LOGGED_AT_RECORD 8u /* x DOSING_RECORD_* */
#define DOSING_LOGGED_MAX 5u
#define DOSING_RECORD_AT_NUMBER 0u /* u32 */
#define DOSING_RECORD_AT_CODE 4u   /* u16 DOSING_EVENT_* */
#define DOSING_RECORD_AT_ZERO 6u   /* u16, 0 */
#define DOSING_RECORD_AT_MS 8u     /* u64 the core's own time */
#define DOSING_RECORD_AT_A 16u     /* u64 and */
#define DOSING_RECORD_AT_B 24u     /* u32: what the code says */
#define DOSING_RECORD_AT_CRC 28u   /* u32 of the bytes before it */
#define DOSING_RECORD_BYTES 32u

/* What is logged: A, B. Codes from 64 on go to the fault log. */
#define DOSING_EVENT_COMMIT 1u /* dose ng/day of the primary, mode */
#define DOSING_EVENT_STOP 2u   /* 0, role */
#define DOSING_EVENT_REFILL 3u /* volume before in nl, volume declared in nl */
#define DOSING_EVENT_BEGIN                                                                         \
    4u /* dose ng or volume nl, DOSING_DELIVERY_*: a bolus of any kind begins */
#define DOSING_EVENT_END 5u     /* what was not given of it, DOSING_DELIVERY_* */
#define DOSING_EVENT_HELD 6u    /* what is left of it, DOSING_DELIVERY_*: suspended */
#define DOSING_EVENT_RESUMED 7u /* the same */
#define DOSING_EVENT_REFUSED                                                                       \
    8u /* ms until the lockout ends, dosing_status_t: a patient's request */
#define DOSING_EVENT_SKIPPED 9u    /* dose ng, dosing_status_t: a timed bolus */
#define DOSING_EVENT_TIME_SET 10u  /* local time before, local time now */
#define DOSING_EVENT_BRIDGED 11u   /* volume nl given at the earlier concentration, 0 */
#define DOSING_EVENT_DAY 12u       /* pulses commanded in the day, pulses confirmed in it */
#define DOSING_EVENT_FRAMES 13u    /* frames refused in all, refused in the day */
#define DOSING_EVENT_PAIRED 14u    /* 0, role */
#define DOSING_EVENT_CLEARED 15u   /* 0, alarm bits acknowledged */
#define DOSING_EVENT_RESET 64u     /* time uncertainty ms (UINT64_MAX: unbounded), cause */
#define DOSING_EVENT_RAISED 65u    /* alarm bits that hold, alarm bit */
#define DOSING_EVENT_ENDED 66u     /* alarm bits that hold, alarm bit */
#define DOSING_EVENT_STALL 67u     /* time of the first step missed, steps missed */
#define DOSING_EVENT_RECOVERED 68u /* time of the first step missed, steps missed */
#define DOSING_EVENT_CLOCK 69u     /* disagreement ms, ppm */
#define DOSING_EVENT_STORE                                                                         \
    70u /* address, DOSING_HAL_* result as u32; or a copy lost: sequence number, 0 */
#define DOSING_EVENT_SELFTEST 71u /* 0, DOSING_SELFTEST_* that failed */
#define DOSING_EVENT_CUT                                                                           \
    72u /* ms, count and period of a train that the guard refused: count << 24 | period */
/* Device report: what is not therapy. */
#define DOSING_DEVICE_AT_IDLE_MV 4u     /* u32 filtered */
#define DOSING_DEVICE_AT_LOADED_MV 8u   /* u32 filtered */
#define DOSING_DEVICE_AT_CHARGE_UAH 12u /* u32 own charge count, used */
#define DOSING_DEVICE_AT_ERI_DAYS 16u   /* u32 days until end of service at the latest */
#define DOSING_DEVICE_AT_AGE_DAYS 20u   /* u32 since the first start */
#define DOSING_DEVICE_AT_RESETS 24u     /* u32 starts after the first */
#define DOSING_DEVICE_AT_MISSED 28u     /* u32 steps commanded and not confirmed; saturates */
#define DOSING_DEVICE_AT_CLOCK_PPM                                                                 \
    32u /* u32 disagreement of the two clocks over the latest check */
#define DOSING_DEVICE_AT_TEMPERATURE 36u /* i32 mdegC; INT32_MIN: not measured */
#define DOSING_DEVICE_AT_SELFTEST 40u    /* u32 DOSING_SELFTEST_* that failed; 0: all passed */
#define DOSING_DEVICE_AT_STORE_SEQ 44u   /* u32 latest checkpoint */
#define DOSING_DEVICE_AT_STORE_BAD 48u   /* u32 store operations that failed; saturates */
#define DOSING_DEVICE_AT_UNCERTAIN_MS                                                              \
    52u /* u64 time that resets have left unknown, at most; saturates */
#define DOSING_DEVICE_AT_LOG_NEXT                                                                  \
    60u /* 2 x u32: number that the next event, the next fault will have */
#define DOSING_DEVICE_BYTES 68u

#endif
