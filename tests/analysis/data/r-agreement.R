# SPDX-License-Identifier: Apache-2.0
# Makes lives.csv and sample.csv, puts them through R, and writes what it finds to r-agreement.csv: lines of
# quantity,place,value with all digits. Run in the root of the project: Rscript tests/analysis/data/r-agreement.R

library(survival)
library(boot)

folder <- "tests/analysis/data"
digits <- function(x) sprintf("%.17g", x)

# ---- the data: a linear congruence instead of R's generator, whose stream may change between versions ----
state <- 20261127
uniform <- function() {
    state <<- (state * 16807) %% 2147483647
    state / 2147483647
}

lives <- data.frame(t(replicate(120, {
    first <- -log(uniform()) * 8
    second <- -log(uniform()) * 12
    cut <- 1 + 9 * uniform()
    time <- min(first, second, cut)
    c(time = ceiling(4 * time) / 4, cause = if (time == cut) 0 else if (time == first) 1 else 2)
})))
write.csv(lives, file.path(folder, "lives.csv"), row.names = FALSE, quote = FALSE)

sample <- data.frame(t(replicate(101, {
    dose <- 25 * ceiling(16 * uniform())
    c(dose = dose, effect = round(1 + 0.002 * dose + uniform() - 0.5 * uniform(), 2))
})))
write.csv(sample, file.path(folder, "sample.csv"), row.names = FALSE, quote = FALSE)

# ---- what R finds ----
out <- character(0)
tell <- function(quantity, values) {
    out <<- c(out, sprintf("%s,%d,%s", quantity, seq_along(values) - 1, digits(values)))
}

at <- 1:9
alive <- survfit(Surv(time, cause > 0) ~ 1, data = lives, conf.type = "log-log")
s <- summary(alive, times = at)
tell("km_survival", s$surv)
tell("km_se", s$std.err)
tell("km_low", s$lower)
tell("km_high", s$upper)
tell("km_at_risk", s$n.risk)
tell("km_median", quantile(alive, 0.5)$quantile)
tell("km_median_low", quantile(alive, 0.5)$lower)
tell("km_median_high", quantile(alive, 0.5)$upper)

# One cause, the other cut off: Kaplan and Meier of the cause.
one <- summary(survfit(Surv(time, cause == 1) ~ 1, data = lives, conf.type = "log-log"), times = at)
tell("cause_survival", one$surv)
tell("cause_se", one$std.err)

# Both causes competing: Aalen and Johansen. Its errors are of the infinitesimal jackknife, not of the delta method.
causes <- factor(lives$cause, 0:2, c("cut", "first", "second"))
both <- summary(survfit(Surv(time, causes) ~ 1, data = lives), times = at)
tell("aj_first", both$pstate[, 2])
tell("aj_second", both$pstate[, 3])
tell("aj_first_jackknife_se", both$std.err[, 2])

# Percentile intervals of boot for given replicates: 999, whose ends are order statistics, and 250, whose are not.
percentile <- function(t) {
    object <- boot(1:3, function(d, i) mean(d[i]), R = 2)
    object$t <- matrix(t)
    object$R <- length(t)
    boot.ci(object, conf = 0.95, type = "perc")$percent[4:5]
}
replicates <- function(n) sapply(seq_len(n), function(i) uniform() + uniform()^3)
given <- replicates(250)
tell("boot_given", given)
tell("boot_250", percentile(given))
tell("boot_999", percentile(c(given, 1 + given, 2 + given, 3 + given[1:249])))

poisson <- sapply(c(0, 1, 7, 90), function(k) poisson.test(k, 33.5)$conf.int)
tell("poisson_low", poisson[1, ])
tell("poisson_high", poisson[2, ])
wilson <- sapply(c(0, 3, 50, 101), function(k) prop.test(k, 101, correct = FALSE)$conf.int)
tell("wilson_low", wilson[1, ])
tell("wilson_high", wilson[2, ])
tell("spearman", cor(sample$dose, sample$effect, method = "spearman"))
tell("quantiles", quantile(sample$effect, c(0.05, 0.25, 0.5, 0.75, 0.95), type = 7))
tell("mean_ci", t.test(sample$effect)$conf.int)

head <- c(
    "# made by: Rscript tests/analysis/data/r-agreement.R",
    paste("#", R.version.string),
    paste("# package survival", packageVersion("survival")),
    paste("# package boot", packageVersion("boot")),
    "quantity,place,value"
)
writeLines(c(head, out), file.path(folder, "r-agreement.csv"))
