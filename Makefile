# sluice: make run, make check, make help.

BUILD ?= build
CC = gcc
OPT ?= -O3 -g
JOBS ?= $(shell nproc)
WARN = -Wall -Wextra -Werror -Wshadow -Wstrict-prototypes \
	-Wmissing-prototypes -Wvla -Wformat=2 -Wundef -Wpointer-arith
PKGS = jansson libsodium inih $(LATE_PKGS)
# Opened at their first call (src/base/late.h), on machines where we can.
LATE_PKGS = icu-uc icu-i18n libxml-2.0 libpsl sqlite3 libcurl libmicrohttpd
LATE ?= $(filter x86_64-%,$(shell $(CC) -dumpmachine))
ROOMS ?= base comment wire text features model learn memory policy pipeline \
	store site server page app

PKG_CFLAGS := $(shell pkg-config --cflags $(PKGS) libpq 2>/dev/null)
PKG_LIBS := $(shell pkg-config --libs $(PKGS) 2>/dev/null)
CPPFLAGS += -D_GNU_SOURCE -Isrc -Itraining -Itests -I$(BUILD)/gen -include base/banned.h
CFLAGS += -std=c11 $(OPT) $(WARN) $(PKG_CFLAGS) -MMD -MP
# The stubs come first, so what has one is not asked of the library.
LDLIBS += -Wl,--as-needed $(PKG_LIBS) -lsvm -lpthread -lm

SRC := $(filter-out src/app/main.c,$(wildcard $(ROOMS:%=src/%/*.c)))
OBJ := $(SRC:%.c=$(BUILD)/%.o)
STUBS := $(if $(LATE),$(BUILD)/late.o)
MAIN := $(BUILD)/src/app/main.o
PROGRAM := $(BUILD)/sluice

# What Debian 12 is asked for; tests and lint need more than the program.
DEB_BUILD = gcc libc6-dev pkg-config libsvm-dev liblinear-dev libicu-dev \
	libcurl4-openssl-dev libjansson-dev libxml2-dev libpsl-dev \
	libsodium-dev libsqlite3-dev libpq-dev libinih-dev libmicrohttpd-dev \
	libjs-chart.js
DEB_TEST = check libsubunit-dev python3 jq sqlite3 procps curl iproute2 \
	postgresql parallel
DEB_LINT = clang-format clang-tidy cppcheck shellcheck
install_missing = @missing=$$(for p in $(1); do \
	dpkg-query -W -f '$${Status}' $$p 2>/dev/null | grep -q ' installed' \
	|| echo $$p; done); [ -z "$$missing" ] || { \
	echo "Installing from Debian:" $$missing; \
	sudo=; [ "$$(id -u)" = 0 ] || sudo=sudo; \
	$$sudo apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
	$$sudo apt-get install -y -qq --no-install-recommends $$missing; }

TRAINERS := train evaluate loso learn_bench report
# The trainers link the model room; narrowed ROOMS do without them.
TRAIN_OBJ := $(if $(filter model,$(ROOMS)),$(patsubst %.c,$(BUILD)/%.o,$(filter-out \
	$(TRAINERS:%=training/%.c),$(wildcard training/*.c))))

SUITES ?= $(patsubst tests/check_%.c,%,$(wildcard tests/check_*.c))
CHECK_OBJ := $(SUITES:%=$(BUILD)/tests/check_%.o) $(BUILD)/tests/runner.o \
	$(patsubst %.c,$(BUILD)/%.o,$(wildcard tests/support/*.c))
# These ask a store, and are asked again with a store on PostgreSQL.
ON_SERVER = $(filter action_api copy decisions events familiar history inbox \
	lease moderate page postgres queue_api readers runs search setting_api stats_api store_labels \
	verdict_api writer,$(SUITES))
SANITIZE = -fsanitize=address,undefined -fno-sanitize-recover=all \
	-fno-omit-frame-pointer

.PHONY: help deps build run check unit e2e fuzz fuzzers lint layers model \
	model-report loso learn-bench evaluate bench bench-backlog bench-costly \
	bench-growth bench-guard bench-lists bench-scale bench-serve \
	bench-wordpress install clean
.DELETE_ON_ERROR:

SAMPLE := $(BUILD)/sample
run: deps ## Install what is missing, build, judge the sample queue.
	@$(MAKE) --no-print-directory -j$(JOBS) build
	@mkdir -p $(SAMPLE)
	@[ -e $(SAMPLE)/queue.ndjson ] || \
		cp src/site/sample_queue.ndjson $(SAMPLE)/queue.ndjson
	@$(PROGRAM) run --site-kind filequeue --site-url $(SAMPLE)/queue.ndjson \
		--store $(SAMPLE)/sluice.db
	@sed 's|^|  |' src/app/next_steps.txt

help: ## This list.
	@sed -n 's/^\([a-z0-9-]*\):.*## \(.*\)/make \1|\2/p' Makefile | \
		awk -F'|' '{ printf "%-16s %s\n", $$1, $$2 }'

deps: ## Install the Debian packages that are missing.
	$(call install_missing,$(DEB_BUILD))

build: $(PROGRAM) ## Build the program: build/sluice.

$(PROGRAM): $(OBJ) $(MAIN) $(STUBS)
	@echo "LD $@"
	@$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)

$(BUILD)/%.o: %.c Makefile
	@mkdir -p $(@D)
	@echo "CC $<"
	@$(CC) $(CPPFLAGS) $(CFLAGS) -c -o $@ $<

$(BUILD)/late.o: src/base/late.S $(BUILD)/gen/late_list.s
	@$(CC) -Wa,-I$(BUILD)/gen -c -o $@ $<
$(BUILD)/gen/late_list.s: src/base/late.sh $(OBJ)
	@mkdir -p $(@D)
	@src/base/late.sh "$(sort $(shell pkg-config --libs-only-l $(LATE_PKGS)))" \
		$(OBJ) >$@

# The model is part of the program.
$(BUILD)/src/model/builtin.o: CPPFLAGS += -DMODELS='"models"'
$(BUILD)/src/model/builtin.o: models/manifest models/weights.bin

# So is the moderators' page, with the chart library of Debian.
ASSETS := $(sort $(wildcard src/page/*.html src/page/*.css src/page/*.js \
	src/page/*.svg src/page/*.json))
CHARTS = /usr/share/javascript/chart.js/chart.min.js
$(BUILD)/src/page/assets.o: $(BUILD)/gen/assets_list.h $(ASSETS) $(CHARTS)
$(BUILD)/gen/assets_list.h: FORCE
	@mkdir -p $(@D)
	@i=1; { echo "ASSET(0, \"chart.js\", \"$(CHARTS)\")"; \
		for f in $(ASSETS); do \
		echo "ASSET($$i, \"$${f##*/}\", \"$$f\")"; \
		i=$$((i + 1)); done; } > $@.new
	@cmp -s $@.new $@ || mv $@.new $@

$(CHECK_OBJ): CFLAGS += -Wno-missing-prototypes
$(BUILD)/tests/runner.o: $(BUILD)/gen/suites.h

# One line for each tests/check_<module>.c, which gives <module>_suite().
$(BUILD)/gen/suites.h: FORCE
	@mkdir -p $(@D)
	@for s in $(SUITES); do echo "SUITE($$s)"; done > $@.new
	@cmp -s $@.new $@ || mv $@.new $@
FORCE:

$(BUILD)/check: $(OBJ) $(STUBS) $(TRAIN_OBJ) $(CHECK_OBJ)
	@echo "LD $@"
	@$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ -lcheck -lsubunit -lrt -llinear \
		$(LDLIBS)

check: ## Install what is missing, build, pass all tests.
	$(call install_missing,$(DEB_BUILD) $(DEB_TEST))
	@$(MAKE) --no-print-directory -j$(JOBS) build
	@$(MAKE) --no-print-directory unit
	@$(MAKE) --no-print-directory e2e

unit: ## The Check suites under ASan and UBSan (ROOMS=, SUITES= narrow it).
	@$(MAKE) --no-print-directory -j$(JOBS) BUILD=$(BUILD)/asan \
		OPT="-O1 -g $(SANITIZE)" $(BUILD)/asan/check
	CK_DEFAULT_TIMEOUT=120 $(BUILD)/asan/check
	@[ -z "$(ON_SERVER)" ] || CHECK_STORE=postgres CK_DEFAULT_TIMEOUT=120 \
		tests/support/postgres.sh $(BUILD) $(BUILD)/asan/check $(ON_SERVER)

e2e: build ## The built program against files, faults and a real WordPress.
	tests/e2e/run.sh $(PROGRAM) $(BUILD)/e2e

FUZZERS := $(patsubst tests/fuzz/%.c,$(BUILD)/fuzz/%,$(wildcard tests/fuzz/*.c))
FUZZ_SECONDS ?= 60
fuzz: ## libFuzzer at every parser of strangers' bytes (FUZZ_SECONDS= each).
	$(call install_missing,$(DEB_BUILD) clang)
	@$(MAKE) -j$(JOBS) --no-print-directory BUILD=$(BUILD)/clang CC=clang fuzzers \
		ROOMS="$(filter-out app,$(ROOMS))" \
		WARN="-Wall -Wextra -Werror" OPT="-O1 -g \
		-fsanitize=fuzzer-no-link,address,undefined \
		-fno-sanitize-recover=all -fno-omit-frame-pointer"
	@tests/fuzz/run.sh $(BUILD)/clang/fuzz $(FUZZ_SECONDS)

fuzzers: $(FUZZERS)

.PRECIOUS: $(BUILD)/%.o
$(BUILD)/fuzz/%: $(BUILD)/tests/fuzz/%.o $(OBJ) $(STUBS)
	@mkdir -p $(@D)
	@echo "LD $@"
	@$(CC) $(CFLAGS) -fsanitize=fuzzer -o $@ $^ $(LDLIBS)

BENCH := $(patsubst tests/bench/%.c,$(BUILD)/bench/%,$(wildcard tests/bench/*.c))

bench-serve: build $(BENCH) ## sluice serve against a bare server (wrk).
	$(call install_missing,wrk)
	tests/bench/serve.sh $(PROGRAM) $(BUILD)/bench/bare $(BUILD)/bench/work

bench-backlog: build $(BENCH) ## 100,000 verdicts wait for a site that is down.
	$(call install_missing,wrk sqlite3)
	tests/bench/backlog.sh $(PROGRAM) $(BUILD)/bench/site $(BUILD)/bench/work

bench-scale: build ## A file, then one to three nodes on one PostgreSQL (wrk).
	$(call install_missing,wrk postgresql curl)
	tests/bench/scale.sh $(PROGRAM) $(BUILD)/bench/scale

bench-lists: $(BUILD)/bench/lists ## The page's lists with 100,000 verdicts.
	@mkdir -p $(BUILD)/bench/lists.work && rm -f $(BUILD)/bench/lists.work/*
	$(BUILD)/bench/lists $(BUILD)/bench/lists.work/store.db

bench-wordpress: build ## 20,000 comments at a real WordPress; some minutes.
	tests/bench/wordpress.sh $(PROGRAM) $(BUILD)/bench

lint: ## cppcheck, clang-tidy, clang-format.
	$(call install_missing,$(DEB_BUILD) $(DEB_TEST) $(DEB_LINT))
	@tests/lint.sh

layers: ## Fail on an include that does not follow the arrows.
	@tests/layers.sh

$(TRAINERS:%=$(BUILD)/%): $(BUILD)/%: $(BUILD)/training/%.o $(TRAIN_OBJ) $(OBJ) $(STUBS)
	@echo "LD $@"
	@$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ -llinear $(LDLIBS)

DATA ?= training/data

model: $(BUILD)/train ## Train models/ (DATA=dir; without it, training/data).
	$(BUILD)/train $(DATA) models

loso: $(BUILD)/loso ## Leave one source out: unseen sites (DATA=dir).
	$(BUILD)/loso $(DATA) --json $(BUILD)/loso.json

$(BUILD)/loso.json:
	@$(MAKE) --no-print-directory loso

model-report: $(BUILD)/report $(BUILD)/loso.json ## Draw models/*.svg (DATA=dir).
	$(call install_missing,gnuplot-nox)
	@mkdir -p $(BUILD)/model-report
	$(BUILD)/report $(DATA) $(BUILD)/loso.json $(BUILD)/model-report
	gnuplot -e "from='$(BUILD)/model-report'; to='models'" training/report.gp
	@echo "The card's tables: $(BUILD)/model-report/figures.md"

learn-bench: $(BUILD)/learn_bench ## What a site's labels are worth (DATA=dir).
	$(BUILD)/learn_bench $(DATA) $(BUILD)/learn-bench
	! command -v gnuplot >/dev/null || gnuplot $(BUILD)/learn-bench.gnuplot

evaluate: $(BUILD)/evaluate ## Build the judge of labelled files.

bench: build $(BENCH) $(BUILD)/evaluate ## Beside others: speed and quality.
	tests/bench/compare.py $(BUILD)

bench-growth: build ## How cost grows with comments' length and number.
	tests/bench/growth.py $(BUILD)

bench-costly: build ## Fail when some kind of text costs far too much.
	tests/bench/growth.py $(BUILD) --check

bench-guard: build ## Fail when a comment costs more instructions.
	$(call install_missing,valgrind)
	tests/bench/guard.sh $(BUILD)

$(BENCH): $(BUILD)/bench/%: $(BUILD)/tests/bench/%.o $(OBJ) $(STUBS)
	@mkdir -p $(@D)
	@echo "LD $@"
	@$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)

PREFIX ?= /usr/local
SYSTEMD_LIB ?= $(PREFIX)/lib
install: build ## Install the program and its unit (PREFIX=, DESTDIR=).
	install -D $(PROGRAM) $(DESTDIR)$(PREFIX)/bin/sluice
	install -d $(DESTDIR)$(SYSTEMD_LIB)/systemd/system
	sed 's|@PREFIX@|$(PREFIX)|' src/app/sluice.service.in \
		>$(DESTDIR)$(SYSTEMD_LIB)/systemd/system/sluice.service
	install -D -m 644 src/app/sluice.sysusers \
		$(DESTDIR)$(SYSTEMD_LIB)/sysusers.d/sluice.conf

clean: ## Remove what was built.
	rm -rf $(BUILD)

-include $(OBJ:.o=.d) $(CHECK_OBJ:.o=.d) $(TRAIN_OBJ:.o=.d) $(MAIN:.o=.d) \
	$(TRAINERS:%=$(BUILD)/training/%.d) $(BENCH:$(BUILD)/bench/%=$(BUILD)/tests/bench/%.d)
