# Manyhands: make run, make test. "make help" lists the rest.

# gles is OpenGL ES, which every Mesa and vendor driver on Linux has, and whose
# bindings compile in a fraction of the time; elsewhere plain OpenGL is used.
# migrated_fynedo leaves out Fyne's check that its calls come from the right
# goroutine: the tests build without it and fail when it speaks.
TAGS ?= $(if $(filter Linux,$(shell uname -s)),gles)
SHIP  = $(TAGS) migrated_fynedo
GO   ?= go

.PHONY: run test unit race window headless lint fuzz bench package help

run: ## install what is missing, build, and open the window
	@scripts/prepare.sh build
	@$(GO) build -tags '$(SHIP)' -o build/manyhands .
	@scripts/open.sh build/manyhands

test: ## install what is missing, and run every test
	@scripts/prepare.sh test
	@$(MAKE) --no-print-directory unit race headless window

unit: ## the tests that need no display
	LANG=en_US.UTF-8 $(GO) test -shuffle=on -tags '$(TAGS)' ./...

race: ## the core's tests, with the race detector
	$(GO) test -race -short -shuffle=on ./core/... ./cli/...

headless: ## the build without a window is static, and its commands work
	CGO_ENABLED=0 $(GO) build -trimpath -tags headless -o build/manyhands-headless .
	scripts/headless-test.sh build/manyhands-headless

window: ## the real window under Xvfb, by keyboard
	$(GO) build -tags '$(TAGS)' -o build/manyhands-checked .
	MANYHANDS_BINARY=$(CURDIR)/build/manyhands-checked $(GO) test -count=1 -tags '$(TAGS) xvfb' ./gui/realwindow/

lint: ## layers, formatting, and the usual mistakes
	@scripts/lint.sh

fuzz: ## every fuzz target, FUZZTIME each
	@scripts/fuzz.sh $${FUZZTIME:-60s}

bench: ## what one item costs beside other pools, the window under load, and every scenario beside other programs
	@scripts/prepare.sh bench
	$(GO) test -run '^$$' -bench . -benchtime 3x -count 3 ./core/
	$(GO) test -run '^$$' -bench . -count 3 ./core/images/
	$(GO) test -run '^$$' -bench . -benchtime 1x -tags '$(SHIP) xvfb' ./gui/realwindow/
	scripts/peers/images.sh
	scripts/peers/fetch.sh
	scripts/peers/download.sh
	scripts/peers/load.sh

package: ## an application bundle for this system, by Fyne's own tool
	@scripts/prepare.sh build
	$(GO) build -tags '$(SHIP)' -o build/manyhands .
	$(GO) run fyne.io/tools/cmd/fyne@v1.7.4 package --executable build/manyhands

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST)
