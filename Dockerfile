# s4j as a container: built from the sources, with a Java runtime of just the modules it needs, run by a user without rights.
#   docker build -t s4j .
#   docker run --rm -p 127.0.0.1:8080:8080 -v "$PWD/runs:/runs:ro" -v "$PWD/token.txt:/token.txt:ro" \
#       s4j serve /runs/NAME/model.safetensors --host 0.0.0.0 --token-file /token.txt
FROM maven:3.9-eclipse-temurin-25 AS build
WORKDIR /src
COPY . .
RUN mvn -B -q -Pdist -pl s4-cli -am package -DskipTests -Dspotless.check.skip -Dmaven.javadoc.skip=true \
    && mkdir /opt/s4j \
    && tar -xzf s4-cli/target/s4j-*.tar.gz -C /opt/s4j --strip-components=1 \
    && sh s4-cli/src/dist/jre.sh /opt/s4j/jre

FROM debian:trixie-slim
# libtorch's own threads
RUN apt-get update && apt-get install -y --no-install-recommends libgomp1 && rm -rf /var/lib/apt/lists/* \
    && useradd --system --create-home --home-dir /home/s4j s4j
COPY --from=build /opt/s4j /opt/s4j
USER s4j
WORKDIR /home/s4j
EXPOSE 8080
ENTRYPOINT ["/opt/s4j/s4"]
CMD ["--help"]
