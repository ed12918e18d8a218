# SPDX-License-Identifier: Apache-2.0
# How long pumps last, and a band of days over patients, from a dataset of thecasim, in R.
#
#   Rscript read_dataset.R DATASET.h5 FIELD FIGURE.svg      FIELD: of table daily, as lumbar_ng_per_ml
#
# Debian: r-cran-hdf5r, r-cran-survival. Prints the same lines as the examples in Python and Octave.
suppressPackageStartupMessages({library(hdf5r); library(survival)})
argument <- commandArgs(trailingOnly = TRUE)
field <- argument[2]
file <- H5File$new(argument[1], mode = "r")
column <- function(name) as.numeric(file[[name]][])

# A named value is a number; the attributes of its field tell the names.
end <- file[["pumps/end"]]
names <- strsplit(h5attr(end, "flag_meanings"), " ")[[1]]
horizon <- as.numeric(h5attr(end, "flag_values"))[match("horizon_reached", names)]
ended <- column("pumps/end") != horizon
years <- (column("pumps/ended_ms") - column("pumps/implanted_ms")) / (365.25 * 86400e3)
day <- column("daily/day")
value <- column(paste0("daily/", field))
unit <- h5attr(file[[paste0("daily/", field)]], "units")
file$close_all()

life <- survfit(Surv(years, ended) ~ 1, conf.type = "log-log")
for (year in seq_len(floor(max(years))))
  cat(sprintf("survival,%d,%.10f\n", year, summary(life, times = year, extend = TRUE)$surv))

# Quantiles over patients, day by day; days without a value are left out.
known <- !is.nan(value)
band <- t(sapply(split(value[known], day[known]), quantile, c(0.05, 0.5, 0.95), names = FALSE))
days <- as.numeric(rownames(band))
for (i in seq(1, length(days), by = 30))
  cat(sprintf("band,%d,%.10g,%.10g,%.10g\n", days[i], band[i, 1], band[i, 2], band[i, 3]))

svg(argument[3], width = 8, height = 8)
par(mfrow = c(2, 1))
plot(life, ylim = c(0, 1), xlab = "years since implant", ylab = "share of pumps in place", main = "Lives of pumps, simulated")
plot(days, band[, 2], type = "l", ylim = range(band), xlab = "days since enrolment", ylab = paste0(field, ", ", unit),
     main = "Day by day, simulated: median, 5 % to 95 % of patients")
polygon(c(days, rev(days)), c(band[, 1], rev(band[, 3])), col = rgb(0, 0, 1, 0.2), border = NA)
invisible(dev.off())
