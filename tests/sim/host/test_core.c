/* SPDX-License-Identifier: Apache-2.0 */
/* Cores are loaded where they are one, and refused by name where they are not. */
#include "host/core.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "desk.h"

static desk_t desk;

/* The shared object stands beside the tests' folder in the build: build/MODE/dosing_core.so. */
static void so_path(char *path, size_t size)
{
    char self[1024] = {0};
    const ssize_t length = readlink("/proc/self/exe", self, sizeof self - 1u);
    cr_assert_gt(length, 0);
    char *tests = strstr(self, "/tests/");
    cr_assert_not_null(tests, "the test program must lie under build/MODE/tests");
    *tests = '\0';
    snprintf(path, size, "%s/dosing_core.so", self);
}

Test(core, the_shared_object_gives_the_same_trains)
{
    char path[1100];
    core_t core;
    error_t e = {0};
    so_path(path, sizeof path);
    cr_assert_eq(access(path, R_OK), 0, "%s is missing: build it with make", path);
    cr_assert_eq(core_load(path, &core, &e), 0, "%s", e.text);
    cr_expect_eq(desk_course(&desk, core, NULL, NULL),
                 desk_course(&desk, core_builtin(), NULL, NULL));
    core_close(&core);
    core_close(&core);
}

Test(core, what_is_no_core_is_refused_by_name)
{
    core_t core;
    error_t e = {0};
    cr_expect_eq(core_load("/nonexistent/core.so", &core, &e), ERROR_CORE_LOAD);
    cr_expect(strstr(e.text, "/nonexistent/core.so") != NULL, "%s", e.text);
    cr_expect_eq(core_load("/proc/self/exe", &core, &e), ERROR_CORE_LOAD);
    cr_expect_null(core.entry);
    core_close(&core);
}

Test(core, a_shared_object_without_the_symbol_is_refused)
{
    core_t core;
    error_t e = {0};
    static const char *const homes[] = {"/lib/x86_64-linux-gnu/libm.so.6",
                                        "/lib/aarch64-linux-gnu/libm.so.6", "/lib64/libm.so.6"};
    for (size_t i = 0; i < sizeof homes / sizeof homes[0]; i++) {
        if (access(homes[i], R_OK) == 0) {
            cr_expect_eq(core_load(homes[i], &core, &e), ERROR_CORE_LOAD);
            cr_expect(strstr(e.text, "no symbol dosing_entry") != NULL, "%s", e.text);
            return;
        }
    }
    cr_skip_test("no libm at a known place");
}

Test(core, every_other_abi_is_refused)
{
    error_t e = {0};
    const dosing_entry_t good = *core_builtin().entry;
    cr_expect_eq(core_check(&good, "good", &e), 0, "%s", e.text);
    dosing_entry_t bad[10];
    for (size_t i = 0; i < 10; i++) {
        bad[i] = good;
    }
    bad[0].abi_major = 2u;
    bad[1].abi_major = 0u;
    bad[2].table_size = (uint32_t)sizeof good - 1u;
    bad[3].state_align = 3u;
    bad[4].state_align = 128u;
    bad[5].state_size = 0u;
    bad[6].state_size = UINT32_MAX;
    bad[7].core_id = NULL;
    bad[8].core_id = "line\nbreak";
    bad[9].wake = NULL;
    for (size_t i = 0; i < 10; i++) {
        cr_expect_eq(core_check(&bad[i], "bad.so", &e), ERROR_CORE_ABI, "case %zu", i);
        cr_expect(strncmp(e.text, "bad.so: ", 8u) == 0, "%s", e.text);
    }
    cr_expect_eq(core_check(NULL, "bad.so", &e), ERROR_CORE_ABI);
    dosing_entry_t newer = good;
    newer.abi_minor = 9u;
    newer.table_size += 64u;
    cr_expect_eq(core_check(&newer, "newer", &e), 0, "appended members do no harm");
}
