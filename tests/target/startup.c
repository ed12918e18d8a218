/* SPDX-License-Identifier: Apache-2.0 */
/* The bare machine below the vectors: vector table, and faults that end the run instead of hanging it. */
#include <stdint.h>

extern uint32_t __stack;
void _start(void);
void _init(void);
void _fini(void);

/* newlib calls these around main; there is nothing to do. */
void _init(void)
{
}

void _fini(void)
{
}

/* Semihosting: SYS_WRITE0, then SYS_EXIT with ADP_Stopped_InternalError. */
static void fault(void)
{
    static const char text[] = "vectors: the processor took a fault\n";
    __asm volatile("mov r0, #0x04\n mov r1, %0\n bkpt 0xAB\n"
                   "mov r0, #0x18\n ldr r1, =0x20024\n bkpt 0xAB\n"
                   :
                   : "r"(text)
                   : "r0", "r1", "memory");
    for (;;) {
    }
}

typedef void (*handler_t)(void);

/* Stack, reset, NMI, the four faults; no interrupt is ever enabled. */
__attribute__((section(".vectors"), used)) static const struct {
    uint32_t *stack;
    handler_t handlers[15];
} vectors = {&__stack, {_start, fault, fault, fault, fault, fault}};
