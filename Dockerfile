# Everyline as a container image, made of its npm package: npm pack && docker build --tag everyline .
# docs/in-ci.md tells how to run it: it needs the socket of the engine, the network of the machine, and folders at the same paths as outside.
ARG BASE=node:24-bookworm-slim
ARG DOCKER_CLI=docker:28-cli

FROM ${DOCKER_CLI} AS docker

FROM ${BASE}
LABEL org.opencontainers.image.title="Everyline" org.opencontainers.image.licenses="Apache-2.0"
# The docker command and its Compose plugin start the stacks.
COPY --from=docker /usr/local/bin/docker /usr/local/bin/
COPY --from=docker /usr/local/libexec/docker/cli-plugins/docker-compose /usr/local/libexec/docker/cli-plugins/
COPY everyline-*.tgz /tmp/everyline.tgz
RUN npm install --global --ignore-scripts --no-audit --no-fund --loglevel=error /tmp/everyline.tgz \
  && rm -rf /tmp/everyline.tgz /root/.npm
ENTRYPOINT ["everyline"]
