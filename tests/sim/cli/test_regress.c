/* SPDX-License-Identifier: Apache-2.0 */
/* `thecasim regress` as a user meets it: verdicts, exit codes, and cores that misbehave. */
#define _XOPEN_SOURCE 700
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/folder.h"

#define CORES "tests/sim/host/cores/"

static char out[65536], err[65536];

/* A pump that runs low after two days, so that it sounds a tone; two patients, three days. */
static void begin(void)
{
    char path[256];
    FILE *f = fopen(folder_path(path, sizeof path, "s.yaml"), "w");
    cr_assert_not_null(f);
    fputs("suite: {name: s, title: A suite, cpu: 1 s}\n"
          "scenarios:\n  - name: low\n    covers: [REQ-RESERVOIR-01]\n    config:\n"
          "      study: {name: t, patients: 2, horizon: 3 day, seed: 5}\n"
          "      drugs: [{name: baclofen, concentration: 500 ug/mL}]\n"
          "      pump: {fill: 3 mL, low_alarm: 2 mL}\n      therapy: {dose: 300 ug/day}\n"
          "      catheter: {tip: T10}\n"
          "      events:\n        - {at: 6 h, order: bolus, amount: 10 ug}\n"
          "        - {at: 70 h, order: bolus, amount: 10 ug}\n",
          f);
    (void)fclose(f);
}

/* Runs `thecasim regress ARGUMENTS` in the test's folder against a test core; returns its exit code. A crash is a crash under a
 * sanitizer, too. */
static int run(const char *arguments, const char *core)
{
    char line[4096], root[1024], candidate[1400] = "";
    const char *build = getenv("BUILD");
    build = build != NULL ? build : "build/release";
    cr_assert_not_null(getcwd(root, sizeof root));
    if (core != NULL) {
        (void)snprintf(candidate, sizeof candidate, "--candidate '%s/%.60s/" CORES "%.40s.so'",
                       root, build, core);
    }
    (void)snprintf(line, sizeof line,
                   "cd '%s' && ASAN_OPTIONS=$ASAN_OPTIONS:handle_segv=0 '%s/%.60s/thecasim' "
                   "regress %.400s %s >out 2>err",
                   folder_of_test(), root, build, arguments, candidate);
    const int status = system(line);
    folder_read("out", out, sizeof out);
    folder_read("err", err, sizeof err);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

static void expect(int code, const char *core, const char *words)
{
    cr_expect_eq(run("s.yaml", core), code, "%s: %s%s", core, out, err);
    cr_expect_not_null(strstr(out, words), "%s\nis not in\n%s", words, out);
}

TestSuite(regress, .init = begin);

Test(regress, a_core_against_itself_differs_in_nothing)
{
    expect(0, NULL, "PASS: nothing differs");
    expect(0, "same", "PASS: nothing differs");
    cr_expect_null(strstr(out, "--baseline"), "a core that is built in is no file");
}

Test(regress, tones_that_sound_longer_are_named_and_nothing_is_claimed_about_patients)
{
    expect(1, "louder", "FAIL: the device differs, no patient does");
    cr_expect_not_null(strstr(out, "calls of sound"));
    cr_expect_null(strstr(out, "volume of"));
}

Test(regress, a_pulse_less_in_a_hundred_trains_is_found_in_the_volume_and_to_the_call)
{
    expect(1, "fewer", "volume of 24 h");
    cr_expect_not_null(strstr(out, "> day"));
    cr_expect_not_null(strstr(out, "motor_arm("));
}

Test(regress, the_first_patients_alone_are_lived_and_the_replay_says_so)
{
    cr_expect_eq(run("s.yaml --patients 1", "fewer"), 1);
    cr_expect_not_null(strstr(out, "     1  1 different\n"), "%s", out);
    cr_expect_not_null(strstr(out, "replay: thecasim regress s.yaml --patients 1 --candidate "),
                       "%s", out);
}

Test(regress, a_crash_is_a_verdict_with_the_call_it_came_after)
{
    expect(1, "crashes", "candidate crashed: Segmentation fault, after");
    cr_expect_not_null(strstr(out, "2 broken"));
    cr_expect_not_null(strstr(out, "(crashed)"));
}

Test(regress, an_endless_loop_is_a_verdict)
{
    expect(1, "endless", "candidate endless, after");
}

Test(regress, a_file_that_is_no_core_and_another_abi_are_verdicts_of_the_candidate)
{
    cr_expect_eq(run("s.yaml --candidate s.yaml", NULL), 1);
    cr_expect_not_null(strstr(out, "FAIL: the candidate cannot be loaded"), "%s", out);
    expect(1, "abi2", "FAIL: the candidate cannot be loaded");
    cr_expect_eq(run("s.yaml --baseline s.yaml", NULL), 2);
    cr_expect_eq(run("s.yaml --baseline s.yaml --candidate s.yaml", NULL), 2);
}

Test(regress, a_core_that_ends_its_process_as_it_is_loaded_is_told_of_whatever_is_asked)
{
    static const char *const asked[] = {"s.yaml", "s.yaml --golden g.txt --write",
                                        "s.yaml --record s.calls"};
    for (size_t i = 0; i < sizeof asked / sizeof asked[0]; i++) {
        cr_expect_eq(run(asked[i], "stillborn"), 1, "%s: %s", asked[i], out);
        cr_expect_not_null(strstr(err, "witness ended before unit"), "%s: %s", asked[i], err);
    }
}

Test(regress, reports_for_programs_say_the_same)
{
    cr_expect_eq(run("s.yaml --json --junit j.xml", "fewer"), 1);
    cr_expect_not_null(strstr(out, "\"passes\": false"));
    cr_expect_not_null(strstr(out, "\"REQ-RESERVOIR-01\""), "%s", out);
    cr_expect_not_null(strstr(out, "\"what\": \"volume of 24 h\""));
    folder_read("j.xml", out, sizeof out);
    cr_expect_not_null(
        strstr(out, "<testsuite name=\"low\" tests=\"2\" failures=\"2\" errors=\"0\">"));
    cr_expect_eq(run("s.yaml --junit nowhere/j.xml", NULL), 1);
}

/* Of three days, two boluses and two patients only what is needed for the hundredth train is left. */
Test(regress, a_difference_is_shrunk_to_a_suite_that_shows_it_by_itself)
{
    cr_expect_eq(run("s.yaml --shrink small.yaml", "fewer"), 1);
    cr_expect_not_null(strstr(err, "shrunk to"), "%s", err);
    folder_read("small.yaml", err, sizeof err);
    cr_expect_not_null(strstr(err, "patient: 1\n"));
    cr_expect_not_null(strstr(err, "horizon: 64 h"), "%s", err);
    cr_expect_null(strstr(err, "order: bolus"), "%s", err);
    cr_expect_eq(run("small.yaml", "fewer"), 1);
    cr_expect_not_null(strstr(out, "motor_arm(64, 36000) = 0                       motor_arm(63"),
                       "%s", out);
    cr_expect_eq(run("small.yaml", "same"), 0);
    cr_expect_eq(access("small.yaml.trial", F_OK), -1);
}

Test(regress, what_passes_is_not_shrunk)
{
    cr_expect_eq(run("s.yaml --shrink small.yaml", "same"), 0);
    folder_read("out", err, sizeof err);
    cr_expect_null(strstr(err, "shrunk"));
}

Test(regress, a_golden_trace_is_made_once_and_holds_every_later_core_against_it)
{
    cr_expect_eq(run("s.yaml --golden g.txt", NULL),
                 1); /* there is none, and it is not made unasked */
    cr_expect_eq(run("s.yaml --golden g.txt --write", NULL), 0);
    cr_expect_not_null(strstr(out, "+ life low 1 reference lived calls"), "%s", out);
    cr_expect_eq(run("s.yaml --golden g.txt", "same"), 0);
    cr_expect_not_null(strstr(out, "PASS"));
    cr_expect_eq(run("s.yaml --golden g.txt", "fewer"), 1);
    cr_expect_not_null(strstr(out, "FAIL"));
    cr_expect_eq(run("s.yaml --golden g.txt", "crashes"), 1);
    cr_expect_not_null(strstr(out, "+ life low 1 reference crashed"), "%s", out);
    cr_expect_eq(run("s.yaml --golden g.txt --write", "fewer"), 0);
    cr_expect_not_null(strstr(out, "review"));
    cr_expect_eq(run("s.yaml --golden g.txt", "fewer"), 0);
}

/* The real core against itself lives through whatever is drawn; one with a fault does not, and the same seed finds it again. */
Test(regress, drawn_scenarios_find_a_fault_and_shrink_it)
{
    static char first[65536];
    cr_expect_eq(run("s.yaml --search 20 --seed 7", NULL), 0, "%s", out);
    cr_expect_not_null(strstr(out, "search-19"));
    cr_expect_eq(run("s.yaml --search 20 --seed 7 --shrink f.yaml", "crashes"), 1);
    memcpy(first, out, sizeof first);
    cr_expect_eq(run("f.yaml", "crashes"), 1);
    cr_expect_not_null(strstr(out, "(crashed)"));
    (void)run("s.yaml --search 20 --seed 7", "crashes");
    cr_expect_str_eq(first, out);
    (void)run("s.yaml --search 20 --seed 8", "crashes");
    cr_expect_str_neq(first, out);
}

static void write_population(const char *how)
{
    char path[256];
    FILE *f = fopen(folder_path(path, sizeof path, "p.yaml"), "w");
    cr_assert_not_null(f);
    fprintf(f,
            "suite: {name: p, title: A suite}\npopulation: {%s}\n"
            "scenarios:\n  - name: many\n    levels: [population]\n    config:\n"
            "      study: {name: t, patients: 12, horizon: 3 day, seed: 5}\n"
            "      drugs: [{name: baclofen, concentration: 500 ug/mL}]\n"
            "      therapy: {dose: 300 ug/day}\n      catheter: {tip: T10}\n"
            "      body: {model: none}\n",
            how);
    (void)fclose(f);
}

/* A pulse less in a hundred trains shows within patients, and drowns among others. */
Test(regress, populations_are_compared_within_patients_or_between_groups)
{
    write_population("outcome: volume_ratio");
    cr_expect_eq(run("p.yaml", "same"), 0);
    cr_expect_not_null(strstr(out, "PASS: nothing differs"), "%s", out);
    cr_expect_eq(run("p.yaml", "fewer"), 1);
    cr_expect_not_null(strstr(out, "FAIL: populations differ"), "%s", out);
    cr_expect_eq(run("p.yaml --json", "fewer"), 1);
    cr_expect_not_null(strstr(out, "\"population\": true"), "%s", out);
    cr_expect_not_null(strstr(out, "\"outcome\": \"volume_ratio\""), "%s", out);
    write_population("outcome: volume_ratio, unpaired: true");
    cr_expect_eq(run("p.yaml", "fewer"), 0, "%s", out);
    cr_expect_not_null(strstr(out, "two cohorts of other people"));
    write_population("outcome: happiness");
    cr_expect_eq(run("p.yaml", NULL), 1);
    cr_expect_not_null(strstr(err, "happiness is none of"), "%s", err);
}

/* Where populations alone differ each life passes: without a case of their own a builder would see no failure. */
Test(regress, a_population_that_differs_fails_a_test_case)
{
    write_population("outcome: volume_ratio");
    cr_expect_eq(run("p.yaml --junit p.xml", "fewer"), 1);
    folder_read("p.xml", out, sizeof out);
    cr_expect_not_null(
        strstr(out, "<testsuite name=\"many\" tests=\"12\" failures=\"0\" errors=\"0\">"), "%s",
        out);
    const char *suite =
        strstr(out, "<testsuite name=\"populations\" tests=\"1\" failures=\"1\" errors=\"0\">");
    cr_assert_not_null(suite, "%s", out);
    cr_expect_not_null(
        strstr(suite, "<testcase classname=\"many\" name=\"population, arm reference\">"), "%s",
        suite);
    cr_expect_not_null(strstr(suite, "<failure message=\"populations differ\">population of many"));
    cr_expect_not_null(strstr(suite, "* delivered / commanded"), "%s", suite);
    cr_expect_eq(run("p.yaml --junit p.xml", "same"), 0);
    folder_read("p.xml", out, sizeof out);
    cr_expect_not_null(
        strstr(out, "<testsuite name=\"populations\" tests=\"1\" failures=\"0\" errors=\"0\">"));
    cr_expect_null(strstr(out, "<failure"));
}

Test(regress, wrong_use_is_told)
{
    cr_expect_eq(run("s.yaml --search 513", NULL), 2);
    cr_expect_eq(run("s.yaml --write", NULL), 2);
    cr_expect_eq(run("s.yaml --departures d.yaml --search 3", NULL), 2);
    cr_expect_not_null(strstr(err, "--departures names"), "%s", err);
    cr_expect_eq(run("s.yaml --departures d.yaml --golden g.txt", NULL), 2);
    cr_expect_not_null(strstr(err, "--golden takes"), "%s", err);
    cr_expect_eq(run("s.yaml --departures d.yaml --record s.calls", NULL), 2);
    cr_expect_not_null(strstr(err, "--record compares nothing"), "%s", err);
    cr_expect_eq(run("s.yaml --golden g.txt --json", NULL), 2);
    cr_expect_eq(run("none.yaml", NULL), 2);
    cr_expect_eq(run("", NULL), 2);
    cr_expect_eq(run("s.yaml --jobs 2000", NULL), 2);
}

Test(regress, the_verdict_is_the_same_with_any_number_of_processes)
{
    static char one[65536];
    (void)run("s.yaml --jobs 1", "fewer");
    memcpy(one, out, sizeof one);
    (void)run("s.yaml --jobs 7", "fewer");
    cr_expect_str_eq(one, out);
}

/* Leads the real core through a recording; returns the exit code. */
static int replay(const char *recording)
{
    char line[4096];
    const char *build = getenv("BUILD");
    (void)snprintf(line, sizeof line, "%.60s/tests/target/replay '%s/%s' >'%s/out'",
                   build != NULL ? build : "build/release", folder_of_test(), recording,
                   folder_of_test());
    const int status = system(line);
    folder_read("out", out, sizeof out);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

/* The core that replays is the real one, so that whatever was recorded of another is a difference of its own. */
Test(regress, a_recording_leads_the_same_core_through_and_stops_at_the_first_call_of_another)
{
    cr_expect_eq(run("s.yaml --record same.calls", "same"), 0);
    cr_expect_not_null(strstr(out, "same.calls: 2 lives"), "%s", out);
    cr_expect_eq(replay("same.calls"), 0, "%s", out);
    cr_expect_not_null(strstr(out, "nothing differs: 2 lives"), "%s", out);
    cr_expect_eq(run("s.yaml --record fewer.calls", "fewer"), 0);
    cr_expect_eq(replay("fewer.calls"), 1);
    cr_expect_not_null(strstr(out, "differs: low, patient 1, reference, after "), "%s", out);
    cr_expect_not_null(strstr(out, "recorded  motor_arm(63, 36000)\n"), "%s", out);
    cr_expect_not_null(strstr(out, "here      motor_arm(64, 36000)\n"), "%s", out);
    cr_expect_eq(run("s.yaml --record crash.calls", "crashes"), 1);
    cr_expect_not_null(strstr(err, "the core crashed; nothing is recorded"), "%s", err);
    cr_expect_eq(replay("crash.calls"), 2);
    cr_expect_eq(run("s.yaml --record abi.calls", "abi2"), 1);
    cr_expect_not_null(strstr(out, "cannot be loaded"), "%s", out);
    cr_expect_eq(run("s.yaml --record same.calls --json", NULL), 2);
}

/* Bits that flip in memory are in no call: a life of them is left out, and a suite of nothing else is no recording. */
Test(regress, what_no_call_tells_of_is_not_recorded)
{
    char path[256];
    FILE *f = fopen(folder_path(path, sizeof path, "m.yaml"), "w");
    cr_assert_not_null(f);
    fputs("suite: {name: m, title: A suite, cpu: 1 s}\n"
          "scenarios:\n  - name: flips\n    config:\n"
          "      study: {name: t, patients: 1, horizon: 1 day, seed: 5}\n"
          "      drugs: [{name: baclofen, concentration: 500 ug/mL}]\n"
          "      therapy: {dose: 300 ug/day}\n      catheter: {tip: T10}\n"
          "      body: {model: none}\n"
          "      events: [{at: 6 h, order: fault, fault: memory_flip, severity: 1}]\n",
          f);
    (void)fclose(f);
    cr_expect_eq(run("m.yaml --record m.calls", NULL), 1);
    cr_expect_not_null(strstr(err, "nothing is recorded"), "%s", err);
    cr_expect_eq(access(folder_path(path, sizeof path, "m.calls"), F_OK), -1);
}

Test(regress, a_recording_that_is_torn_is_none)
{
    char path[256];
    cr_expect_eq(run("s.yaml --record torn.calls", NULL), 0);
    cr_assert_eq(truncate(folder_path(path, sizeof path, "torn.calls"), 100000), 0);
    cr_expect_eq(replay("torn.calls"), 2);
    cr_expect_not_null(strstr(out, "it is torn"), "%s", out);
    cr_expect_eq(replay("s.yaml"), 2);
}

Test(regress, a_permille_of_the_pulses_is_seen_by_smoke_in_the_volume_of_a_day)
{
    char line[1400], root[1024];
    cr_assert_not_null(getcwd(root, sizeof root));
    (void)snprintf(line, sizeof line, "'%.1000s/configs/regress/smoke.yaml'", root);
    cr_expect_eq(run(line, "permille"), 1);
    cr_expect_not_null(strstr(out, "simple-continuous                     2  2 different"), "%s",
                       out);
    cr_expect_not_null(strstr(out, "device and patients differ; calls of motor"));
    cr_expect_not_null(strstr(out, "device   volume of 24 h"));
}

/* How often `what` stands in a text. */
static int count(const char *text, const char *what)
{
    int n = 0;
    for (const char *at = text; (at = strstr(at, what)) != NULL; at += strlen(what)) {
        n++;
    }
    return n;
}

/* What stands in the page is what the text says; nothing in it leads into the network, and what opens closes. */
Test(regress, the_page_says_what_differs_and_asks_the_network_for_nothing)
{
    static char page[262144];
    cr_expect_eq(run("s.yaml --page p.html", "fewer"), 1);
    folder_read("p.html", page, sizeof page);
    cr_expect_not_null(strstr(page, "FAIL: device and patients differ"), "%.2000s", page);
    cr_expect_not_null(strstr(page, "<strong class=\"badge\">simulated</strong>"));
    cr_expect_not_null(strstr(page, "REQ-RESERVOIR-01"));
    cr_expect_not_null(strstr(page, "motor_arm(63, 36000)"));
    cr_expect_not_null(strstr(page, "volume of 24 h"));
    cr_expect_not_null(strstr(page, "thecasim regress s.yaml --candidate "));
    cr_expect_null(strstr(page, "http://"));
    cr_expect_null(strstr(page, "https://"));
    cr_expect_eq(count(page, "<details>"), count(page, "</details>"));
    cr_expect_eq(count(page, "<tr"), count(page, "</tr>"));
    cr_expect_eq(count(page, "<section"), count(page, "</section>"));
    cr_expect_eq(run("s.yaml --page p.html", "same"), 0);
    folder_read("p.html", page, sizeof page);
    cr_expect_not_null(strstr(page, "PASS: nothing differs"));
    cr_expect_null(strstr(page, "DIFFERENT"));
    cr_expect_eq(run("s.yaml --page nowhere/p.html", "same"), 1);
}

Test(regress, the_page_draws_populations_with_their_intervals)
{
    static char page[262144];
    write_population("outcome: volume_ratio");
    cr_expect_eq(run("p.yaml --page p.html", "fewer"), 1);
    folder_read("p.html", page, sizeof page);
    cr_expect_not_null(strstr(page, "<svg viewBox="));
    cr_expect_not_null(strstr(page, "delivered / commanded"));
    cr_expect_not_null(strstr(page, "DIFFERENT"));
    cr_expect_null(strstr(page, "=\"nan"));
    cr_expect_null(strstr(page, "inf\""));
}

static void write_departures(const char *text)
{
    char path[256];
    FILE *f = fopen(folder_path(path, sizeof path, "d.yaml"), "w");
    cr_assert_not_null(f);
    fputs(text, f);
    (void)fclose(f);
}

#define DEPARTS "scenarios: [{name: low, why: Because it is made so}]\n"

Test(regress, what_differs_by_design_passes_and_what_no_longer_does_is_told)
{
    write_departures("core: {title: A core}\n" DEPARTS);
    cr_expect_eq(run("s.yaml --departures d.yaml", "fewer"), 0, "%s%s", out, err);
    cr_expect_not_null(strstr(out, "by design: Because it is made so"));
    cr_expect_not_null(strstr(out, "PASS: 0 lives are within what is allowed, 2 differ by design"),
                       "%s", out);
    cr_expect_eq(run("s.yaml --departures d.yaml", "same"), 1);
    cr_expect_not_null(strstr(out, "FAIL: low is said to differ by design, and does not"), "%s",
                       out);
    cr_expect_eq(run("s.yaml --departures d.yaml", "crashes"), 1);
    cr_expect_not_null(strstr(out, "2 broken"), "a crash is no design: %s", out);
    write_departures("core: {title: A core}\nscenarios: [{name: other, why: Because}]\n");
    cr_expect_eq(run("s.yaml --departures d.yaml", "same"), 2);
    cr_expect_not_null(strstr(err, "suite s has no scenario other"), "%s", err);
    write_departures("core: {title: A core}\nscenarios: [{name: low}]\n");
    cr_expect_eq(run("s.yaml --departures d.yaml", "same"), 2);
    cr_expect_not_null(strstr(err, "why"), "%s", err);
}

/* The lives of a core that no longer differs all pass, and the departure that is stale does not. */
Test(regress, a_stale_departure_fails_a_test_case_and_is_in_json)
{
    write_departures("core: {title: A core}\n" DEPARTS);
    cr_expect_eq(run("s.yaml --departures d.yaml --json --junit d.xml", "same"), 1);
    cr_expect_not_null(strstr(out, "\"why\": \"Because it is made so\",\n   \"departs\": false"),
                       "%s", out);
    folder_read("d.xml", out, sizeof out);
    cr_expect_not_null(
        strstr(out, "<testsuite name=\"low\" tests=\"2\" failures=\"0\" errors=\"0\">"), "%s", out);
    cr_expect_not_null(
        strstr(out, "<testsuite name=\"departures\" tests=\"1\" failures=\"1\" errors=\"0\">"));
    cr_expect_not_null(strstr(out, "<failure message=\"said to differ by design, and does not\">"
                                   "Because it is made so</failure>"),
                       "%s", out);
    cr_expect_eq(run("s.yaml --departures d.yaml --json --junit d.xml", "fewer"), 0);
    cr_expect_not_null(strstr(out, "\"departs\": true"), "%s", out);
    folder_read("d.xml", out, sizeof out);
    cr_expect_not_null(strstr(out, "<testcase classname=\"low\" name=\"differs by design\"/>"));
    cr_expect_null(strstr(out, "<failure"));
    (void)run("s.yaml --junit d.xml", "same");
    folder_read("d.xml", out, sizeof out);
    cr_expect_null(strstr(out, "departures"));
    cr_expect_null(strstr(out, "populations"));
}

/* Whether a value differs by more than is allowed, by the report for programs. */
static bool is_beyond(const char *what)
{
    char key[80];
    (void)run("s.yaml --json --departures d.yaml", "fewer");
    (void)snprintf(key, sizeof key, "\"what\": \"%s\"", what);
    const char *found = strstr(out, key);
    cr_assert_not_null(found, "%s", out);
    return strncmp(strstr(found, "\"beyond\": ") + 10, "true", 4) == 0;
}

/* A pulse less in a hundred trains: within what is allowed where pulses are, and not where only a share of a day is, and a small one. */
Test(regress, tolerances_and_what_is_left_out_are_those_of_the_departures)
{
    write_departures("core: {title: A core}\ntolerance: {volume: 0.00001, pulses: 0.1}\n");
    (void)run("s.yaml --departures d.yaml", "fewer");
    cr_expect_not_null(strstr(err, "pulses"), "%s", err);
    write_departures("core: {title: A core}\n");
    cr_expect(is_beyond("volume of 24 h"));
    write_departures("core: {title: A core}\ntolerance: {volume: 0.00001, pulses: 50}\n");
    cr_expect_not(is_beyond("volume of 24 h"));
    write_departures("core: {title: A core}\ntolerance: {volume: 0.01}\n");
    cr_expect_eq(run("s.yaml --departures d.yaml", "louder"), 1, "%s", out);
    write_departures("core: {title: A core}\ntolerance: {volume: 0.01}\n"
                     "left_out: [{what: \"event tone: time_ms\", why: It sounds twice}]\n");
    cr_expect_eq(run("s.yaml --departures d.yaml", "louder"), 0, "%s", out);
}

/* What a core's pulses and wakes draw: a millionth of a millionth of the cell's charge is no room for it, a pulse is. */
Test(regress, the_charge_of_a_cell_may_differ_by_what_pulses_draw)
{
    write_departures("core: {title: A core}\n");
    cr_expect(is_beyond("pumps/charge_used_mah"));
    write_departures("core: {title: A core}\ntolerance: {volume: 0.000000000001}\n");
    cr_expect_not(is_beyond("pumps/charge_used_mah"));
    cr_expect_not_null(strstr(out, "\"level\": \"device\",\n     \"what\": \"pumps/charge"), "%s",
                       out);
}

/* A day with the baseline's core, then a reset into the candidate, which finds the store that was left. */
static void write_upgrade(void)
{
    char path[256];
    FILE *f = fopen(folder_path(path, sizeof path, "u.yaml"), "w");
    cr_assert_not_null(f);
    fputs("suite: {name: u, title: An upgrade, cpu: 1 s}\n"
          "scenarios:\n  - name: boots\n    upgrade: true\n    config:\n"
          "      study: {name: t, patients: 1, horizon: 3 day, seed: 5}\n"
          "      drugs: [{name: baclofen, concentration: 500 ug/mL}]\n"
          "      therapy: {dose: 300 ug/day}\n      catheter: {tip: T10}\n"
          "      body: {model: none}\n"
          "      events: [{at: 30.3 h, order: fault, fault: pump_reset, severity: 4}]\n",
          f);
    (void)fclose(f);
}

Test(regress, a_candidate_boots_on_the_store_that_the_baseline_left)
{
    write_upgrade();
    cr_expect_eq(run("u.yaml", "same"), 0, "%s", out);
    cr_expect_eq(run("u.yaml", "crashes"), 1);
    cr_expect_not_null(strstr(out, "candidate crashed: Segmentation fault, after"), "%s", out);
    /* The first call that differs is one after the reset, though the candidate alone would part on the first day. */
    cr_expect_eq(run("u.yaml", "permille"), 1, "%s", out);
    cr_expect_not_null(strstr(out, "> day 1 "), "%s", out);
}

/* A core of another make cannot read that store: it gives nothing by it, and says so at once. */
Test(regress, a_candidate_of_another_make_gives_nothing_by_a_store_that_it_cannot_read)
{
    char line[1400], root[1024];
    const char *build = getenv("BUILD");
    write_upgrade();
    cr_assert_not_null(getcwd(root, sizeof root));
    (void)snprintf(line, sizeof line,
                   "u.yaml --candidate '%.1000s/%.60s/tests/second-core/second-core.so'", root,
                   build != NULL ? build : "build/release");
    cr_expect_eq(run(line, NULL), 1);
    cr_expect_not_null(strstr(out, "> day 1 06:17:59."), "%s", out);
    cr_expect_not_null(strstr(out, "volume of 24 h: 0.592069187 -> 0 mL"), "%s", out);
    cr_expect_not_null(strstr(out, "event tone: time_ms: nothing -> 116280031 ms"), "%s", out);
}
