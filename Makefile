# sluice: make run, make check, make help.

BUILD ?= build
CC = gcc
OPT ?= -O2 -g
WARN = -Wall -Wextra -Werror -Wshadow -Wstrict-prototypes \
	-Wmissing-prototypes -Wvla -Wformat=2 -Wundef -Wpointer-arith
PKGS = jansson icu-uc icu-i18n libxml-2.0 libpsl libsodium sqlite3 libcurl inih
ROOMS ?= base comment wire text features model policy pipeline store site app

PKG_CFLAGS := $(shell pkg-config --cflags $(PKGS) 2>/dev/null)
PKG_LIBS := $(shell pkg-config --libs $(PKGS) 2>/dev/null)
CPPFLAGS += -D_GNU_SOURCE -Isrc -I$(BUILD)/gen -include base/banned.h
CFLAGS += -std=c11 $(OPT) $(WARN) $(PKG_CFLAGS) -MMD -MP
LDLIBS += $(PKG_LIBS) -lsvm -lpthread -lm

SRC := $(filter-out src/app/main.c,$(wildcard $(ROOMS:%=src/%/*.c)))
OBJ := $(SRC:%.c=$(BUILD)/%.o)
PROGRAM := $(BUILD)/sluice

SUITES ?= $(patsubst tests/check_%.c,%,$(wildcard tests/check_*.c))
CHECK_OBJ := $(SUITES:%=$(BUILD)/tests/check_%.o) $(BUILD)/tests/runner.o
SANITIZE = -fsanitize=address,undefined -fno-sanitize-recover=all \
	-fno-omit-frame-pointer

.PHONY: help
help: ## This list.
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1|\2/p' Makefile | \
		awk -F'|' '{ printf "%-16s %s\n", $$1, $$2 }'

.PHONY: build
build: $(PROGRAM) ## Build the program.

$(PROGRAM): $(OBJ) $(BUILD)/src/app/main.o
	@echo "LD $@"
	@$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)

$(BUILD)/%.o: %.c Makefile
	@mkdir -p $(@D)
	@echo "CC $<"
	@$(CC) $(CPPFLAGS) $(CFLAGS) -c -o $@ $<

# One call of <module>_suite() for each tests/check_<module>.c.
$(BUILD)/gen/suites.h: $(wildcard tests/check_*.c) Makefile
	@mkdir -p $(@D)
	@for s in $(SUITES); do echo "SUITE($$s)"; done > $@

# The model is part of the program.
$(BUILD)/src/model/builtin.o: CPPFLAGS += -DMODELS='"models"'
$(BUILD)/src/model/builtin.o: models/manifest models/weights.bin

$(CHECK_OBJ): CFLAGS += -Wno-missing-prototypes
$(BUILD)/tests/runner.o: $(BUILD)/gen/suites.h

$(BUILD)/check: $(OBJ) $(CHECK_OBJ)
	@echo "LD $@"
	@$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ -lcheck -lsubunit -lrt $(LDLIBS)

# The suites of some rooms only, under the sanitizers, e.g.
#   make unit ROOMS="base comment text" SUITES="fold link" BUILD=/tmp/b
.PHONY: unit
unit: ## Run the Check suites (ROOMS=, SUITES= narrow it).
	@$(MAKE) --no-print-directory BUILD=$(BUILD)/asan OPT="-O1 -g $(SANITIZE)" \
		$(BUILD)/asan/check
	$(BUILD)/asan/check

.PHONY: clean
clean: ## Remove what was built.
	rm -rf $(BUILD)

-include $(OBJ:.o=.d) $(CHECK_OBJ:.o=.d) $(BUILD)/src/app/main.d
