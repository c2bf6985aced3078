# Everything that is done with this project. `make help` lists it.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help run build test bench fuzz format

MVN := ./mvnw -B -ntp
JAVA := $(if $(JAVA_HOME),$(JAVA_HOME)/bin/java,java)
# one heap for any load: bodies stream, so it does not depend on their size. Pieces of them that are on their way find room
# beside eden; left to itself the collector makes that too small, and they fill what is for long lives
JAVA_OPTIONS ?= -Xmx512m -XX:+UseParallelGC -XX:-UseAdaptiveSizePolicy -XX:SurvivorRatio=8
FUZZ_SECONDS ?= 600

APPLICATION := integrations/runtime/target/quarkus-app/quarkus-run.jar
SOURCES := $(shell find pom.xml dicom-components integrations routes kamelets \
	\( -name target -o -path '*/src/test' \) -prune -o -type f -print)

help: ## lists what can be made
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1	\2/p' Makefile

run: $(APPLICATION) ## starts it: HTTP_PORT=8080 IMAGING_DATA=./data, DB_HOST=… for a PostgreSQL server of your own
	@exec $(JAVA) $(JAVA_OPTIONS) -jar $(APPLICATION)

build: $(APPLICATION) ## builds the application without testing it

$(APPLICATION): $(SOURCES)
	@echo "building (the first time downloads the dependencies)"
	@$(MVN) -q package -Dmaven.test.skip=true -Dspotless.check.skip=true -pl integrations/runtime -am
	@touch $@

test: ## installs what the tests need and runs all of them
	@tests/install
	$(MVN) verify

bench: $(APPLICATION) ## measures it beside Orthanc
	@tests/benchmarks/run

fuzz: ## feeds random bytes to every reader, FUZZ_SECONDS=600 to each
	$(MVN) test-compile surefire:test@fuzz -Dfuzz.seconds=$(FUZZ_SECONDS) -pl dicom-components/dicom-core,dicom-components/dicom-net -am

format: ## lays out all Java sources
	@$(MVN) -q spotless:apply
