# The application, and the classes of its start as this very Java shares them. docker build -t imaging-ingestion .
#
# It runs as user 1001 and writes to /data and /tmp alone: docker run --read-only --tmpfs /tmp -v imaging:/data -p 8080:8080 imaging-ingestion
FROM maven:3.9-eclipse-temurin-17 AS build
WORKDIR /src
COPY . .
RUN --mount=type=cache,target=/root/.m2 ./mvnw -B -ntp -q package -Dmaven.test.skip=true -Dspotless.check.skip=true -Dexec.skip=true -pl integrations/runtime -am

FROM eclipse-temurin:17-jre AS application
RUN groupadd --gid 1001 imaging && useradd --uid 1001 --gid 1001 --home-dir /data --no-create-home --shell /usr/sbin/nologin imaging && install -d -o 1001 -g 1001 /data
COPY --from=build /src/integrations/runtime/target/application /app

# as the user, since PostgreSQL, which a start needs, does not run as root
FROM application AS archive
COPY --from=build /src/integrations/runtime/src/main/scripts/archive-classes /opt/archive-classes
RUN chown 1001 /app
USER 1001:1001
RUN /opt/archive-classes /app java

FROM application
COPY --from=archive /app/imaging-ingestion.jsa /app/imaging-ingestion.jsa
ENV IMAGING_DATA=/data
WORKDIR /app
EXPOSE 8080 11112
USER 1001:1001
# heap for half of the memory, as what is sent and received is beside it; see JAVA_OPTIONS of the Makefile for the rest
ENTRYPOINT ["java", "-XX:MaxRAMPercentage=50", "-XX:+ExitOnOutOfMemoryError", "-XX:+UseParallelGC", "-XX:-UseAdaptiveSizePolicy", "-XX:SurvivorRatio=8", "-XX:-UsePerfData", "-XX:SharedArchiveFile=/app/imaging-ingestion.jsa", "-Xlog:cds=off", "-Xlog:cds+dynamic=off", "-jar", "/app/imaging-ingestion.jar"]
