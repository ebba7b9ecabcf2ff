# make run      the demo on http://127.0.0.1:8080
# make test     every test, on SQLite and PostgreSQL and in a browser
# make fuzz     a minute of strangers' mail against the reader of bounces; part of make test
# make lint     format, vet, staticcheck; make fmt mends the first
# make bench    mail to 100,000 on both databases, in peace and with kills, and the page beside nginx
# make soak     a word to 100,000 and 200 kills, on both databases: some ten minutes
# make playbook-report  how the word checks agree with labelled texts, per rule and language
# make picture  the README's picture, from the page as it is now
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
LISTEN ?= 127.0.0.1:8080

# The race detector needs a C compiler; Candor itself does not.
RACE := $(if $(shell command -v $${CC:-cc}),-race)

.PHONY: run build test fuzz lint fmt bench soak picture playbook-report clean

run: build
	bin/candor demo --listen $(LISTEN)

build:
	CGO_ENABLED=0 go build -trimpath -ldflags "-s -w" -o bin/candor ./cmd/candor

# Everything runs on both databases. With a C compiler it runs twice: see storetest.EachURL. app and console, whole days and pages on SQLite, have
# nothing to race that their parts have not; app waits for its processes most of its time, so the race detector works beside it. The browser comes
# last and alone: it holds the page to ten seconds, which a machine busy with other tests cannot promise.
test: fuzz
	eval "$$(scripts/postgres)"; \
	$(if $(RACE),TEST_TWICE=1) go test -timeout 15m $$(go list ./... | grep -v -e /e2e$$ -e /app$$); \
	$(if $(RACE),TEST_TWICE=1) go test -timeout 15m ./app & days=$$!; failed=0; \
	$(if $(RACE),CGO_ENABLED=1 TEST_TWICE=1 go test $(RACE) -timeout 15m $$(go list ./... | grep -v -e /e2e$$ -e /app$$ -e /console$$) || failed=1;) \
	wait $$days || failed=1; \
	[ $$failed = 0 ]
	TEST_BROWSER=$$(scripts/browser || true) go test -timeout 15m ./e2e

# A find is shortened ten times at most: the minute is for finding.
fuzz:
	go test ./reach -run '^$$' -fuzz '^FuzzBounce$$' -fuzztime 60s -fuzzminimizetime 10x

lint:
	@unformatted=$$(scripts/tools gofumpt -l .); \
	if [ -n "$$unformatted" ]; then echo "not formatted (make fmt):" $$unformatted; exit 1; fi
	go vet ./...
	scripts/tools staticcheck ./...

fmt:
	scripts/tools gofumpt -w .

bench: build
	scripts/bench

soak:
	scripts/soak
	eval "$$(scripts/postgres)"; CANDOR_SOAK=1 go test -timeout 40m -run '^TestT[0-9]' -v ./duty
	CANDOR_SOAK=1 go test -timeout 60m -run '^TestCountingEverySecond' -v ./amends

picture:
	go test ./e2e -run TestPicture -picture -count=1

playbook-report:
	@go test ./playbook -v -run '^TestReport$$' -count=1 -report | grep -v '^\(=== \|--- \|PASS\|ok \)'

clean:
	rm -rf bin
