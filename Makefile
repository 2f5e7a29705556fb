# Makefile - behind ./run; see ARCHITECTURE.md.
#
#   make MODE=release|debug|cover|fuzz    build/taizhang is the release, build/debug/taizhang the one with
#                                         sanitizers, fuzz wants CC=clang and makes `make fuzz`; objects of a
#                                         mode never mix with another's
MODE    ?= release
CC      ?= gcc
NPM     := node_modules
DUCKDB_DIR ?= $(CURDIR)/build/duckdb
OUT     := $(if $(filter release,$(MODE)),build,build/$(MODE))
OBJ     := build/obj/$(MODE)

WARN    := -Wall -Wextra -Werror -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes -Wvla
CFLAGS.release := -O2 -g -Wno-maybe-uninitialized -D_FORTIFY_SOURCE=2 -fstack-protector-strong -fPIE
CFLAGS.debug   := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
CFLAGS.cover   := -O0 -g --coverage
CFLAGS.fuzz    := -O1 -g -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer -w
LDFLAGS.release := -pie -Wl,-z,relro,-z,now
LDFLAGS.debug   := -fsanitize=address,undefined
LDFLAGS.cover   := --coverage
LDFLAGS.fuzz    := -fsanitize=fuzzer,address,undefined
# Headers of libraries that lie in folders of their own; found once, as a system's headers.
LIBRARY_HEADERS := $(subst -I,-isystem ,$(shell pkg-config --cflags-only-I pangocairo))
CFLAGS_ALL  := -std=c17 -D_GNU_SOURCE $(WARN) $(CFLAGS.$(MODE)) -Isrc -isystem $(DUCKDB_DIR) $(LIBRARY_HEADERS) -I$(OBJ) $(CFLAGS)
LDFLAGS_ALL := $(LDFLAGS.$(MODE)) -L$(DUCKDB_DIR) '-Wl,-rpath,$$ORIGIN/duckdb:$$ORIGIN/../duckdb:$(DUCKDB_DIR)' $(LDFLAGS)
LIBS := -lduckdb -lsqlite3 -lyaml -lexpat -lzip -lxlsxwriter -ljpeg -lpng16 -ljansson -lcrypto -lmd4c -lpangocairo-1.0 -lpango-1.0 -lgobject-2.0 -lglib-2.0 -lcairo -lqrencode -lmicrohttpd -lsodium \
	-lm -lpthread

SOURCES := $(sort $(shell find src -name '*.c'))
OBJECTS := $(SOURCES:%.c=$(OBJ)/%.o)
LIBRARY := $(filter-out $(OBJ)/src/cli/main.o,$(OBJECTS))
TESTS   := $(sort $(wildcard tests/unit/*.c tests/model/*.c))
TEST_PROGRAMS := $(TESTS:%.c=$(OUT)/%)
BENCHES := $(sort $(wildcard bench/*.c))
FUZZERS := $(filter-out tests/fuzz/replay.c,$(sort $(wildcard tests/fuzz/*.c)))
FUZZ_PROGRAMS := $(FUZZERS:%.c=$(OUT)/%)
# With libFuzzer the main function is its own; else the driver that runs files.
FUZZ_MAIN := $(if $(filter fuzz,$(MODE)),,$(OBJ)/tests/fuzz/replay.o)

.PHONY: all tests benches fuzz clean
.DELETE_ON_ERROR:
.SECONDARY:
all: $(OUT)/taizhang $(OUT)/taizhang-verify
tests: $(TEST_PROGRAMS) $(FUZZ_PROGRAMS)
fuzz: $(FUZZ_PROGRAMS)
benches: $(BENCHES:%.c=$(OUT)/%)

$(OUT)/taizhang: $(OBJECTS)
	@echo "LD  $@"
	@mkdir -p $(@D)
	@$(CC) -o $@ $(OBJECTS) $(LDFLAGS_ALL) $(LIBS)

# Checks a proof: no database, no DuckDB, so only these two libraries.
$(OUT)/taizhang-verify: $(OBJ)/tools/taizhang-verify.o $(OBJ)/libtaizhang.a
	@echo "LD  $@"
	@mkdir -p $(@D)
	@$(CC) -o $@ $^ $(LDFLAGS.$(MODE)) $(LDFLAGS) -ljansson -lcrypto

$(OBJ)/libtaizhang.a: $(LIBRARY)
	@rm -f $@ && ar rcs $@ $(LIBRARY)

$(TEST_PROGRAMS): $(OUT)/%: $(OBJ)/%.o $(OBJ)/tests/be_worker.o $(OBJ)/libtaizhang.a
	@echo "LD  $@"
	@mkdir -p $(@D)
	@$(CC) -o $@ $< $(OBJ)/tests/be_worker.o $(OBJ)/libtaizhang.a $(LDFLAGS_ALL) $(LIBS) -lcmocka

$(FUZZ_PROGRAMS): $(OUT)/%: $(OBJ)/%.o $(FUZZ_MAIN) $(OBJ)/libtaizhang.a
	@echo "LD  $@"
	@mkdir -p $(@D)
	@$(CC) -o $@ $< $(FUZZ_MAIN) $(OBJ)/libtaizhang.a $(LDFLAGS_ALL) $(LIBS)

$(OUT)/bench/%: $(OBJ)/bench/%.o $(OBJ)/libtaizhang.a
	@echo "LD  $@"
	@mkdir -p $(@D)
	@$(CC) -o $@ $< $(OBJ)/libtaizhang.a $(LDFLAGS_ALL) $(LIBS)

$(OBJ)/%.o: %.c $(OBJ)/flags
	@echo "CC  $<"
	@mkdir -p $(@D)
	@$(CC) $(CFLAGS_ALL) -MMD -MP -c -o $@ $<

# A changed flag rebuilds; an unchanged one leaves the stamp alone.
$(OBJ)/flags: FORCE
	@mkdir -p $(@D)
	@echo '$(CC) $(CFLAGS_ALL)' | cmp -s - $@ || echo '$(CC) $(CFLAGS_ALL)' > $@
.PHONY: FORCE
FORCE:

# Texts of the program that are files: tools/embed.c turns each into a C array.
build/tools/%: tools/%.c
	@echo "CC  $<"
	@mkdir -p $(@D)
	@$(CC) -std=c17 -D_GNU_SOURCE $(WARN) -O1 -o $@ $<

$(OBJ)/schema.inc: build/tools/embed $(sort $(wildcard src/store/schema/*.sql))
	@mkdir -p $(@D)
	@build/tools/embed $(sort $(wildcard src/store/schema/*.sql)) > $@
$(OBJ)/src/store/schema.o: $(OBJ)/schema.inc

# The site: pages and parts of pages (templates), and what a browser fetches beside them.
HTMX   ?= build/npm/htmx.min.js
PAGES  := $(sort $(wildcard web/pages/*.html))
PARTS  := $(sort $(wildcard web/parts/*.html))
ASSETS := $(sort $(wildcard web/*.css web/*.js web/*.svg)) $(HTMX)
$(OBJ)/pages.inc: build/tools/embed $(PAGES) web/pages
	@mkdir -p $(@D)
	@build/tools/embed $(PAGES) > $@
$(OBJ)/parts.inc: build/tools/embed $(PARTS) web/parts
	@mkdir -p $(@D)
	@build/tools/embed $(PARTS) > $@
$(OBJ)/assets.inc: build/tools/embed $(ASSETS) web
	@mkdir -p $(@D)
	@build/tools/embed $(ASSETS) > $@
$(OBJ)/src/web/render.o: $(OBJ)/pages.inc $(OBJ)/parts.inc $(OBJ)/assets.inc

clean:
	rm -rf build

-include $(OBJECTS:.o=.d) $(TESTS:%.c=$(OBJ)/%.d) $(BENCHES:%.c=$(OBJ)/%.d) $(FUZZERS:%.c=$(OBJ)/%.d)
