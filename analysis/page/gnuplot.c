/* SPDX-License-Identifier: Apache-2.0 */
/* Starts gnuplot with files as its three streams: nothing to deadlock on, and nothing left behind. */
#include "page/gnuplot.h"

#include <errno.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static int start(FILE *script, FILE *drawn, FILE *said, pid_t *child)
{
    static char name[] = "gnuplot", bare[] = "--default-settings";
    char *const argv[] = {name, bare, NULL};
    posix_spawn_file_actions_t actions;
    int rc = posix_spawn_file_actions_init(&actions);
    if (rc != 0) {
        return rc;
    }
    rc = posix_spawn_file_actions_adddup2(&actions, fileno(script), STDIN_FILENO);
    rc = rc != 0 ? rc : posix_spawn_file_actions_adddup2(&actions, fileno(drawn), STDOUT_FILENO);
    rc = rc != 0 ? rc : posix_spawn_file_actions_adddup2(&actions, fileno(said), STDERR_FILENO);
    rc = rc != 0 ? rc : posix_spawnp(child, name, &actions, NULL, argv, environ);
    (void)posix_spawn_file_actions_destroy(&actions);
    return rc;
}

/* Where the spawn itself could not say it, the child ends with 127. */
static int missing(error_t *e)
{
    return ERROR_RAISE(e, ERROR_LIBRARY,
                       "gnuplot, which draws the figures, cannot be started; install it "
                       "(Debian: apt-get install gnuplot-nox)");
}

static int complain(FILE *said, error_t *e)
{
    char line[160] = "it said nothing", next[160];
    rewind(said);
    while (fgets(next, sizeof next, said) != NULL) {
        next[strcspn(next, "\n")] = '\0';
        if (next[strspn(next, " ^")] != '\0') {
            (void)memcpy(line, next, sizeof line);
        }
    }
    return ERROR_RAISE(e, ERROR_LIBRARY, "gnuplot failed: %s", line);
}

static int wait_for(pid_t child, FILE *said, error_t *e)
{
    int status = 0;
    while (waitpid(child, &status, 0) < 0) {
        if (errno != EINTR) {
            return ERROR_RAISE(e, ERROR_LIBRARY, "gnuplot was lost: %s", strerror(errno));
        }
    }
    if (WIFEXITED(status) && WEXITSTATUS(status) == 127) {
        return missing(e);
    }
    return status == 0 ? 0 : complain(said, e);
}

int gnuplot_draw(FILE *script, FILE *drawn, error_t *e)
{
    FILE *said = tmpfile();
    pid_t child = 0;
    int rc;
    if (said == NULL || fflush(script) != 0 || ferror(script)) {
        rc = ERROR_RAISE(e, ERROR_FILE_WRITE,
                         "no room for a figure's script: %s; free some space in the folder for "
                         "temporary files",
                         strerror(errno));
    } else {
        /* The child reads where this descriptor stands. */
        rewind(script);
        (void)lseek(fileno(script), 0, SEEK_SET);
        rc = start(script, drawn, said, &child) != 0 ? missing(e) : wait_for(child, said, e);
    }
    if (said != NULL) {
        (void)fclose(said);
    }
    rewind(drawn);
    return rc;
}
