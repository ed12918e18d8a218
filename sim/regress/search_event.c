/* SPDX-License-Identifier: Apache-2.0 */
/* Drawn events. */
#include "regress/search_event.h"

#include <math.h>

double search_event_between(draw_t *d, double low, double high)
{
    return low + (high - low) * draw_uniform(d);
}

/* As evenly over orders of magnitude. */
double search_event_between_log(draw_t *d, double low, double high)
{
    return exp(search_event_between(d, log(low), log(high)));
}

int search_event_one_of(draw_t *d, int count)
{
    const int i = (int)(draw_uniform(d) * count);
    return i < count ? i : count - 1;
}

double search_event_dose(draw_t *d, const search_frame_t *f)
{
    return f->ml_per_day * f->ug_per_ml * search_event_between_log(d, 0.5, 2.0);
}

/* ---- what happens ------------------------------------------------------------------------------------------------------- */

static void put_bolus(draw_t *d, const search_frame_t *f, FILE *out)
{
    (void)fprintf(out, "order: bolus, amount: %.6g ug, over: %d min",
                  search_event_dose(d, f) / 10.0, 1 + search_event_one_of(d, 90));
}

static void put_refill(draw_t *d, const search_frame_t *f, FILE *out)
{
    (void)fprintf(out, "order: refill, volume: %.4g mL, concentration: %.6g ug/mL, bridge: %s",
                  search_event_between(d, 1.0, 20.0),
                  f->ug_per_ml *
                      (search_event_one_of(d, 2) == 0 ? 1.0 : search_event_between(d, 0.5, 2.0)),
                  search_event_one_of(d, 2) == 0 ? "true" : "false");
}

static void put_therapy_order(draw_t *d, const search_frame_t *f, FILE *out)
{
    if (search_event_one_of(d, 4) == 0) {
        (void)fputs("order: therapy, mode: stopped", out);
    } else {
        (void)fprintf(out, "order: therapy, dose: %.6g ug/day", search_event_dose(d, f));
    }
}

static void put_request(draw_t *d, const search_frame_t *f, FILE *out)
{
    (void)f;
    (void)fprintf(out, "order: request, for: %d h, per_day: %d", 1 + search_event_one_of(d, 48),
                  1 + search_event_one_of(d, 12));
}

static void put_time(draw_t *d, const search_frame_t *f, FILE *out)
{
    (void)f;
    (void)fprintf(out, "order: set_time, forward: %d min", search_event_one_of(d, 2880) - 1440);
}

static void put_exposure(draw_t *d, const search_frame_t *f, FILE *out)
{
    (void)f;
    (void)fprintf(out, "order: exposure, lasting: %.4g h, ",
                  search_event_between_log(d, 0.1, 48.0));
    switch (search_event_one_of(d, 3)) {
    case 0:
        (void)fprintf(out, "field: %.3g T", search_event_between(d, 0.1, 7.0));
        break;
    case 1:
        (void)fprintf(out, "temperature: %.4g degC", search_event_between(d, 34.0, 42.0));
        break;
    default:
        (void)fprintf(out, "pressure: %.4g kPa", search_event_between(d, 60.0, 250.0));
        break;
    }
}

static void put_fault(draw_t *d, const search_frame_t *f, FILE *out)
{
    static const char *const fault[] = {"motor_seized",     "motor_short", "gear_corrosion",
                                        "foreign_particle", "shaft_wear",  "tube_damage"};
    const int which = search_event_one_of(d, 6);
    (void)f;
    (void)fprintf(out, "order: fault, fault: %s, severity: %.3g", fault[which],
                  which == 0 ? 1.0 : search_event_between(d, 0.1, which == 5 ? 1.5 : 1.0));
}

/* ---- between core and hardware, and by the wire ------------------------------------------------------------------------- */

/* Within the contract of the hardware: calls that fail, and of what is measured lies. What else lies is no port. */
static void put_call(draw_t *d, const search_frame_t *f, FILE *out)
{
    static const char *const fails[] = {
#define CALL(symbol, name) name,
#include "config/call.def"
#undef CALL
    };
    static const struct {
        const char *call;
        double low, high;
    } lies[] = {{"battery_idle_mv", 1000.0, 4000.0},
                {"battery_loaded_mv", 1000.0, 4000.0},
                {"temperature_mdegc", -40000.0, 125000.0},
                {"step_confirm", 0.0, 64.0},
                {"rotor_index", 0.0, 100.0}};
    const double calls = floor(search_event_between_log(d, 1.0, 1000.0));
    (void)f;
    if (search_event_one_of(d, 3) > 0) {
        (void)fprintf(out, "order: fault, fault: call_fails, call: %s, severity: %d",
                      fails[search_event_one_of(d, (int)(sizeof fails / sizeof fails[0]))],
                      1 + search_event_one_of(d, 4));
    } else {
        const int i = search_event_one_of(d, (int)(sizeof lies / sizeof lies[0]));
        (void)fprintf(out, "order: fault, fault: call_lies, call: %s, severity: %.0f", lies[i].call,
                      search_event_between(d, lies[i].low, lies[i].high));
    }
    (void)fprintf(out, ", calls: %.0f, after: %d, within: %d h", calls, search_event_one_of(d, 20),
                  1 + search_event_one_of(d, 48));
}

static void put_damage(draw_t *d, const search_frame_t *f, FILE *out)
{
    (void)f;
    (void)fputs("order: fault, fault: ", out);
    switch (search_event_one_of(d, 6)) {
    case 0:
        (void)fprintf(out, "store_torn, severity: %.2f, after: %d", draw_uniform(d),
                      search_event_one_of(d, 20));
        break;
    case 1:
        (void)fprintf(out, "store_rot, severity: %d, after: %d", 1 + search_event_one_of(d, 5),
                      search_event_one_of(d, 20));
        break;
    case 2:
        (void)fprintf(out, "store_worn, severity: %d, address: %d, length: %d",
                      search_event_one_of(d, 2), 8192 * search_event_one_of(d, 8),
                      8192 * (1 + search_event_one_of(d, 3)));
        break;
    case 3:
        (void)fprintf(out, "store_flip, severity: %.0f",
                      floor(search_event_between_log(d, 1.0, 100.0)));
        break;
    case 4:
        (void)fprintf(out, "pump_reset, severity: %d", 1 + search_event_one_of(d, 5));
        break;
    default:
        (void)fputs("memory_flip, severity: 1", out);
        break;
    }
}

static void put_payload(draw_t *d, int bytes, FILE *out)
{
    (void)fputs("\"", out);
    for (int i = 0; i < bytes; i++) {
        (void)fprintf(out, "%02x", (unsigned)(draw_bits(d) & 0xFFu));
    }
    (void)fputs("\"", out);
}

static void put_frame(draw_t *d, const search_frame_t *f, FILE *out)
{
    static const char *const role[] = {"clinician", "patient", "emergency", "none"};
    static const char *const session[] = {"own", "opened", "left", "none"};
    static const char *const asks[] = {"open",   "close",    "stage",   "read_back",   "commit",
                                       "refill", "bolus",    "stop",    "interrogate", "clear",
                                       "prime",  "set_time", "request", "log",         "device",
                                       "pair",   "unknown",  "nothing"};
    static const int bytes[] = {16, 0, 20, 4, 4, 4, 16, 0, 0, 4, 12, 4, 0, 8, 0, 16, 0, 0};
    static const char *const wrong[] = {
#define WRONG(symbol, name) name,
#include "config/wrong.def"
#undef WRONG
    };
    const int which = search_event_one_of(d, 18);
    (void)f;
    (void)fprintf(out, "order: frame, role: %s, asks: %s, session: %s, frames: %.0f, wrong: %s",
                  role[search_event_one_of(d, 4)], asks[which], session[search_event_one_of(d, 4)],
                  floor(search_event_between_log(d, 1.0, 30.0)),
                  search_event_one_of(d, 2) == 0
                      ? "nothing"
                      : wrong[search_event_one_of(d, (int)(sizeof wrong / sizeof wrong[0]))]);
    (void)fputs(", payload: ", out);
    put_payload(d, search_event_one_of(d, 4) == 0 ? search_event_one_of(d, 60) : bytes[which], out);
}

static void put_image(draw_t *d, const search_frame_t *f, FILE *out)
{
    (void)f;
    (void)fprintf(out, "order: image, byte: %d, payload: ", search_event_one_of(d, 200));
    put_payload(d, 1 + search_event_one_of(d, 4), out);
}

static void put_clinic(draw_t *d, const search_frame_t *f, FILE *out)
{
    static const char *const order[] = {"clear_alarms", "read_logs", "read_logs, by: papers",
                                        "stop", "stop, by: papers"};
    (void)f;
    (void)fprintf(out, "order: %s", order[search_event_one_of(d, 5)]);
}

void search_event_put_all(draw_t *d, const search_frame_t *f, FILE *out)
{
    static void (*const put[])(draw_t * d, const search_frame_t *f, FILE *out) = {
        put_bolus, put_refill, put_therapy_order, put_time,  put_exposure, put_fault,
        put_call,  put_damage, put_frame,         put_image, put_clinic,   put_request};
    const int events = search_event_one_of(d, 13);
    (void)fputs(events > 0 ? "events:\n" : "", out);
    for (int i = 0; i < events; i++) {
        (void)fprintf(out, "  - {at: %.0f min, ",
                      floor(search_event_between(d, 0.0, f->days) * 1440.0));
        put[search_event_one_of(d, f->on_request ? 12 : 11)](d, f, out);
        (void)fputs("}\n", out);
    }
}
