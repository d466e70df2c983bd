# The project's commands. `make test` is what CI runs.

GO ?= go
export CGO_ENABLED = 0

.PHONY: all test need check unit web-check walk web bench bench-match bench-read bench-web golden

all: test

# Everything: on both databases, and in a browser. What the machine lacks is named, and installed where that is possible.
test: need check web-check unit walk

need:
	@scripts/need

# Form: nothing unformatted, nothing that vet or the house's own rules dislike.
check:
	@out=$$(gofmt -l $$(git ls-files '*.go')); [ -z "$$out" ] || { echo "not gofmt'ed:"; echo "$$out"; exit 1; }
	$(GO) vet ./...

unit:
	scripts/with-postgres $(GO) test -timeout 30m ./...

# The front end's own checks, and that the committed dist is what its source builds.
web-check:
	cd web && npm ci --no-audit --no-fund && npm run -s types && npm run -s lint && npm test --silent
	scripts/dist-check

walk:
	scripts/walk

# Rebuild what is embedded. Commit it by itself.
web:
	cd web && npm ci --no-audit --no-fund && npm run -s build

bench:
	scripts/with-postgres $(GO) test -run '^$$' -bench . -benchtime 50x -timeout 60m ./...

# How the list of a million receipts feels in a browser; needs web/node_modules, as the walks do.
bench-web:
	GUIKE_BENCH_ROWS=$${GUIKE_BENCH_ROWS-1000000} $(GO) test ./cmd/guike -run '^$$' -bench Web -benchtime 1x -timeout 60m

# Precision and recall of matching on 10,000 generated slips.
bench-match:
	scripts/with-postgres $(GO) test ./match -run TestTruth -slips 10000 -v

# How much of papers is read right, and at what price: our own generators', and the samples where they are.
bench-read:
	$(GO) test ./paper -run '^$$' -bench Corpus -benchtime 1x -timeout 30m

# Rewrite golden files from what the code answers now; read the difference before committing it.
golden:
	$(GO) test ./api -run Golden -update
