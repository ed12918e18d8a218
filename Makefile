# SPDX-License-Identifier: Apache-2.0
# thecasim: one Makefile for the program, the dosing core, the tests and the gates. `make help` lists the targets.
VERSION = 0.1.0

# As many jobs as there are cores, unless -j or the make above says otherwise.
ifeq ($(MAKELEVEL)$(filter -j% --jobserver%,$(MAKEFLAGS)),0)
MAKEFLAGS += -j$(shell nproc 2>/dev/null || echo 2)
endif

MODE ?= release
CC ?= cc
V ?= 0
B = build/$(MODE)
Q = $(if $(filter 1,$(V)),,@)

# ---- modes: each has its own folder, so that they coexist --------------------------------------------------------
SAN = -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer
MODE_release = -O3 -g
MODE_debug = -Og -g
MODE_asan = -O1 -g $(SAN)
MODE_tsan = -O1 -g -fsanitize=thread
MODE_coverage = -O0 -g
MODE_fuzz = -O1 -g $(SAN)
$(if $(MODE_$(MODE)),,$(error MODE=$(MODE) is unknown; use release, debug, asan, tsan, coverage or fuzz))
# What only the core is compiled with: the counters of gcov; what libFuzzer steers by.
CORE_coverage = --coverage
CORE_fuzz = -fsanitize-coverage=inline-8bit-counters,pc-table

WARN = -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Wcast-qual -Wpointer-arith -Wstrict-prototypes \
       -Wmissing-prototypes -Wundef -Wvla -Wswitch-enum -Wdouble-promotion -Wformat=2
WERROR ?=
CFLAGS ?= $(MODE_$(MODE))
# Never overridden: what makes two builds of the same source give the same numbers and the same bytes.
REQUIRED = -std=c11 -ffp-contract=off -ffile-prefix-map=$(CURDIR)=. -fPIC $(WARN) $(WERROR) -MMD -MP

# ---- libraries, each asked for by the folders that may use it -----------------------------------------------------
PKG = $(shell pkg-config --$(1) $(2) 2>/dev/null)
SYSTEM = $(patsubst -I%,-isystem %,$(call PKG,cflags,$(1)))
LIBS_models = gsl
LIBS_sim = gsl hdf5-serial yaml-0.1 udunits libsodium jansson zlib
LDLIBS = $(call PKG,libs,$(LIBS_sim)) -lhdf5_hl -fopenmp -ldl -lm
SUNDIALS = -lsundials_cvode -lsundials_nvecserial -lsundials_sunmatrixdense -lsundials_sunmatrixband \
           -lsundials_sunlinsoldense -lsundials_sunlinsolband

# ---- what each folder may include: arrows point down (checked by .ci/gates/layers) --------------------------------
POSIX = -D_POSIX_C_SOURCE=200809L
USE_core = -ffreestanding -fno-semantic-interposition -Ifirmware-core/include -iquote firmware-core/src -Wfloat-conversion $(CORE_$(MODE))
USE_models = -iquote models $(call SYSTEM,$(LIBS_models))
USE_sim = $(POSIX) -fopenmp -iquote models -iquote sim -iquote analysis -Ifirmware-core/include \
          $(call SYSTEM,$(LIBS_sim)) -DTHECASIM_VERSION='"$(VERSION)"' \
          -DTHECASIM_FLAGS='"$(strip $(CFLAGS)) -ffp-contract=off"'
USE_analysis = $(POSIX) -iquote models -iquote sim -iquote analysis $(call SYSTEM,gsl hdf5-serial jansson libsodium)
USE_tests = $(USE_sim) -iquote . -iquote firmware-core/src $(call SYSTEM,criterion)

OBJ = $(patsubst %.c,$(B)/%.o,$(wildcard $(1)))
CORE = $(call OBJ,firmware-core/src/*.c)
MODELS = $(call OBJ,models/*.c models/*/*.c)
SIM = $(call OBJ,sim/host/*.c sim/config/*.c sim/dataset/*.c sim/cohort/*.c sim/regress/*.c)
ANALYSIS = $(call OBJ,analysis/*/*.c)
CLI = $(call OBJ,sim/cli/*.c)
ARCHIVES = $(addprefix $(B)/,libsim.a libanalysis.a libdataset.a libmodels.a libdosing.a)

# One test program per folder of tests/; it links everything in that folder. The core's needs nothing but the core.
TEST_DIRS = $(filter-out tests/second-core/core tests/planted tests/bench tests/fuzz tests/target,$(patsubst %/,%,$(sort $(dir $(wildcard tests/*/*.c tests/*/*/*.c)))))
TESTS = $(TEST_DIRS:tests/%=$(B)/tests/%/run)
TEST_LIBS_firmware-core = $(B)/libdosing.a
TEST_LIBS = $(or $(TEST_LIBS_$(1)),$(if $(filter sim/cli,$(1)),$(B)/sim/cli/progress.o) $(ARCHIVES))

.DEFAULT_GOAL := all
.PHONY: all deps deps-ci deps-evidence evidence deps-target demo test tests validate bench coverage fuzz planted mutants trace docs format clean help install FORCE
.DELETE_ON_ERROR:
.SECONDEXPANSION:
.SECONDARY:

all: $(B)/thecasim $(B)/dosing_core.so ## build the program and the dosing core as a shared object

$(B)/thecasim: $(CLI) $(ARCHIVES)
	@echo "  LINK  $@"
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $(CLI) $(ARCHIVES) $(LDLIBS)

$(B)/dosing_core.so: $(CORE)
	@echo "  LINK  $@"
	$(Q)$(CC) $(CFLAGS) -shared -Wl,-soname,dosing_core.so -o $@ $(CORE)

$(B)/libdosing.a: $(CORE)
$(B)/libmodels.a: $(MODELS)
$(B)/libdataset.a: $(call OBJ,sim/dataset/*.c)
$(B)/libsim.a: $(filter-out $(B)/sim/dataset/%,$(SIM))
$(B)/libanalysis.a: $(ANALYSIS)
$(B)/%.a:
	@echo "  AR    $@"
	$(Q)rm -f $@ && ar rcsD $@ $^

# ---- compiling: the flags stamp makes a change of compiler or flags rebuild ---------------------------------------
# (the folder's own path apart, which the prefix map takes out of the objects again).
STAMP = $(subst ','\'',$(CC) $(CFLAGS) $(filter-out -ffile-prefix-map=%,$(REQUIRED)) $(USE_sim) $(LDLIBS))
$(B)/flags: FORCE
	@pkg-config --exists $(LIBS_sim) 2>/dev/null || \
	 { echo "Libraries are missing. Run 'make deps' first: it installs them, or says how."; exit 1; }
	@mkdir -p $(B) && printf '%s\n' '$(STAMP)' | cmp -s - $@ || printf '%s\n' '$(STAMP)' > $@
FORCE:
# What the dosing core is made of, as a part of its core_id: known to one object, compiled again when any source changes.
CORE_SOURCES := $(shell sha256sum $(sort $(wildcard firmware-core/include/*.h firmware-core/src/*.[ch])) | sha256sum | cut -c 1-16)
build/core-sources: FORCE
	@mkdir -p build && echo '$(CORE_SOURCES)' | cmp -s - $@ || echo '$(CORE_SOURCES)' > $@
$(B)/firmware-core/src/dosing_core.o: build/core-sources
%/firmware-core/src/dosing_core.o: private USE_core += -DDOSING_CORE_SOURCES='"$(CORE_SOURCES)"'

# Where included files are installed: known to one object, which alone is compiled again for another PREFIX.
$(B)/prefix: FORCE
	@mkdir -p $(B) && printf '%s\n' '$(PREFIX)' | cmp -s - $@ || printf '%s\n' '$(PREFIX)' > $@
$(B)/sim/config/include.o: $(B)/prefix
$(B)/sim/config/include.o: private USE_sim += -DTHECASIM_SHARE='"$(PREFIX)/share/thecasim/configs"'

define RULE
$(B)/$(1)/%.o: $(1)/%.c $(B)/flags
	@mkdir -p $$(@D) && echo "  CC    $$<"
	$$(Q)$$(CC) $$(CFLAGS) $$(REQUIRED) $$(USE_$(2)) -c -o $$@ $$<
endef
$(eval $(call RULE,firmware-core,core))
$(eval $(call RULE,models,models))
$(eval $(call RULE,sim,sim))
$(eval $(call RULE,analysis,analysis))
include analysis/page/page.mk
$(eval $(call RULE,tests,tests))
-include $(shell find $(B) build/target-* -name '*.d' 2>/dev/null)

# ---- tests ----------------------------------------------------------------------------------------------------------
$(B)/tests/%/run: $$(call OBJ,tests/%/*.c) $$(call TEST_LIBS,$$*)
	@echo "  LINK  $@"
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(CORE_$(MODE)) $(call PKG,libs,criterion) $(SUNDIALS) $(LDLIBS)
# Dosing cores for the tests of loading them.
CORES = $(patsubst %.c,$(B)/%.so,$(wildcard tests/sim/host/cores/*.c))
$(B)/tests/sim/host/cores/%.so: $(B)/tests/sim/host/cores/%.o $(B)/libdosing.a
	$(Q)$(CC) $(CFLAGS) -shared -o $@ $^
include tests/second-core/second-core.mk

tests: $(TESTS) $(CORES) $(B)/tests/target/vectors $(B)/fuzz/seeds $(B)/bench
test: all $(TESTS) $(CORES) ## build and run every test (about a minute once built)
	$(Q)BUILD=$(B) .ci/test $(TESTS)

include tests/target/target.mk

coverage: ## lines and branches of the dosing core that its own tests reach, as a table
	$(Q)rm -rf $(addprefix build/coverage/,firmware-core libdosing.a tests/firmware-core/run)
	$(Q)$(MAKE) --no-print-directory MODE=coverage build/coverage/tests/firmware-core/run
	$(Q)B=build/coverage .ci/coverage

# Fuzzers are clang's: make CC=clang MODE=fuzz. seeds writes their corpora; it is built by `tests`, so that gcc reads all this.
FUZZ = $(addprefix build/fuzz/fuzz/,frames store seeds)
fuzz: ## a minute of libFuzzer over the dosing core: frames and orders, store images
	$(Q)$(MAKE) --no-print-directory CC=clang MODE=fuzz WERROR=$(WERROR) $(FUZZ)
	$(Q).ci/fuzz
$(B)/fuzz/frames $(B)/fuzz/store: FUZZER = -fsanitize=fuzzer
$(B)/fuzz/%: $$(call OBJ,tests/fuzz/%.c tests/fuzz/fuzz_*.c tests/firmware-core/fake_*.c) $(B)/libdosing.a
	@mkdir -p $(@D)
	@echo "  LINK  $@"
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(FUZZER) -lm

trace: ## print each requirement of the core with the tests that show it
planted: ## show that every gate of .ci/gates fails on its planted faults
evidence: all ## what takes longer, or R and Octave: the parts of tests/evidence that are stale (make deps-evidence)
mutants: all ## score the regression suites on faults of the core, made by hand and drawn (tests/mutants/README.md)
trace planted evidence mutants: ; $(Q).ci/$@
format: ## lay out every C file as the gate wants it
	$(Q)find firmware-core models sim analysis tests -name '*.[ch]' | xargs clang-format -i

# ---- packages of Debian 12: for building, running and testing; for the gates ---------------------------------------
DEPS = pkg-config libgsl-dev libhdf5-dev libyaml-dev libudunits2-dev libsodium-dev libjansson-dev zlib1g-dev librandom123-dev \
       libcriterion-dev libsundials-dev hdf5-tools libjs-dygraphs gnuplot-nox
DEPS_TARGET = gcc-arm-none-eabi libnewlib-arm-none-eabi qemu-system-arm
deps: ## install the Debian packages that are missing, or say which
	$(Q).ci/install $(DEPS)
deps-target: ## the same for the target: firmware, target-test
	$(Q).ci/install $(DEPS_TARGET)
deps-ci: ## the same for the gates
	$(Q).ci/install $(DEPS) $(DEPS_TARGET) clang libclang-rt-dev clang-format libomp-dev locales patch python3-clang python3-jsonschema python3-yaml && .ci/install-browser

deps-evidence: ## the same for the evidence
	$(Q).ci/install $(DEPS) r-base-core r-cran-desolve r-cran-hdf5r r-cran-survival octave gnuplot-nox fonts-freefont-otf python3-h5py python3-matplotlib

# ---- showing and measuring --------------------------------------------------------------------------------------------
demo: deps ## set up, build, run a year of 200 patients in two arms; print its tables, write its page
	$(Q)$(MAKE) --no-print-directory all
	$(Q)mkdir -p build/demo
	$(Q)$(B)/thecasim run configs/baclofen-first-year.yaml --force -o build/demo/baclofen-first-year.h5
	$(Q)$(B)/thecasim summary build/demo/baclofen-first-year.h5
	$(Q)echo && $(B)/thecasim report build/demo/baclofen-first-year.h5 --force -o build/demo/baclofen-first-year.html
	@printf '%s\n' 'That page needs no network: open it in a browser. The dataset is build/demo/baclofen-first-year.h5. One patient, every pulse:' \
	  '  $(B)/thecasim replay build/demo/baclofen-first-year.h5 --patient 17'

docs: all ## write the generated pages again: parameters, keys, schema, fields
	$(Q)$(B)/thecasim reference --parameters > models/PARAMETERS.md
	$(Q)$(B)/thecasim reference --dataset > sim/dataset/DATASET.md
	$(Q)$(B)/thecasim reference > configs/REFERENCE.md
	$(Q)$(B)/thecasim reference --json-schema > configs/study.schema.json

validate: all ## hold full simulations against published studies; write configs/validation/RESULTS.md
	$(Q)rm -f $(B)/validation.h5; $(B)/thecasim validate -o $(B)/validation.h5 || [ -e $(B)/validation.h5 ]
	$(Q)$(B)/thecasim validate --read $(B)/validation.h5 --markdown > configs/validation/RESULTS.md

bench: all $(B)/bench ## measure against the numbers to reach (BENCH_STRICT=1: fail where one is missed)
	$(Q)$(B)/bench
METERED = $(shell sed -nE 's/^WRAP(_VOID|_READ|)\(([A-Z_]+, )?(double, |int, |int64_t, |bool, )?([a-z_]+)[,)].*/-Wl,--wrap=\4/p' tests/bench/meter.c)
$(B)/bench: $(call OBJ,tests/bench/*.c tests/firmware-core/fake_*.c tests/models/device/usual_pump.c) $(ARCHIVES)
	@echo "  LINK  $@"
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) $(METERED) -o $@ $(filter %.o,$^) $(ARCHIVES) $(LDLIBS)

PREFIX ?= /usr/local
TO = $(DESTDIR)$(PREFIX)
CORE_VERSION = $(shell sed -n 's/.*"thecasim dosing core \([0-9.]*\) .*/\1/p' firmware-core/src/dosing_core.c)
install: all ## install the program, its man page and studies, the core with its headers (DESTDIR=, PREFIX=)
	install -D -m 755 $(B)/thecasim $(TO)/bin/thecasim
	install -D -m 644 sim/cli/thecasim.1 $(TO)/share/man/man1/thecasim.1
	install -D -m 755 -t $(TO)/lib/thecasim $(B)/dosing_core.so
	install -D -m 644 -t $(TO)/lib/thecasim $(B)/libdosing.a
	install -D -m 644 -t $(TO)/include/thecasim firmware-core/include/*.h
	install -d $(TO)/lib/pkgconfig
	sed 's|@PREFIX@|$(PREFIX)|; s|@CORE_VERSION@|$(CORE_VERSION)|' firmware-core/dosing-core.pc.in > $(TO)/lib/pkgconfig/dosing-core.pc
	find configs -name '*.yaml' -o -name '*.json' | while read -r file; do \
	  install -D -m 644 "$$file" "$(TO)/share/thecasim/$$file" || exit 1; done

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
clean: ## remove everything built
	rm -rf build
