#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""How long pumps last, and a band of days over patients, from a dataset of thecasim, in Python.

  /usr/bin/python3 read_dataset.py DATASET.h5 FIELD FIGURE.svg      FIELD: of table daily, as lumbar_ng_per_ml

Debian: python3-h5py, python3-matplotlib. Prints the same lines as the examples in R and Octave.
"""
import sys

import h5py
import matplotlib
import numpy as np

matplotlib.use("svg")
import matplotlib.pyplot as plt

path, field, figure = sys.argv[1:]
with h5py.File(path, "r") as file:
    # A named value is a number; the attributes of its field tell the names.
    end = file["pumps/end"]
    meanings = end.attrs["flag_meanings"]
    names = (meanings.decode() if isinstance(meanings, bytes) else meanings).split()
    horizon = end.attrs["flag_values"][names.index("horizon_reached")]
    ended = end[:] != horizon
    years = (file["pumps/ended_ms"][:] - file["pumps/implanted_ms"][:]) / (365.25 * 86400e3)
    day, value = file["daily/day"][:], file["daily"][field][:].astype(float)
    unit = file["daily"][field].attrs["units"]
    unit = unit.decode() if isinstance(unit, bytes) else unit

# Kaplan and Meier: at each time at which pumps ended, the share of those at risk that did not.
time = np.unique(years[ended])
at_risk = np.array([np.sum(years >= t) for t in time])
left = np.cumprod(1 - np.array([np.sum(ended & (years == t)) for t in time]) / at_risk)
for year in range(1, int(years.max()) + 1):
    print(f"survival,{year},{left[np.searchsorted(time, year, 'right') - 1] if np.any(time <= year) else 1:.10f}")

# Quantiles over patients, day by day; days without a value are left out.
days = np.unique(day[~np.isnan(value)])
band = np.array([np.quantile(value[(day == d) & ~np.isnan(value)], [0.05, 0.5, 0.95]) for d in days])
for d, (low, middle, high) in list(zip(days, band))[::30]:
    print(f"band,{d},{low:.10g},{middle:.10g},{high:.10g}")

plot, (above, below) = plt.subplots(2, 1, figsize=(8, 8))
above.step(np.r_[0, time, years.max()], np.r_[1, left, left[-1] if len(left) else 1], where="post")
above.set(xlabel="years since implant", ylabel="share of pumps in place", ylim=(0, 1.02), title="Lives of pumps, simulated")
below.fill_between(days, band[:, 0], band[:, 2], alpha=0.3, label="5 % to 95 % of patients")
below.plot(days, band[:, 1], label="median")
below.set(xlabel="days since enrolment", ylabel=f"{field}, {unit}", title="Day by day, simulated")
below.legend()
plot.tight_layout()
plot.savefig(figure, metadata={"Date": None})
