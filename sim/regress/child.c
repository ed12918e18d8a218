/* SPDX-License-Identifier: Apache-2.0 */
/* A process that lives patients with one core, seen from outside. */
#include "regress/child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define ARGUMENTS_MAX 24
#define NUMBER_SIZE 24

extern char **environ;

/* ---- starting ---------------------------------------------------------------------------------------------- */

/* The command line of a witness, with room for its numbers. */
typedef struct command_line_t {
    char *argv[ARGUMENTS_MAX];
    int argc;
    char number[6][NUMBER_SIZE];
    int numbers;
} command_line_t;

static void put_text(command_line_t *l, const char *text)
{
    l->argv[l->argc++] =
        (char *)(uintptr_t)text; /* posix_spawn takes char *const[], and changes none */
}

static void put_number(command_line_t *l, const char *option, int64_t number)
{
    char *text = l->number[l->numbers++];
    (void)snprintf(text, NUMBER_SIZE, "%lld", (long long)number);
    put_text(l, option);
    put_text(l, text);
}

static void put_task(command_line_t *l, const child_task_t *task)
{
    put_text(l, task->program);
    put_text(l, "witness");
    put_text(l, task->suite);
    if (task->core != NULL) {
        put_text(l, "--core");
        put_text(l, task->core);
    }
    if (task->before != NULL) {
        put_text(l, "--before");
        put_text(l, task->before);
    }
    put_number(l, "--first", (int64_t)task->first);
    put_number(l, "--stride", (int64_t)task->stride);
    put_number(l, "--most", (int64_t)task->most);
    put_number(l, "--window", task->window);
    put_number(l, "--calls", task->window_calls);
    if (task->patients > 0) {
        put_number(l, "--patients", task->patients);
    }
    if (task->others) {
        put_text(l, "--others");
    }
    l->argv[l->argc] = NULL;
}

static int spawn(child_t *c, const child_task_t *task, const int pipes[2])
{
    command_line_t line = {.argc = 0};
    posix_spawn_file_actions_t actions;
    int code = posix_spawn_file_actions_init(&actions);
    put_task(&line, task);
    if (code != 0) {
        return code;
    }
    code = posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    code = code != 0 ? code : posix_spawn_file_actions_adddup2(&actions, pipes[1], STDOUT_FILENO);
    code =
        code != 0 ? code : posix_spawn(&c->pid, task->program, &actions, NULL, line.argv, environ);
    (void)posix_spawn_file_actions_destroy(&actions);
    return code;
}

int child_start(child_t *c, const child_task_t *task, error_t *e)
{
    int pipes[2];
    memset(c, 0, sizeof *c);
    c->fd = -1;
    c->ear = task->ear;
    testimony_init(&c->testimony);
    if (pipe(pipes) != 0) {
        return ERROR_RAISE(e, ERROR_LIBRARY, "no pipe to another process: %s", strerror(errno));
    }
    (void)fcntl(pipes[0], F_SETFD, FD_CLOEXEC);
    (void)fcntl(pipes[1], F_SETFD, FD_CLOEXEC);
    const int code = spawn(c, task, pipes);
    (void)close(pipes[1]);
    if (code != 0) {
        (void)close(pipes[0]);
        c->pid = 0;
        return ERROR_RAISE(e, ERROR_LIBRARY, "%s cannot be started: %s", task->program,
                           strerror(code));
    }
    c->fd = pipes[0];
    return 0;
}

/* ---- what it says ------------------------------------------------------------------------------------------- */

/* The size of a message that is not what it says to be is the end of all trust in its sender. */
static int torn(error_t *e)
{
    return ERROR_RAISE(e, ERROR_FILE_READ, "a process said what is no message");
}

static int take_copy(void *to, size_t size, const message_t *m, error_t *e)
{
    if (m->size != size) {
        return torn(e);
    }
    memcpy(to, m->bytes, size);
    return 0;
}

static int copy_out(const message_t *m, size_t from, void **to, error_t *e)
{
    const size_t size = m->size - from;
    *to = malloc(size > 0 ? size : 1);
    if (*to == NULL) {
        return ERROR_RAISE(e, ERROR_MEMORY, "out of memory for what a process says");
    }
    memcpy(*to, m->bytes + from, size);
    return 0;
}

static int take_call(child_t *c, const message_t *m, error_t *e)
{
    struct {
        int64_t number;
        recorder_call_t call;
    } told;
    if (m->size < sizeof told) {
        return torn(e);
    }
    memcpy(&told, m->bytes, sizeof told);
    told.call.bytes = m->size > sizeof told ? m->bytes + sizeof told : NULL;
    c->testimony.calls = told.number + 1;
    c->testimony.clock_ms = (int64_t)told.call.clock_ms;
    return c->ear != NULL ? c->ear->call(c->ear->context, &told.call, e)
                          : testimony_keep(&c->testimony, told.number, &told.call, e);
}

static int take_trace(testimony_t *t, const message_t *m, error_t *e)
{
    void *marks = NULL;
    if (t->trace.mark != NULL || m->size < sizeof t->trace ||
        (m->size - sizeof t->trace) % sizeof *t->trace.mark != 0) {
        return torn(e);
    }
    memcpy(&t->trace, m->bytes, sizeof t->trace);
    const int code = copy_out(m, sizeof t->trace, &marks, e);
    t->trace.mark = marks;
    t->trace.capacity = t->trace.marks = (m->size - sizeof t->trace) / sizeof *t->trace.mark;
    t->calls = t->trace.calls;
    t->clock_ms = (int64_t)t->trace.clock_ms;
    return code;
}

static int take_volume(testimony_t *t, const message_t *m, error_t *e)
{
    void *hours = NULL;
    if (t->volume.hour_ml != NULL) {
        return torn(e);
    }
    const int code = copy_out(m, 0, &hours, e);
    t->volume = (volume_t){hours, code == 0 ? m->size / sizeof(double) : 0};
    return code;
}

static int take_daybook(testimony_t *t, const message_t *m, error_t *e)
{
    void *days = NULL;
    if (t->daybook.day != NULL) {
        return torn(e);
    }
    const int code = copy_out(m, 0, &days, e);
    t->daybook = (daybook_t){days, code == 0 ? m->size / sizeof *t->daybook.day : 0};
    return code;
}

static int take_record(testimony_t *t, const message_t *m, error_t *e)
{
    void *frame = NULL;
    if (t->record != NULL) {
        return torn(e);
    }
    const int code = copy_out(m, 0, &frame, e);
    t->record = frame;
    t->record_size = code == 0 ? m->size : 0;
    return code;
}

static int take_heard(testimony_t *t, const message_t *m, error_t *e)
{
    message_heard_t heard = {0, 0};
    const int code = take_copy(&heard, sizeof heard, m, e);
    t->calls = heard.calls;
    t->clock_ms = heard.clock_ms;
    return code;
}

static int take_unit(child_t *c, const message_t *m, error_t *e)
{
    int64_t unit = 0;
    const int code = take_copy(&unit, sizeof unit, m, e);
    c->unit = (size_t)unit;
    c->in_unit = code == 0;
    return code;
}

static int take_core(child_t *c, const message_t *m)
{
    const size_t n = m->size < CHILD_CORE_SIZE ? m->size : CHILD_CORE_SIZE - 1;
    memcpy(c->core, m->bytes, n);
    c->core[n] = '\0';
    return 0;
}

static int end_unit(child_t *c, testimony_end_t end, child_news_t *news)
{
    c->testimony.end = end;
    c->in_unit = false;
    *news = CHILD_UNIT;
    return 0;
}

static int take(child_t *c, const message_t *m, child_news_t *news, error_t *e)
{
    testimony_t *t = &c->testimony;
    switch (m->kind) {
    case MESSAGE_UNIT:
        return take_unit(c, m, e);
    case MESSAGE_HEARD:
        return take_heard(t, m, e);
    case MESSAGE_CALL:
        return take_call(c, m, e);
    case MESSAGE_TRACE:
        return take_trace(t, m, e);
    case MESSAGE_VOLUME:
        return take_volume(t, m, e);
    case MESSAGE_DAYBOOK:
        return take_daybook(t, m, e);
    case MESSAGE_RECORD:
        return take_record(t, m, e);
    case MESSAGE_ERROR:
        (void)end_unit(c, TESTIMONY_ERROR, news);
        return take_copy(&t->error, sizeof t->error, m, e);
    case MESSAGE_LIVED:
        return end_unit(c, TESTIMONY_LIVED, news);
    case MESSAGE_REFUSED:
    case MESSAGE_REFUSED_BEFORE:
        c->refused = m->kind == MESSAGE_REFUSED ? CHILD_OWN : CHILD_BEFORE;
        return take_copy(&t->error, sizeof t->error, m, e);
    case MESSAGE_CORE:
        return take_core(c, m);
    default:
        return torn(e);
    }
}

int child_next(child_t *c, child_news_t *news, error_t *e)
{
    message_t m;
    int code = 0;
    *news = CHILD_NOTHING;
    while (code == 0 && *news == CHILD_NOTHING && message_take(&c->buffer, &m) == 1) {
        c->silent_s = 0;
        code = take(c, &m, news, e);
    }
    return code;
}

/* ---- its end ------------------------------------------------------------------------------------------------- */

static void reap(child_t *c)
{
    int status = 0;
    while (waitpid(c->pid, &status, 0) < 0 && errno == EINTR) {
    }
    c->pid = 0;
    (void)close(c->fd);
    c->fd = -1;
    if (c->in_unit && c->testimony.end == TESTIMONY_NONE) {
        const int by = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
        c->testimony.signal = by;
        c->testimony.end = by == SIGXCPU ? TESTIMONY_ENDLESS
                           : by != 0     ? TESTIMONY_CRASHED
                                         : TESTIMONY_GONE;
    }
}

int child_listen(child_t *c, child_news_t *news, error_t *e)
{
    const int n = message_read(&c->buffer, c->fd, e);
    *news = CHILD_NOTHING;
    if (n == 0) {
        reap(c);
        *news = CHILD_OVER;
    }
    return n < 0 ? n : 0;
}

void child_take(child_t *c, testimony_t *to)
{
    *to = c->testimony;
    c->in_unit = false;
    testimony_init(&c->testimony);
}

void child_stop_silent(child_t *c)
{
    if (c->pid != 0) {
        c->testimony.end = c->in_unit ? TESTIMONY_ENDLESS : TESTIMONY_NONE;
        (void)kill(c->pid, SIGKILL);
    }
}

void child_end(child_t *c)
{
    if (c->pid != 0) {
        (void)kill(c->pid, SIGKILL);
        reap(c);
    }
    testimony_free(&c->testimony);
    free(c->buffer.bytes);
    memset(c, 0, sizeof *c);
    c->fd = -1;
}
