# SPDX-License-Identifier: GPL-2.0-only
#
# One way to build: `make` leaves three static programs at the top level and
# everything else below build/.
#
#   LIBKVM_SRC=  the kernel tree whose KVM selftests lib the programs are built
#                on (7.3 or later, only read); default: the output of
#                scripts/kernel-source --print
#   CC=          gcc or clang
#   V=1          show the commands

LIBKVM_SRC	?= $(eval LIBKVM_SRC := $(shell \
			scripts/kernel-source --print))$(LIBKVM_SRC)
AR		?= ar
B		:= build

.DELETE_ON_ERROR:
.SECONDARY:
.SUFFIXES:
.PHONY: all unit meta bench-programs clean help FORCE
.PHONY: setup lab-tools objects layers lint repro check check-long check-bisect
.PHONY: stress bench fuzz fuzz-programs
#: all             the three programs (the default)
all: tdx_vm_huge_page gmem_inplace_conversion splat

ifeq ($(V),1)
Q		:=
say		:= @:
else
Q		:= @
say		= @printf '  %-7s %s\n'
endif

# ---- sources -----------------------------------------------------------------
# A folder is a layer (tests/layers has their order), and all its files have the
# same flags. These are built on libkvm; all others are pure: bytes in, struct out,
# or plain libc, and the unit tests link them with sanitizers.
KVM_DIRS	:= lib/kvm lib/tdx lib/tdx/guest_code lib/race/actors
PURE_DIRS	:= lib/base lib/host lib/klog lib/runner lib/race lib/softtdx \
			lib/tdx/abi lib/lockdep/% lib/splat lib/splat/%
sources		= $(wildcard $(foreach d,$(subst %,*,$(1)),$(d)/*.$(2)))

KVM_C		:= $(call sources,$(KVM_DIRS),c)
KVM_S		:= $(call sources,$(KVM_DIRS),S)
PURE_C		:= $(call sources,$(PURE_DIRS),c)
PURE_C		+= inplace/stand_in.c
TDX_C		:= $(call sources,subtests/tdx subtests/tdx/%,c)
GMEM_C		:= $(call sources,subtests/gmem subtests/gmem/%,c)
UNIT_C		:= $(filter-out %/shim/guest.c,$(call sources,tests/unit/%,c))
BENCH_C		:= $(call sources,tests/bench,c)
META_C		:= $(call sources,tests/meta,c)

obj		= $(patsubst %.S,$(B)/obj/%.o,$(patsubst %.c,$(B)/obj/%.o,$(1)))
san		= $(patsubst %.c,$(B)/san/%.o,$(1))

# ---- flags -------------------------------------------------------------------
WARN		:= -Wall -Wextra -Wstrict-prototypes -Wmissing-prototypes \
			-Wvla -Wno-unused-parameter
CFLAGS		?= -O2 -g
LDFLAGS		?=
# For SHA-384.
LIBS		:= -lnettle
# clang would call bcmp() for memcmp(): libc's brings its own memcmp(), but the
# programs have libkvm's.
BASE		= -std=gnu11 -D_GNU_SOURCE -Iinclude -MD -MP $(WARN) $(CFLAGS) \
			-fno-strict-aliasing -fno-common -fno-builtin-bcmp
SAN		:= -fsanitize=address,undefined -fno-sanitize-recover=all \
			-fno-omit-frame-pointer -O1

# Guest code is compiled with the program: no stack protector and no implicit
# calls of libc's string functions, as libkvm's own ones expect. No red zone,
# since exceptions (in a TD every CPUID) use the same stack.
GUEST		:= -march=x86-64-v2 -U_FORTIFY_SOURCE -fno-stack-protector \
			-fno-PIE -mno-red-zone -fno-builtin-memcmp \
			-fno-builtin-memcpy -fno-builtin-memset \
			-fno-builtin-strnlen
KSELF		= $(abspath $(LIBKVM_SRC))/tools/testing/selftests
KTOOLS		= $(abspath $(LIBKVM_SRC))/tools
LIBKVM_DIRS	= $(KTOOLS)/include $(KTOOLS)/arch/x86/include \
			$(CURDIR)/$(B)/headers/usr/include \
			$(KSELF)/kvm/include $(KSELF)/kvm/include/x86 $(KSELF)
# QUIET: no line about a random seed, which nothing here uses.
LIBKVM_OPTS	:= -std=gnu99 -O2 -g -w -MD -MP -D_GNU_SOURCE -DQUIET \
			-DCONFIG_64BIT -fno-strict-aliasing -pthread
KVM_FLAGS	= $(GUEST) -DCONFIG_64BIT $(addprefix -isystem ,$(LIBKVM_DIRS))

# ---- what the build was made with --------------------------------------------
# A stamp file changes only when its text does, so that another compiler, other
# flags or another LIBKVM_SRC rebuild only what depends on them.
stamp		= $(Q)mkdir -p $(@D); printf '%s\n' '$(1)' >$@.new; \
			cmp -s $@.new $@ && rm -f $@.new || mv -f $@.new $@

$(B)/flags.stamp: FORCE
	$(call stamp,$(CC) | $(BASE) | $(SAN) | $(GUEST) | $(LIBKVM_OPTS) | \
		$(LDFLAGS))

ksrc_version	= $(shell sed -n 's/^VERSION = //p;s/^PATCHLEVEL = //p' \
			$(LIBKVM_SRC)/Makefile | head -n 2 | paste -sd.)
ksrc_new	= $(shell [ "$$(printf '%s\n' 7.3 $(1) | sort -V | head -n 1)" \
			= 7.3 ] && echo yes)
comma		:= ,
die		= $(error LIBKVM_SRC: $(1))
ksrc_check	= $(strip \
	$(if $(LIBKVM_SRC),,$(call die,not set: run scripts/setup or name a \
		kernel tree)) \
	$(if $(wildcard $(LIBKVM_SRC)/Kbuild),,$(call die,$(LIBKVM_SRC): no \
		kernel source tree)) \
	$(if $(wildcard $(KSELF)/kvm/lib/kvm_util.c),,$(call \
		die,$(LIBKVM_SRC): has no KVM selftests lib)) \
	$(if $(call ksrc_new,$(ksrc_version)),,$(call die,$(LIBKVM_SRC): is \
		$(ksrc_version)$(comma) but 7.3 or later is needed)))

$(B)/libkvm.stamp: FORCE
	$(ksrc_check)$(call stamp,$(abspath $(LIBKVM_SRC)) $(ksrc_version))

# ---- uAPI headers ------------------------------------------------------------
# `make headers` refuses a tree that has been built in place, and LIBKVM_SRC must
# not be written to. So run it in a tree of links to the parts that it reads.
HDR_PARTS	:= Makefile Kbuild Kconfig scripts include arch/Kconfig arch/x86
HDR_BUILT	:= include/config include/generated arch/x86/include/generated

$(B)/headers.stamp: $(B)/libkvm.stamp
	$(say) HEADERS $(B)/headers
	$(Q)rm -rf $(B)/headers $(B)/headers-src
	$(Q)mkdir -p $(B)/headers $(B)/headers-src/arch
	$(Q)for i in $(HDR_PARTS); do \
		cp -rs $(abspath $(LIBKVM_SRC))/$$i $(B)/headers-src/$$i || \
			exit 1; \
	done
	$(Q)cd $(B)/headers-src && rm -rf $(HDR_BUILT)
	$(Q)MAKEFLAGS= MAKEOVERRIDES= $(MAKE) -s -C $(B)/headers-src \
		O=$(CURDIR)/$(B)/headers ARCH=x86 headers
	$(Q)rm -rf $(B)/headers-src
	$(Q)touch $@

# ---- libkvm.a ----------------------------------------------------------------
# Without memstress, lru_gen, cgroup and vfio, which nothing here needs. How a
# ucall leaves the guest (x86/ucall) is ours: lib/tdx/ucall.c.
LIBKVM_O	:= assert elf guest_modes guest_sprintf io kvm_util proc_util \
			rbtree sparsebit string_override test_util \
			ucall_common userfaultfd_util \
			x86/apic x86/handlers x86/hyperv x86/pmu x86/processor \
			x86/sev x86/svm x86/vmx
LIBKVM_O	:= $(LIBKVM_O:%=$(B)/libkvm/%.o)
LIBKVM_CFLAGS	= $(LIBKVM_OPTS) $(GUEST) $(addprefix -I,$(LIBKVM_DIRS))

# libkvm's constructor opens /dev/kvm and exits when it cannot, before main()
# could print its help or name all that is missing. As an ordinary function the
# suite calls it in the process of each subtest.
$(B)/libkvm/kvm_util.o: LIBKVM_CFLAGS += -Dconstructor=used
# A TD's irqchip is ours: lib/tdx/irqchip.c.
$(B)/libkvm/x86/processor.o: LIBKVM_CFLAGS += \
	-Dvm_create_irqchip=vm_create_irqchip_by_type
# Otherwise the compiler turns the loop of memcpy() into a call of memcpy().
$(B)/libkvm/string_override.o: LIBKVM_CFLAGS += -ffreestanding

$(LIBKVM_O): $(B)/libkvm/%.o: $(B)/headers.stamp $(B)/flags.stamp
	$(say) CC $@
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(LIBKVM_CFLAGS) -c -o $@ \
		$(firstword $(wildcard $(KSELF)/kvm/lib/$*.[cS]))

$(B)/libkvm.a: $(LIBKVM_O)

# Dependency files name files of an older LIBKVM_SRC that may be gone.
/%.c: ;
/%.S: ;

# ---- our objects -------------------------------------------------------------
$(B)/obj/%.o: %.c $(B)/flags.stamp
	$(say) CC $@
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(BASE) $(EXTRA) -pthread -c -o $@ $<

$(B)/obj/%.o: %.S $(B)/flags.stamp
	$(say) AS $@
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) -Iinclude -MD -MP -c -o $@ $<

KVM_MAIN	:= tdx_vm_huge_page gmem_inplace_conversion
KVM_OBJ		:= $(call obj,$(KVM_C) $(KVM_S) $(KVM_MAIN:=.c) $(TDX_C) \
			$(GMEM_C) $(BENCH_C))
$(KVM_OBJ): EXTRA = $(KVM_FLAGS)
# Exceptions do not save SSE registers, so their handlers must not use them.
SSE_FREE	:= $(filter %.o,$(foreach o,$(KVM_OBJ),\
			$(if $(findstring /guest_code/,$(o)),$(o))))
$(SSE_FREE): EXTRA = $(KVM_FLAGS) -mgeneral-regs-only
$(KVM_OBJ): $(B)/headers.stamp

# Tests look into folders: "lib/...", "lab/...", and share tests/unit/unit.h.
# Private: otherwise flags.stamp, on which these depend, would have it, too.
$(call san,$(UNIT_C)): private BASE += -Itests/unit -iquote .
$(B)/san/%.o: %.c $(B)/flags.stamp
	$(say) CC $@
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(BASE) $(SAN) $(EXTRA) -pthread -c -o $@ $<

$(B)/suite.a: $(call obj,$(KVM_C) $(KVM_S))
$(B)/pure.a: $(call obj,$(PURE_C))
$(B)/pure-san.a: $(call san,$(PURE_C))

$(B)/%.a:
	$(say) AR $@
	$(Q)rm -f $@
	$(Q)$(AR) rcs $@ $(filter %.o,$^)

# ---- programs ----------------------------------------------------------------
# A group: libkvm.a needs our ucalls, and they need libkvm.
LINK		= $(Q)mkdir -p $(@D); $(CC) $(CFLAGS) $(LDFLAGS) -static \
			-pthread -o $@ $(filter %.o,$^) -Wl,--start-group \
			$(filter %.a,$^) $(LIBS) -Wl,--end-group
KVM_LIBS	:= $(B)/suite.a $(B)/pure.a $(B)/libkvm.a

tdx_vm_huge_page: $(call obj,$(TDX_C))
gmem_inplace_conversion: $(call obj,$(GMEM_C))
$(KVM_MAIN) $(BENCH_C:tests/bench/%.c=$(B)/bench/%): LIBS += -luring -lnuma
$(KVM_MAIN): %: $(B)/obj/%.o $(KVM_LIBS)
	$(say) LD $@
	$(LINK)

splat: $(B)/obj/splat.o $(B)/pure.a
	$(say) LD $@
	$(LINK)

BENCH		:= $(BENCH_C:tests/bench/%.c=$(B)/bench/%)
#: bench-programs  what bench runs
bench-programs: $(BENCH)
$(BENCH): $(B)/bench/%: $(B)/obj/tests/bench/%.o $(KVM_LIBS)
	$(say) LD $@
	$(LINK)

# ---- tests that need no KVM --------------------------------------------------
UNIT		:= $(UNIT_C:tests/unit/%.c=$(B)/unit/%)
META		:= $(META_C:tests/meta/%.c=$(B)/meta/%)

# softtdx in user space: its sources as they are. One header of ours stands for
# those of the kernel, which are empty files. What needs VMX, debugfs or a second
# CPU is for the kernel alone.
STX_C		:= $(filter-out %debugfs.c %/cpus.c,$(call sources,\
			$(addprefix lab/softtdx/,object misbehave module \
			seamcall control view selftest) tests/unit/shim,c)) \
			lab/softtdx/guest/enter.c
STX_TEST	:= $(call sources,tests/unit/softtdx_module,c)
STX_OBJ		:= $(call san,$(STX_C) $(STX_TEST))
STX_H		:= $(wildcard lab/softtdx/*.[ch] lab/softtdx/*/*.[ch])

$(B)/shim.stamp: $(STX_H)
	$(Q)for i in $$(sed -n 's/^#include <\(.*\)>$$/\1/p' $^); do \
		mkdir -p $(B)/shim/$${i%/*} && : >$(B)/shim/$$i || exit 1; \
	done
	$(Q)touch $@
$(STX_OBJ): EXTRA = -include tests/unit/shim/kernel.h -isystem $(B)/shim \
			-Ilab/softtdx -Ilab/softtdx/include -Wno-sign-compare
$(STX_OBJ): $(B)/shim.stamp
$(STX_TEST:tests/unit/%.c=$(B)/unit/%): $(call san,$(STX_C))

$(UNIT): $(B)/unit/%: $(B)/san/tests/unit/%.o $(B)/pure-san.a
	$(say) LD $@
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS) $(SAN) $(LDFLAGS) -pthread -o $@ \
		$(filter %.o,$^) $(B)/pure-san.a $(LIBS)

#: unit            all unit tests; T=FOLDER/NAME: one, with CASE=PATTERN of its cases
ifdef T
unit: $(B)/unit/$(T)
	$(Q)$< $(if $(CASE),'$(CASE)')
else
unit: $(UNIT) splat
	$(Q)KUNIT_PY=$(wildcard $(KTOOLS)/testing/kunit/kunit.py) \
		tests/run-ktap unit $(UNIT) tests/unit/cases.sh \
		$(filter-out %/lib.sh,$(wildcard tests/splat/*.sh))
endif

$(META): $(B)/meta/%: $(B)/obj/tests/meta/%.o $(B)/pure.a
	$(say) LD $@
	$(LINK)

#: meta            tests of the runner of the test programs and of its tools
meta: $(META)
	$(Q)KUNIT_PY=$(wildcard $(KTOOLS)/testing/kunit/kunit.py) \
		tests/run-ktap meta $(filter-out %/lib.sh,$(wildcard tests/meta/*.sh))

# ---- for people --------------------------------------------------------------
# Set-up comes first and may install a compiler, so all after it is a make of its
# own.
#: setup           install what the project needs (root), or say what is missing
setup:
	$(Q)scripts/setup

#: lab-tools       the lab's own programs: supervisor, boot image, init
lab-tools:
	$(Q)$(MAKE) --no-print-directory -C lab O=$(CURDIR)/$(B)/lab

#: repro           does this kernel have the bug, and could the suite see it?
repro: setup
	$(Q)$(MAKE) --no-print-directory -s all lab-tools
	$(Q)scripts/lab repro

#: check           every test of the project
#: check-long      and those that take longer
check check-long: setup
	$(Q)$(MAKE) --no-print-directory -s all lab-tools bench-programs
	$(Q)scripts/lab build --bugs >/dev/null
	$(Q)tests/check $(if $(filter check-long,$@),--long)

# git bisect run through two kernel releases; NUMBER= is the place of the bug.
#: check-bisect    find a bug by bisection of two releases; NUMBER=1
NUMBER		?= 1
check-bisect: setup
	$(Q)$(MAKE) --no-print-directory -s all lab-tools
	$(Q)tests/bisect/check $(NUMBER)

# Garbage from guests, and all races, DURATION= seconds each.
#: stress          all races, DURATION=1800 seconds of the guest each
DURATION	?= 1800
STRESS_S	?= $(DURATION)
STRESS		:= random_tdcalls td_and_normal_vm_run_together race_mix \
			race_pairs
# On the stand-in for in-place conversion.
STRESS_INPLACE	:= race_mix race_pairs convert_race_faults \
			convert_race_punch_holes
# Bounds in the guest's and this machine's time, for four subtests in a row.
STRESS_LAB	= --timeout $$((8 * $(STRESS_S) + 1200)) \
			--watchdog $$((40 * $(STRESS_S) + 2400))
stress: setup
	$(Q)$(MAKE) --no-print-directory -s all lab-tools
	$(Q)scripts/lab build >/dev/null
	$(Q)scripts/lab run $(STRESS_LAB) -- \
		./tdx_vm_huge_page -d $(STRESS_S) $(STRESS)
	$(Q)scripts/lab run --inplace $(STRESS_LAB) -- \
		./gmem_inplace_conversion -d $(STRESS_S) $(STRESS_INPLACE)

#: bench           what all this costs; BENCH_RUNS=, BENCH_TDS=, BENCH_ROUNDS=
bench: setup
	$(Q)$(MAKE) --no-print-directory -s all lab-tools bench-programs
	$(Q)tests/bench/run

# The parsers under libFuzzer for FUZZ_S seconds, see tests/fuzz/run.
#: fuzz            the parsers under libFuzzer, FUZZ_S=600 seconds
FUZZ_S		?= 600
FUZZ_C		:= tests/fuzz/fuzz_parser.c \
			$(call sources,lib/base lib/klog lib/lockdep/%,c)
FUZZ_CC		= clang -std=gnu11 -D_GNU_SOURCE -Iinclude -Itests/fuzz -g -O1 \
			-fsanitize=fuzzer,address,undefined \
			-fno-sanitize-recover=all
$(B)/fuzz/parser $(B)/fuzz/control: $(FUZZ_C) $(wildcard tests/fuzz/*.h \
		include/*/*.h include/lockdep/*/*.h)
	$(say) FUZZ $@
	$(Q)mkdir -p $(@D)
	$(Q)$(FUZZ_CC) $(if $(filter %/control,$@),-DFUZZ_CONTROL) -o $@ \
		$(FUZZ_C) $(LIBS)

#: fuzz-programs   what fuzz runs
fuzz-programs: $(B)/fuzz/parser $(B)/fuzz/control
fuzz: $(B)/fuzz/parser
	$(Q)tests/fuzz/run $< $(FUZZ_S)

# Objects of softtdx are those of the unit tests.
#: layers          do includes and calls go down, by tests/layers?
layers: objects $(STX_OBJ)
	$(Q)tests/layers-check

#: lint            what can be checked without running anything
lint:
	$(Q)tests/lint

#: objects         everything compiled, nothing linked: for a second compiler
objects: $(KVM_OBJ) $(call obj,splat.c $(PURE_C) $(META_C))

# ---- the rest ----------------------------------------------------------------
#: clean           remove all that was built
clean:
	$(Q)rm -rf $(B) $(KVM_MAIN) splat

#: help            this text
help:
	@sed -n '3,11s/^# \{0,1\}//p' Makefile
	@echo 'Targets:'
	@sed -n 's/^#: /  /p' Makefile
	@printf '%s\n' '' 'Parts:' \
	'  a suite of check   tests/check NAME...; tests/check --help lists them' \
	'  a subtest          scripts/lab run -- ./tdx_vm_huge_page -t NAME; in the lab,' \
	'                     or the program alone on this kernel; --list lists them' \
	'  a unit test        make unit T=lockdep/test_graph' \
	"  a case of it       make unit T=lockdep/test_graph CASE='rec*'"

-include $(patsubst %.o,%.d,$(LIBKVM_O) $(KVM_OBJ) \
	$(call obj,splat.c $(PURE_C) $(META_C)) \
	$(call san,$(PURE_C) $(STX_C) $(UNIT_C)))
