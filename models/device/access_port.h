/* SPDX-License-Identifier: Apache-2.0 */
/* The access port: a needle between the pump's tubing and the catheter.
 *
 * What is drawn there is first the catheter's fluid, then CSF; what is injected pushes the catheter's fluid
 * into the CSF in no time: a bolus of all that lies between port and tip, if the drug is not drawn out first.
 * Both move as a plug, faster than dispersion acts; injection stirs the chambers. The pump's tubing is not touched.
 * A syringe draws and presses with the rows port_suction and port_pressure for port_effort; through what
 * obstructs the catheter no more comes than Poiseuille lets (catheter.h), and nothing through a closed one.
 */
#ifndef MODELS_DEVICE_ACCESS_PORT_H
#define MODELS_DEVICE_ACCESS_PORT_H

#include "device/catheter.h"

typedef struct access_port_draw_t {
    double volume_ml;             /* in the syringe */
    double ug[SEGMENT_DRUGS_MAX]; /* in it */
    double csf_ml; /* taken out of the CSF at the tip, some of it still in the catheter */
    double csf_ug[SEGMENT_DRUGS_MAX]; /* drug in that */
    double
        tissue_ml; /* the rest: out of tissue, through holes or, at a tip that slipped, nothing but a void */
} access_port_draw_t;

/* Draws wanted_ml >= 0, CSF at the tip holding csf_ug_per_ml[drugs], tissue fluid no drug. Comes less, it
 * failed. A tight catheter whose tip lies in tissue gives its own fluid and no more.
 *     syringe + catheter after = catheter before + csf */
void access_port_draw(catheter_t *c, double wanted_ml, const double csf_ug_per_ml[],
                      access_port_draw_t *out);

/* Injects ml >= 0 of ug_per_ml[drugs] at now_ms. Returns what went in, mL; *out says where fluid went. */
double access_port_inject(catheter_t *c, double now_ms, double ml, const double ug_per_ml[],
                          catheter_out_t *out);

#endif
