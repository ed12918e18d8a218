# SPDX-License-Identifier: Apache-2.0
# The same core on the target, a Cortex-M4: one folder per level; uncached: ccache loses the call graph (.ci).
.PHONY: firmware target-test target-replay target-tools
TARGET_CC = arm-none-eabi-gcc
TARGET_CPU = -mcpu=cortex-m4 -mthumb
TARGET_LEVEL ?= O2
TARGET_LEVELS ?= O2 Os O0
TARGET_SEEDS ?= 1 300
VECTORS = $(addprefix tests/,target/vectors.o target/trace.o $(addprefix firmware-core/fake_,hal.o pump.o flash.o image.o))
# What leads a core through a recording, and what of the simulator it needs: calls as bytes and as text.
REPLAY = $(addprefix tests/target/,replay.o replay_hal.o tape.o) $(addprefix sim/,regress/call_code.o regress/call_text.o host/recorder_name.o)
REPLAY_LEVELS ?= O0 O3
SUITE ?= configs/regress/smoke.yaml
USE_target = -iquote . -iquote sim -iquote firmware-core/src -Ifirmware-core/include
TARGET_FLAGS = $(TARGET_CPU) -g -std=c11 $(WARN) -Werror -MMD -MP -ffile-prefix-map=$(CURDIR)=. -fstack-usage \
               -fcallgraph-info=su $(if $(filter firmware-core/%,$<),$(USE_core),$(USE_target))
define TARGET
build/target-$(1)/%.o: %.c Makefile | target-tools
	@mkdir -p $$(@D)
	@echo "  CC    $$< for the target, -$(1)"
	$$(Q)CCACHE_DISABLE=1 $$(TARGET_CC) -$(1) $$(TARGET_FLAGS) -c -o $$@ $$<
build/target-$(1)/firmware-core/src/dosing_core.o: build/core-sources
build/target-$(1)/libdosing.a: $(patsubst %.c,build/target-$(1)/%.o,$(wildcard firmware-core/src/*.c))
	$$(Q)rm -f $$@ && arm-none-eabi-ar rcsD $$@ $$^
build/target-$(1)/vectors-$(1).elf: $$(addprefix build/target-$(1)/,$$(VECTORS))
build/target-$(1)/replay-$(1).elf: $$(addprefix build/target-$(1)/,$$(REPLAY))
build/target-$(1)/%-$(1).elf: build/target-$(1)/tests/target/startup.o build/target-$(1)/libdosing.a tests/target/mps2.ld
	@echo "  LINK  $$@"
	$$(Q)$$(TARGET_CC) $$(TARGET_CPU) --specs=rdimon.specs -nostartfiles -T tests/target/mps2.ld -o $$@ \
	  $$$$($$(TARGET_CC) $$(TARGET_CPU) -print-file-name=rdimon-crt0.o) $$(filter %.o,$$^) $$(filter %.a,$$^)
endef
$(foreach level,$(sort $(TARGET_LEVELS) $(TARGET_LEVEL) $(REPLAY_LEVELS)),$(eval $(call TARGET,$(level))))
target-tools:
	@[ -e "$$($(TARGET_CC) -print-file-name=rdimon.specs 2>/dev/null)" ] && command -v qemu-system-arm >/dev/null || \
	 { echo "The target's tools are missing. Run 'make deps-target': it installs $(DEPS_TARGET), or says how."; exit 1; }

$(B)/tests/target/vectors: $(addprefix $(B)/,$(VECTORS) libdosing.a)
$(B)/tests/target/replay: $(addprefix $(B)/,$(REPLAY) libdosing.a)
$(B)/tests/target/vectors $(B)/tests/target/replay:
	@echo "  LINK  $@"
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^
firmware: build/target-$(TARGET_LEVEL)/libdosing.a ## compile the core for the target; print its size and its worst stack
	$(Q)tests/target/measure build/target-$(TARGET_LEVEL) $(TARGET_CC) -$(TARGET_LEVEL) $(TARGET_CPU)
target-test: $(B)/tests/target/vectors $(foreach level,$(TARGET_LEVELS),build/target-$(level)/vectors-$(level).elf) ## run the vectors here and on the target: the same bytes
	$(Q)tests/target/compare build/target-traces $(B)/tests/target/vectors $(TARGET_SEEDS) $(filter %.elf,$^)
target-replay: all $(B)/tests/target/replay $(foreach level,$(REPLAY_LEVELS),build/target-$(level)/replay-$(level).elf) ## lead the target's core through the lives of a suite (SUITE=): the same requests
	$(Q)mkdir -p build/target-traces
	$(Q)$(B)/thecasim regress $(SUITE) --record build/target-traces/suite.calls
	$(Q)tests/target/follow build/target-traces/suite.calls $(B)/tests/target/replay $(filter %.elf,$^)
$(B)/tests/sim/cli/run: | $(B)/tests/target/replay
