# SPDX-License-Identifier: Apache-2.0
# Simulates the levels of a NONMEM export again with another program: the model of CSF and plasma written down here from its
# equations, solved by deSolve's LSODE instead of modes, from the doses and covariates of the files alone. What the files do
# not tell of a person stands in the study's config.yaml beside them. Fails where a level is further off than the bound.
#
#   Rscript plasma.R FOLDER LIVES DAYS BOUND [FIGURE.svg]
#
# FOLDER: of `thecasim export --format nonmem`; LIVES: how many, from the first; BOUND: on the greatest difference of a level,
# relative to the greatest level of that life at that place.
suppressPackageStartupMessages(library(deSolve))
argument <- commandArgs(trailingOnly = TRUE)
folder <- argument[1]
lives <- as.integer(argument[2])
days <- as.numeric(argument[3])
bound <- as.numeric(argument[4])

# ---- the study: the first `key: value` of that name below a section ------------------------------------------------
config <- readLines(file.path(folder, "config.yaml"))
setting <- function(section, key) {
  from <- grep(paste0("^ *(- )?", section, ":"), config)[1]
  line <- grep(paste0("^ *", key, ": "), config[from:length(config)], value = TRUE)[1]
  gsub("\"", "", sub(paste0("^ *", key, ": *"), "", line))
}
number <- function(section, key) as.numeric(sub(" .*", "", setting(section, key)))
csf <- function(key) number("csf", key)
drug <- function(key) number("kinetics", key)

# ---- the canal: 25 levels from the sac to C1, as models/body/anatomy.h tells of them --------------------------------
lower <- 40 / 24.35
level <- data.frame(
  name = c("SAC", paste0("L", 5:1), paste0("T", 12:1), paste0("C", 7:1)),
  length = c(4.00, 3.50, 3.50, 3.50, 3.40, 3.30, 3.15, 3.15, 2.90, 2.65, 2.70, 2.65, 2.55, 2.55, 2.45, 2.30, 2.30, 2.15,
             1.70, 1.55, 1.65, 1.85, 1.85, 1.55, 2.30),
  area = c(rep(lower, 7), rep(1.10, 7), 1.086, 1.135, 1.189, 1.351, 1.380, 1.309, 1.313, 1.287, 1.378, 1.803, 2.184))
region <- c(rep("lumbar", 6), rep("thoracic", 12), rep("cervical", 7))
find_level <- function(edge, text) {
  parts <- strsplit(toupper(text), "/")[[1]]
  if (length(parts) == 2 && grepl("^[0-9]", parts[2])) parts[2] <- paste0(substr(parts[1], 1, 1), parts[2])
  at <- match(parts, level$name)
  if (length(at) == 1) mean(edge[at + 0:1]) else edge[max(at)]
}

# ---- one person's linear system dm/dt = A m, masses in ug, hours --------------------------------------------------------
person <- function(who) {
  n <- csf("cells")
  stretch <- who$CANCM / sum(level$length)
  edge <- c(0, cumsum(level$length * stretch))
  area <- level$area * who$CSFML / sum(level$area * level$length * stretch)
  dispersion <- c(lumbar = csf("dispersion_lumbar"), thoracic = csf("dispersion_thoracic"),
                  cervical = csf("dispersion_cervical"))[region] * who$DISPF
  shared <- function(from, to) pmax(0, pmin(edge[-1], to) - pmax(edge[-length(edge)], from))
  cut <- who$CANCM * 0:n / n
  centre <- (cut[-1] + cut[-(n + 1)]) / 2
  volume <- sapply(1:n, function(i) sum(area * shared(cut[i], cut[i + 1])))
  resistance <- sapply(1:n, function(i)
    sum(shared(centre[i], if (i < n) centre[i + 1] else who$CANCM) / (dispersion * area)))
  absorbed <- rep(csf("production") * csf("spinal_share") / n, n)
  flow <- -cumsum(absorbed)
  bernoulli <- function(p) ifelse(abs(p) < 1e-12, 1 - p / 2, p / expm1(p))
  up <- bernoulli(-flow * resistance) / resistance
  down <- bernoulli(flow * resistance) / resistance
  cell <- 1:n
  cord <- n + 1:n
  at <- setNames(2 * n + 1:6, c("cisternal", "cranial", "brain", "zone", "central", "peripheral"))
  A <- matrix(0, 2 * n + 6, 2 * n + 6)
  move <- function(from, to, rate) {
    A[cbind(to, from)] <<- A[cbind(to, from)] + rate
    A[cbind(from, from)] <<- A[cbind(from, from)] - rate
  }
  age <- if (who$AGE == -99) 0 else who$AGE - number("population", "age_mean")
  cranial_ml <- csf("cranial_volume") + number("population", "cranial_growth") * age
  exchange <- csf("cranial_exchange")
  head_loss <- drug("cranial_loss") * who$KLOSS / drug("loss")
  move(cell[-n], cell[-1], up[-n] / volume[-n])
  move(cell[-1], cell[-n], down[-n] / volume[-1])
  move(n, at["cisternal"], up[n] / volume[n])
  move(at["cisternal"], n, down[n] / csf("cisternal_volume"))
  move(at["cisternal"], at["cranial"], (exchange + max(flow[n], 0)) / csf("cisternal_volume"))
  move(at["cranial"], at["cisternal"], (exchange + max(-flow[n], 0)) / cranial_ml)
  move(cell, cord, rep(drug("cord_in"), n))
  move(cord, cell, rep(drug("cord_out"), n))
  move(at["cranial"], at["brain"], drug("brain_in"))
  move(at["brain"], at["cranial"], drug("brain_out"))
  for (i in cell) move(i, at["central"], who$KLOSS + max(absorbed[i], 0) / volume[i])
  move(at["cisternal"], at["central"], head_loss)
  move(at["cranial"], at["central"], head_loss + csf("production") * (1 - csf("spinal_share")) / cranial_ml)
  tip <- findInterval(who$TIPCM, cut, rightmost.closed = TRUE)
  lumbar <- findInterval(find_level(edge, setting("record", "lumbar")), cut, rightmost.closed = TRUE)
  # A level between two centres lies between those of their cells.
  place <- find_level(edge, setting("record", "lumbar"))
  low <- min(max(findInterval(place, centre), 1), n - 1)
  high_share <- min(max((place - centre[low]) / (centre[low + 1] - centre[low]), 0), 1)
  zone_ml <- csf("tip_zone_volume")
  move(at["zone"], tip, who$QTIP / zone_ml)
  central <- drug("central_volume")
  move(at["central"], at["peripheral"], drug("exchange") / central)
  move(at["peripheral"], at["central"], drug("exchange") / drug("peripheral_volume"))
  A[at["central"], at["central"]] <- A[at["central"], at["central"]] - who$CL / central
  list(A = A, into = c(at["zone"], lumbar), level = function(m, place) switch(as.character(place),
    "4" = m[at["central"]] / central,
    "2" = sum(c(1 - high_share, high_share) * m[low + 0:1] / volume[low + 0:1]) * 1000,
    "5" = (m[at["zone"]] / zone_ml + m[tip] / volume[tip]) * 1000,
    "6" = m[at["cisternal"]] / csf("cisternal_volume") * 1000))
}

# ---- one life: from event to event --------------------------------------------------------------------------------------
expanded <- function(dose) do.call(rbind, lapply(seq_len(nrow(dose)), function(i)
  data.frame(time = dose$TIME[i] + dose$II[i] * 0:dose$ADDL[i], amount = dose$AMT[i], rate = dose$RATE[i], place = dose$CMT[i])))
simulated <- function(rows) {
  p <- person(rows[1, ])
  dose <- expanded(rows[rows$EVID == 1, ])
  stopifnot(dose$place %in% 1:2)
  dose$until <- ifelse(dose$rate > 0, dose$time + dose$amount / dose$rate, dose$time)
  look <- rows[rows$EVID == 0 & rows$MDV == 0, ]
  moment <- sort(unique(round(c(0, dose$time, dose$until, look$TIME), 9)))
  moment <- moment[moment <= max(look$TIME)]
  m <- rep(0, nrow(p$A))
  got <- rep(NA, nrow(look))
  jacobian <- function(t, m, rate) p$A
  for (i in seq_along(moment)) {
    for (k in which(abs(look$TIME - moment[i]) < 1e-6)) got[k] <- p$level(m, look$CMT[k])
    for (k in which(dose$rate == 0 & abs(dose$time - moment[i]) < 1e-6))
      m[p$into[dose$place[k]]] <- m[p$into[dose$place[k]]] + dose$amount[k]
    if (i == length(moment)) break
    running <- dose$rate > 0 & dose$time < moment[i] + 1e-6 & dose$until > moment[i] + 1e-6
    source <- rep(0, length(m))
    source[p$into[1]] <- sum(dose$rate[running])
    m <- ode(m, moment[i + 0:1], function(t, m, rate) list(drop(p$A %*% m) + source), NULL, method = "lsode",
             jacfunc = jacobian, mf = 21, rtol = 1e-9, atol = 1e-9)[2, -1]
  }
  data.frame(time = look$TIME, place = look$CMT, told = look$DV, again = got)
}

# ---- all that were asked for ----------------------------------------------------------------------------------------------
table <- rbind(read.csv(file.path(folder, "plasma.csv")), read.csv(file.path(folder, "csf.csv")))
table <- table[!(duplicated(table[c("ID", "TIME", "EVID", "CMT")])), ]
table <- table[table$ID <= lives & table$TIME <= 24 * days, ]
places <- c("4" = "plasma", "2" = "lumbar", "5" = "tip", "6" = "cisternal")
worst <- 0
for (id in unique(table$ID)) {
  rows <- table[table$ID == id, ]
  life <- simulated(rows[order(rows$TIME), ])
  if (id == 1) first <- life
  for (place in names(places)) {
    one <- life[life$place == place, ]
    off <- max(abs(one$again - one$told)) / max(one$told)
    worst <- max(worst, off)
    cat(sprintf("life %d, %s: %d levels, greatest %.4g ng/mL, greatest difference %.2e of it on day %g, median %.2e\n", id,
                places[place], nrow(one), max(one$told), off, one$time[which.max(abs(one$again - one$told))] / 24,
                median(abs(one$again - one$told)) / max(one$told)))
  }
}
if (length(argument) > 4) {
  svg(argument[5], width = 8, height = 5)
  one <- first[first$place == 4, ]
  plot(one$time / 24, one$told, pch = 1, cex = 0.6, xlab = "days since enrolment", ylab = "plasma, ng/mL",
       main = "Plasma level of a life: exported, and solved again")
  lines(one$time / 24, one$again, lwd = 1.5)
  legend("bottomright", c("NONMEM export", "deSolve LSODE"), pch = c(1, NA), lty = c(NA, 1), bty = "n")
  mtext("simulated", side = 1, line = 3.5, adj = 1, cex = 0.8)
  invisible(dev.off())
}
cat(sprintf("%s: greatest difference %.2e of the greatest level, at most %g\n",
            if (worst <= bound) "the same" else "NOT the same", worst, bound))
quit(status = if (worst <= bound) 0 else 1)
