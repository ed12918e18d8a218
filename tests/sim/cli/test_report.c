/* SPDX-License-Identifier: Apache-2.0 */
/* `thecasim report` as a user meets it: what is written, what is refused and how it says so, and nothing left behind. */
#define _XOPEN_SOURCE 700
#include <criterion/criterion.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/folder.h"

static char out[4096], err[4096];

/* Runs a line of the shell in the test's folder; $P is the program, $R the folder of the tree. Returns its exit code. */
static int shell(const char *text)
{
    char line[2048], root[512];
    const char *build = getenv("BUILD");
    cr_assert_not_null(getcwd(root, sizeof root));
    (void)snprintf(line, sizeof line,
                   "R='%s'; P=\"$R/%.60s/thecasim\"; cd '%s' && { %.700s ; } >out 2>err", root,
                   build != NULL ? build : "build/release", folder_of_test(), text);
    const int status = system(line);
    folder_read("out", out, sizeof out);
    folder_read("err", err, sizeof err);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

static void expect(int code, const char *line, const char *said)
{
    cr_expect_eq(shell(line), code, "%s\n%s%s", line, out, err);
    cr_expect_not_null(strstr(code == 0 ? out : err, said), "%s\nis not in\n%s%s", said, out, err);
}

static void begin(void)
{
    cr_assert_eq(shell("$P run $R/configs/baclofen-maintenance.yaml --set study.patients=4 "
                       "--set study.horizon='40 day' --set 'events=[]' -o d.h5"),
                 0, "%s", err);
}

TestSuite(report, .init = begin);

static bool exists(const char *name)
{
    char path[256];
    return access(folder_path(path, sizeof path, name), F_OK) == 0;
}

Test(report, writes_a_page_beside_where_it_is_called)
{
    expect(0, "$P report d.h5", "d.html\n");
    cr_expect_str_empty(err);
    expect(0, "head -c 15 d.html", "<!DOCTYPE html>");
    expect(0, "tail -c 8 d.html", "</html>");
}

Test(report, keeps_what_is_there_unless_forced)
{
    expect(0, "echo mine > p.html", "");
    expect(2, "$P report d.h5 -o p.html", "p.html exists already; --force");
    expect(0, "cat p.html", "mine");
    expect(0, "$P report d.h5 -o p.html --force", "p.html");
    expect(0, "grep -c mine p.html || echo gone", "gone");
}

Test(report, a_figure_is_svg_or_png_by_its_name)
{
    expect(0, "$P report d.h5 --figure lumbar -o l.svg && grep -o '<text>simulated' l.svg",
           "simulated");
    expect(0, "$P report d.h5 --figure reservoir -o r.png && head -c 4 r.png | od -c", "P   N   G");
    expect(0, "$P report d.h5 --figure tone", "d.svg");
    expect(2, "$P report d.h5 --figure lumbar -o l.pdf", "a figure is a .svg or a .png");
    cr_expect_not(exists("l.pdf"));
}

Test(report, an_unknown_figure_is_answered_with_the_names)
{
    expect(2, "$P report d.h5 --figure tonus -o t.svg",
           "no figure is called 'tonus'; there are dose, tone,");
    cr_expect_not(exists("t.svg"));
}

Test(report, a_figure_of_what_is_not_there_says_so)
{
    expect(1, "$P report d.h5 --figure pump-causes -o c.svg",
           "has nothing that figure 'pump-causes'");
    cr_expect_not(exists("c.svg"));
}

Test(report, what_is_no_whole_dataset_is_named_and_nothing_is_written)
{
    expect(1, "echo letter > x.h5; $P report x.h5 -o p.html", "x.h5");
    expect(1, "$P report absent.h5 -o p.html", "absent.h5");
    expect(1, "head -c 20000 d.h5 > cut.h5; $P report cut.h5 -o p.html", "cut.h5");
    expect(1, "$P replay d.h5 --patient 1 -o t.h5 >log && $P report t.h5 -o p.html",
           "a trace of one patient");
    expect(1, "$P report d.h5 --validation d.h5 -o p.html", "d.h5");
    expect(1, "$P report d.h5 -o absent/p.html", "absent/p.html");
    cr_expect_not(exists("p.html"));
    cr_expect_not(exists("p.html.partial"));
}

Test(report, a_full_disk_leaves_nothing)
{
    expect(1, "ulimit -f 100; $P report d.h5 -o p.html", "space");
    cr_expect_not(exists("p.html"));
    cr_expect_not(exists("p.html.partial"));
}

Test(report, without_gnuplot_it_says_what_to_install)
{
    expect(1, "PATH=/nowhere $P report d.h5 -o p.html", "gnuplot-nox");
    cr_expect_not(exists("p.html"));
}

Test(report, a_drawing_that_is_cut_short_is_no_figure)
{
    expect(0,
           "mkdir bin && printf '#!/bin/sh\\ngnuplot=$(PATH=/usr/bin:/bin command -v gnuplot)\\n"
           "$gnuplot \"$@\" | head -c 3000\\n' >bin/gnuplot && chmod +x bin/gnuplot",
           "");
    expect(1, "PATH=\"$PWD/bin:$PATH\" $P report d.h5 -o p.html", "is not whole; free some space");
    expect(1, "PATH=\"$PWD/bin:$PATH\" $P report d.h5 --figure dose -o f.png", "is not whole");
    cr_expect_not(exists("p.html"));
    cr_expect_not(exists("f.png"));
}

Test(report, the_rows_of_a_validation_stand_in_the_page_by_role)
{
    expect(
        0,
        "printf '%s\\n' 'validation: {name: v, title: A validation}' 'runs:' '  - name: one' "
        "'    quick: 4' '    config: {study: {name: s, patients: 4, horizon: 400 day}, drugs: "
        "[{name: baclofen, concentration: 2000 ug/mL}], pump: {fill: 20 mL}, therapy: {dose: 96 "
        "ug/day}, catheter: {tip: T10}, body: {model: none}}' 'observed:' '  - {id: R.1, what: "
        "free of <events>, of: [one], estimator: pump_event_free_lowest, unit: \"1\", value: 0.9, "
        "interval: [0.5, 1], rule: published, role: emergent, gate: false, source: A journal}' > "
        "v.yaml; $P validate v.yaml -o v.h5 >log 2>&1; "
        "$P report d.h5 --validation v.h5 -o p.html && grep -o 'free of &lt;events&gt;' p.html",
        "free of");
    expect(0, "grep -o 'emergent: nothing was set by it' p.html", "emergent");
}
