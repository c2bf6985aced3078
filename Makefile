# Everything that is done with this project. `make help` lists it.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help run cluster build test faults bench fuzz format

MVN := ./mvnw -B -ntp
JAVA := $(if $(JAVA_HOME),$(JAVA_HOME)/bin/java,java)
# one heap for any load: bodies stream, so it does not depend on their size. Pieces of them that are on their way find room
# beside eden; left to itself the collector makes that too small, and they fill what is for long lives.
# what has no memory left ends, and is started again, rather than go on without some of its threads
JAVA_OPTIONS ?= -Xmx512m -XX:+ExitOnOutOfMemoryError -XX:+UseParallelGC -XX:-UseAdaptiveSizePolicy -XX:SurvivorRatio=8
FUZZ_SECONDS ?= 600
FAULTS_ROUNDS ?= 50
FAULTS_SEED ?= $(shell echo $$RANDOM)

APPLICATION := integrations/runtime/target/application/imaging-ingestion.jar
# of the virtual machine that built it; another starts without it, and more slowly
ARCHIVE := -XX:SharedArchiveFile=$(APPLICATION:.jar=.jsa) -Xlog:cds=off -Xlog:cds+dynamic=off
SOURCES := $(shell find pom.xml dicom-components integrations routes kamelets \
	\( -name target -o -path '*/src/test' \) -prune -o -type f -print)

CLUSTER := tests/integration/target/classpath
CLUSTER_SOURCES := $(shell find tests/servers tests/integration \( -name target -o -name '*IT.java' \) -prune -o -name '*.java' -print)

help: ## lists what can be made
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1	\2/p' Makefile

run: $(APPLICATION) ## starts it: HTTP_PORT=8080 IMAGING_DATA=./data, DB_HOST=… for a PostgreSQL server of your own, ROLE=stow|wado|dimse|event-processor|fhir|binding for a part, PIPE=operator-manifests/samples/… for bindings
	@exec $(JAVA) $(JAVA_OPTIONS) $(ARCHIVE) -jar $(APPLICATION)

cluster: $(APPLICATION) $(CLUSTER) ## starts two of each role with PostgreSQL, S3 and NATS behind one address: HTTP_PORT=8080 DIMSE_PORT=11112
	@tests/install cluster
	@exec $(JAVA) -Xmx256m -Dimaging.project=. -cp tests/integration/target/test-classes:$$(cat $(CLUSTER)) org.imagingingestion.tests.Cluster

build: $(APPLICATION) ## builds the application without testing it

$(APPLICATION): $(SOURCES)
	@echo "building (the first time downloads the dependencies)"
	@$(MVN) -q package -Dmaven.test.skip=true -Dspotless.check.skip=true -pl integrations/runtime -am
	@touch $@

$(CLUSTER): $(CLUSTER_SOURCES) $(SOURCES)
	@$(MVN) -q test-compile dependency:build-classpath -Dmdep.outputFile=target/classpath -Dspotless.check.skip=true -pl tests/integration -am
	@touch $@

# servers are killed, frozen and cut off under load: what fails is tried once more, and told as a flake where it passes then
test: ## installs what the tests need and runs all of them
	@tests/install
	@folder=$$(tests/folder) && trap 'rm -rf "$$folder"' EXIT && \
		$(MVN) verify -Dsurefire.rerunFailingTestsCount=1 -Dtest.folder="$$folder"

faults: ## kills roles, servers and networks of a cluster under load: FAULTS_ROUNDS=50 FAULTS_SEED=…
	@tests/install cluster
	$(MVN) package -pl tests/integration -am -Dtest='ClusterIT#keepsItsPromisesWhateverFails' -Dsurefire.failIfNoSpecifiedTests=false \
		-Dfuzz.skip=true -Dimaging.faults.rounds=$(FAULTS_ROUNDS) -Dimaging.seed=$(FAULTS_SEED)

bench: $(APPLICATION) ## measures it beside Orthanc
	@tests/benchmarks/run

fuzz: ## feeds random bytes to every reader, FUZZ_SECONDS=600 to each
	$(MVN) test-compile surefire:test@fuzz -Dfuzz.seconds=$(FUZZ_SECONDS) -pl dicom-components/dicom-core,dicom-components/dicom-net -am

format: ## lays out all Java sources
	@$(MVN) -q spotless:apply
