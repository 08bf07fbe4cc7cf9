import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { composeModel } from "../../../test/support/compose-model.ts";
import { builtImage } from "./built-image.ts";

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "everyline-built-"));
});

afterAll(() => rm(folder, { recursive: true }));

const imageOf = (build: unknown) => builtImage(composeModel({ a: { build } }).services.a!);

it("takes the last stage, with what the stages before it have, and arguments filled in", async () => {
  const text = `# syntax=docker/dockerfile:1
ARG REGISTRY=docker.io
ARG TAG="3.0.0"
FROM golang:1 as tools
COPY tools /tools
FROM --platform=linux/amd64 \${REGISTRY}/grafana/promtail:$TAG AS base
WORKDIR /etc/promtail
COPY --chown=1:1 a.yaml \\
  b.yaml ./
FROM base
COPY --from=tools /bin/x /bin/x
ADD ["conf/", "/etc/more"]
ENTRYPOINT ["/usr/bin/promtail"]
CMD -config.file=/etc/promtail/a.yaml -x
`;
  await writeFile(join(folder, "Dockerfile"), text);
  expect(await imageOf({ context: folder, args: { TAG: "3.4.1" } })).toMatchObject({
    base: "docker.io/grafana/promtail:3.4.1",
    copies: [
      { source: join(folder, "a.yaml"), target: "/etc/promtail/a.yaml" },
      { source: join(folder, "b.yaml"), target: "/etc/promtail/b.yaml" },
      { source: join(folder, "conf/"), target: "/etc/more" },
    ],
    entrypoint: ["/usr/bin/promtail"],
    command: ["-config.file=/etc/promtail/a.yaml", "-x"],
  });
  expect((await imageOf({ context: folder, target: "tools" }))!.base).toBe("golang:1");
});

it("reads a Dockerfile that stands in the Compose file, and an image from nothing", async () => {
  expect(await imageOf({ context: folder, dockerfile_inline: "FROM scratch\nCOPY x /\n" })).toMatchObject({
    base: undefined,
    copies: [{ source: join(folder, "x"), target: "/" }],
  });
});

it("knows nothing of a service that is not built, or whose Dockerfile is not there", async () => {
  expect(await imageOf(undefined)).toBeUndefined();
  expect(await imageOf({ context: join(folder, "nowhere") })).toBeUndefined();
});
