/* SPDX-License-Identifier: Apache-2.0 */
/* What PORTING.md tells the writers of other cores is what the first core does. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "dosing_fault.h"
#include "dosing_hal.h"

#define CELLS 5

/* The cells of a row `| a | b | ... |`, trimmed; false where it has others than CELLS. */
static bool take_cells(char *line, char *cells[CELLS])
{
    int n = 0;
    for (char *cell = strtok(line, "|\n"); cell != NULL; cell = strtok(NULL, "|\n")) {
        char *end = cell + strlen(cell);
        while (*cell == ' ') {
            cell++;
        }
        while (end > cell && end[-1] == ' ') {
            *--end = '\0';
        }
        if (n == CELLS) {
            return false;
        }
        cells[n++] = cell;
    }
    return n == CELLS;
}

static const char *action_of(const dosing_fault_t *row)
{
    return row->action == DOSING_ACTION_CONTINUE ? "goes on"
           : row->action == DOSING_ACTION_STOP   ? "stops"
                                                 : "waits for a lease, tried each minute";
}

static const char *end_of(const dosing_fault_t *row)
{
    static const char *const ends[] = {"neither", "cause", "clear", "cause, clear"};
    return ends[row->ends & (DOSING_ENDS_BY_CAUSE | DOSING_ENDS_BY_CLEAR)];
}

static void is_a_row(char *cells[CELLS], uint32_t alarm)
{
    const dosing_fault_t *row = dosing_fault_row(alarm);
    const char *tone = row->tone == DOSING_TONE_CRITICAL ? "critical" : "advisory";
    cr_expect_eq(row->alarm, alarm, "%s", cells[0]);
    cr_expect_str_eq(cells[2], action_of(row), "%s", cells[0]);
    cr_expect_str_eq(cells[3], tone, "%s", cells[0]);
    cr_expect_str_eq(cells[4], end_of(row), "%s", cells[0]);
}

Test(second_porting, the_alarm_table_is_the_cores)
{
    char line[512], *cells[CELLS];
    uint32_t seen = 0;
    FILE *page = fopen("firmware-core/PORTING.md", "r");
    cr_assert_neq(page, NULL);
    while (fgets(line, sizeof line, page) != NULL) {
        unsigned alarm = 0;
        if (line[0] == '|' && take_cells(line, cells) && sscanf(cells[1], "0x%8X", &alarm) == 1) {
            is_a_row(cells, alarm);
            seen |= alarm;
        }
    }
    (void)fclose(page);
    cr_expect_eq(seen, (1u << DOSING_ALARMS) - 1u, "alarms %x of the table", seen);
}
