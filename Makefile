# Everything that a developer, a packager or CI calls. `make help` lists it.
#
#   CARGO, CC, CXX, PYTHON, PREFIX, DESTDIR and BENCH_ARGS may be set.

CARGO  ?= cargo
CC     ?= cc
CXX    ?= c++
PYTHON ?= python3
PREFIX ?= /usr/local
VERSION := $(shell sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -n 1)
LIB    := $(CURDIR)/build/lib
BIN    := $(CURDIR)/build/bin
RUN    := LD_LIBRARY_PATH=$(LIB) TAOS_ENGINE=embedded

# Every memory error and every leak is an error. "Possibly lost" is not shown: the hash tables of Rust's
# standard library keep only pointers into the middle of their memory, so valgrind says it of all that live.
LEAKS    := definite,indirect
VALGRIND := valgrind --quiet --error-exitcode=1 --leak-check=full --show-leak-kinds=$(LEAKS) \
            --errors-for-leak-kinds=$(LEAKS)

.PHONY: help all lib header demo test unit conformance passes crash ctests python valgrind symbols lint bench install clean \
        tools

help:
	@echo 'make demo      meters in C and in Python on an embedded database'
	@echo 'make test      install what the tests need, and pass all of them'
	@echo 'make lint      rustfmt, clippy, rustdoc, the header, the exported symbols'
	@echo 'make lib       build/lib/libtaos.so.1'
	@echo 'make bench     benches/bench.c through the built library (BENCH_ARGS)'
	@echo 'make install   library, header, pkg-config file and shell under PREFIX ($(PREFIX))'
	@echo 'make header    write include/taos.h anew; make passes: record what passes now'

all: lib

# ---- building

# cargo knows what is new; the copies are made again only then.
lib:
	$(CARGO) build --release
	@mkdir -p $(LIB) $(BIN)
	@cmp -s target/release/libtaos.so $(LIB)/libtaos.so.1 || cp target/release/libtaos.so $(LIB)/libtaos.so.1
	@ln -sf libtaos.so.1 $(LIB)/libtaos.so
	@cmp -s target/release/taos $(BIN)/taos || cp target/release/taos $(BIN)/taos

header:
	UPDATE_HEADER=1 $(CARGO) test --test header

$(BIN)/%: examples/c/%.c examples/c/table.h include/taos.h | lib
	@mkdir -p $(BIN)
	$(CC) -O1 -Wall -Wextra -Iinclude $< -L$(LIB) -ltaos -lm -o $@

$(BIN)/bench: benches/bench.c include/taos.h | lib
	@mkdir -p $(BIN)
	$(CC) -O2 -Iinclude $< -L$(LIB) -ltaos -lpthread -lm -o $@

# ---- showing

demo: lib $(BIN)/connect $(BIN)/meters $(BIN)/errors
	@packaging/demo.sh $(LIB) $(BIN)

bench: lib $(BIN)/bench
	@dir=$$(mktemp -d) && trap 'rm -rf "$$dir"' EXIT && mkdir "$$dir/data" && \
	  echo "dataDir $$dir/data" > "$$dir/taos.cfg" && \
	  env -u TAOS_DATA_DIR $(RUN) $(BIN)/bench -c "$$dir" $(BENCH_ARGS)

# ---- testing

test: tools unit symbols ctests python valgrind

# All tests of Rust: beside the code, conformance, crash, architecture, header.
unit:
	$(CARGO) test --all-targets
	$(CARGO) test --doc

conformance:
	$(CARGO) test --test conformance

passes:
	UPDATE_PASSES=1 $(CARGO) test --test conformance

crash:
	$(CARGO) test --test crash

ctests: lib
	ctests/run.sh $(LIB)

python: lib
	tests/python/run.sh $(LIB)

valgrind: lib tools
	@echo 'C tests under valgrind'
	LIMIT=900 WRAPPER='$(VALGRIND)' ctests/run.sh $(LIB)

symbols: lib
	packaging/check-library.sh $(LIB)/libtaos.so.1

# What the tests need and a plain machine may lack. Without root it says what is missing.
tools:
	@packaging/install-tools.sh

lint: lib
	$(CARGO) fmt --check
	$(CARGO) clippy --all-targets -- -D warnings
	RUSTDOCFLAGS='-D warnings -A rustdoc::private_intra_doc_links' $(CARGO) doc --no-deps --document-private-items
	$(CARGO) test --test header
	$(CXX) -fsyntax-only -Wall -Wextra -Werror -x c++ -std=c++11 include/taos.h
	$(CC) -fsyntax-only -Wall -Wextra -Werror -x c -std=c99 include/taos.h
	packaging/check-library.sh $(LIB)/libtaos.so.1

# ---- installing

install: lib
	install -d $(DESTDIR)$(PREFIX)/lib/pkgconfig $(DESTDIR)$(PREFIX)/include $(DESTDIR)$(PREFIX)/bin
	install -m 755 $(LIB)/libtaos.so.1 $(DESTDIR)$(PREFIX)/lib/libtaos.so.1
	ln -sf libtaos.so.1 $(DESTDIR)$(PREFIX)/lib/libtaos.so
	install -m 644 target/release/libtaos.a $(DESTDIR)$(PREFIX)/lib/libtaos.a
	install -m 644 include/taos.h $(DESTDIR)$(PREFIX)/include/taos.h
	install -m 755 $(BIN)/taos $(DESTDIR)$(PREFIX)/bin/taos
	sed -e 's|@PREFIX@|$(PREFIX)|' -e 's|@VERSION@|$(VERSION)|' packaging/libtaos.pc.in > $(DESTDIR)$(PREFIX)/lib/pkgconfig/libtaos.pc

clean:
	$(CARGO) clean
	rm -rf build
