# SPDX-License-Identifier: Apache-2.0
# The second core as a shared object, from its own sources and the public headers alone: what a core from elsewhere has.
# It needs nothing of its process but the functions of memory, exports nothing that a loader looks for but dosing_entry, and
# has no data of its own to write; shown where no sanitizer or counter is compiled in.
SECOND_CORE = $(B)/tests/second-core/second-core.so
SECOND_OBJ = $(call OBJ,tests/second-core/core/*.c)
SECOND_MEMORY = mem(cpy|set|move|cmp)|second_.*|_GLOBAL_OFFSET_TABLE_|__stack_chk_fail
CORES += $(SECOND_CORE)
$(B)/tests/second-core/core/%.o: tests/second-core/core/%.c $(B)/flags
	@mkdir -p $(@D)
	@echo "  CC    $<"
	$(Q)$(CC) $(CFLAGS) $(REQUIRED) -ffreestanding -Wfloat-conversion -Ifirmware-core/include -iquote tests/second-core/core -c -o $@ $<
$(SECOND_CORE): $(SECOND_OBJ)
	@mkdir -p $(@D)
	@echo "  LINK  $@"
	$(if $(filter release debug,$(MODE)),$(Q)! nm -u $(SECOND_OBJ) | awk 'NF == 2 {print $$2}' | grep -vxE '$(SECOND_MEMORY)')
	$(if $(filter release debug,$(MODE)),$(Q)! size -A $(SECOND_OBJ) | grep -E '^\.(data|bss) +[1-9]')
	$(Q)$(CC) $(CFLAGS) -shared -Wl,-soname,second-core.so -o $@ $^
# Its tests: loaded as a user loads it, on the fakes of hardware of the first core's tests.
$(B)/tests/second-core/run: $(addprefix $(B)/tests/firmware-core/fake_,hal.o pump.o flash.o) | $(SECOND_CORE)
