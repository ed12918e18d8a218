% SPDX-License-Identifier: Apache-2.0
% How long pumps last, and a band of days over patients, from a dataset of thecasim, in Octave.
%
%   octave --no-gui read_dataset.m DATASET.h5 FIELD FIGURE.svg      FIELD: of table daily, as lumbar_ng_per_ml
%
% Debian: octave, gnuplot-nox, fonts-freefont-otf. Prints the same lines as the examples in Python and R. Octave reads groups of numbers; it does not
% read attributes nor texts, so that only the tables that are needed are loaded, and the number of a name stands here.
HORIZON_REACHED = 13; % sim/dataset/DATASET.md, names of reasons
argument = argv();
field = argument{2};
data = load("-hdf5", argument{1}, "pumps", "daily");
ended = double(data.pumps.end(:)) != HORIZON_REACHED;
years = (double(data.pumps.ended_ms(:)) - double(data.pumps.implanted_ms(:))) / (365.25 * 86400e3);
day = double(data.daily.day(:));
value = double(data.daily.(field)(:));

% Kaplan and Meier: at each time at which pumps ended, the share of those at risk that did not.
time = unique(years(ended));
left = cumprod(1 - arrayfun(@(t) sum(ended & years == t) / sum(years >= t), time));
for year = 1:floor(max(years))
  printf("survival,%d,%.10f\n", year, [1; left](sum(time <= year) + 1));
end

% Quantiles over patients, day by day; days without a value are left out.
known = !isnan(value);
days = unique(day(known));
band = zeros(numel(days), 3);
for i = 1:numel(days)
  band(i, :) = quantile(value(known & day == days(i)), [0.05; 0.5; 0.95], 1, 7);
end
for i = 1:30:numel(days)
  printf("band,%d,%.10g,%.10g,%.10g\n", days(i), band(i, :));
end

warning("off", "Octave:gnuplot-graphics");
graphics_toolkit("gnuplot");
picture = figure("visible", "off");
subplot(2, 1, 1);
stairs([0; time; max(years)], [1; left; [1; left](end)]);
ylim([0, 1.02]); xlabel("years since implant"); ylabel("share of pumps in place"); title("Lives of pumps, simulated");
subplot(2, 1, 2);
plot(days, band(:, 2), "k", days, band(:, [1, 3]), "b");
xlabel("days since enrolment"); ylabel(strrep(field, "_", " ")); title("Day by day, simulated");
print(picture, argument{3}, "-dsvg");
