import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { composeModel } from "../../../test/support/compose-model.ts";
import { linesOf, type OwnSource, sourcePath } from "../../pipeline/own-source.ts";
import { assertReads } from "./read-check.ts";

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "everyline-reads-"));
});

afterAll(() => rm(folder, { recursive: true }));

async function check(glob: string, source: OwnSource, prefix?: string): Promise<void> {
  const file = join(folder, "ship.yaml");
  await writeFile(
    file,
    `scrape_configs: [{ static_configs: [{ labels: { job: a, __path__: "${glob}" } }] }]\n`,
  );
  const target = "/etc/promtail/config.yml";
  const model = composeModel({
    tailer: {
      image: "grafana/promtail:3.6.4",
      command: [`-config.file=${target}`],
      volumes: [{ type: "bind", source: file, target, read_only: true }],
    },
  });
  return assertReads(model, "tailer", sourcePath(source)!, {
    lines: linesOf(source),
    ...(prefix && { prefix }),
  });
}

it.each<[string, OwnSource]>([
  ["/var/log/shop/*.log", { folder: "/var/log/shop" }],
  ["/var/log/shop/app-*.json", { folder: "/var/log/shop/", file: "app-*.json" }],
  ["/var/log/shop/access.log", { folder: "/var/log/shop", file: "access.log" }],
  ["/var/log/app.log", { path: "/var/log/app.log" }],
])("a shipper of %s reads what %j says", async (glob, source) => {
  await check(glob, source);
});

it.each<[string, OwnSource, RegExp]>([
  [
    "/var/log/shop/app-*.json",
    { folder: "/var/log/shop" },
    /reads \/var\/log\/shop\/app-\*\.json, but a run writes files like app-1\.log into \/var\/log\/shop\. .* source\.file to the names/,
  ],
  [
    "/var/log/shop/access.log",
    { folder: "/var/log/shop", file: "error.log" },
    /writes the file error\.log into/,
  ],
  ["/var/log/other.log", { path: "/var/log/app.log" }, /Set source\.path to the file that it reads\./],
])("a shipper of %s is refused where %j says otherwise", async (glob, source, why) => {
  await expect(check(glob, source)).rejects.toThrow(why);
});

it("a file among those of others has a prefix in its place", async () => {
  await check(
    "/var/log/shop/app-everyline-*.json",
    { folder: "/var/log/shop", file: "app-*.json" },
    "everyline-0000-",
  );
});
