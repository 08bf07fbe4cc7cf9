import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readConfig } from "./own-config.ts";

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "everyline-test-"));
});

afterAll(() => rm(folder, { recursive: true }));

async function configOf(text: string, environment = {}, name = "everyline.config.yaml") {
  const path = join(folder, name);
  await writeFile(path, text);
  return readConfig(path, environment);
}

const plain = `
name: shop
compose: compose.yaml
source: { folder: /var/log/shop }
shipper: { service: tailer }
loki: { url: "http://store:3100", selector: '{job="x"}' }
`;

/** The same with its lines in files. */
const ofFiles = (file: string) => plain.replace(/^loki:.*$/m, `file: ${file}`);

describe("a configuration", () => {
  it("may have files or VictoriaLogs at the end", async () => {
    const files = await configOf(ofFiles("{ service: tailer, path: /out/logs*.json }"));
    expect(files.sink).toEqual({ kind: "file", service: "tailer", path: "/out/logs*.json" });
    const text = plain
      .replace("loki:", "victorialogs:")
      .replace("selector", `bearerToken: "\${TOKEN}", selector`);
    const { sink } = await configOf(text, { TOKEN: "a secret" });
    expect(sink).toMatchObject({ kind: "victorialogs", url: "http://store:3100", bearerToken: "a secret" });
  });

  it("takes a secret from the environment, and is refused where the variable is not set", async () => {
    const text = plain.replace(
      "selector",
      `tenant: team, basicAuth: { username: me, password: "\${PW}" }, selector`,
    );
    expect(await configOf(text, { PW: "pass word" })).toMatchObject({
      sink: { kind: "loki", tenant: "team", basicAuth: { username: "me", password: "pass word" } },
    });
    await expect(configOf(text)).rejects.toThrow("takes a secret from the variable PW, which is not set");
  });

  it("may be written in TypeScript", async () => {
    const text = `export default { name: "far", compose: ["a.yaml", "b.yaml"], source: { folder: "/logs" },
      shipper: { service: "tailer" }, loki: { url: "https://loki.example/", selector: "{a=\\"b\\"}", bearerToken: "abcdefgh" } };`;
    const config = await configOf(text, {}, "far.config.ts");
    expect(config.composeFiles).toEqual([join(folder, "a.yaml"), join(folder, "b.yaml")]);
    expect(config).toMatchObject({
      name: "far",
      sink: { url: "https://loki.example/", selector: '{a="b"}', bearerToken: "abcdefgh" },
    });
  });

  it.each([
    ["a key nobody knows", `${plain}sources: 3`, /Unrecognized key: "sources"/],
    [
      "a URL that is none",
      plain.replace("http://store:3100", "store:3100"),
      /expected a URL like http:\/\/loki:3100/,
    ],
    ["a selector that is none", plain.replace("'{job=\"x\"}'", "job"), /expected a stream selector like/],
    [
      "a relative folder",
      plain.replace("/var/log/shop", "logs"),
      /expected a path in the shipper's container/,
    ],
    [
      "two ways to log in",
      plain.replace(
        "selector",
        "bearerToken: abcdefgh, basicAuth: { username: a, password: bcdefghi }, selector",
      ),
      /both basicAuth and bearerToken/,
    ],
    [
      "bounds that promise nothing",
      `${plain}bounds: { lateAfterSeconds: 5 }`,
      /without a promise, nothing can be broken/,
    ],
    [
      "no sink",
      plain.replace(/^loki:.*$/m, ""),
      /exactly one of the keys loki, victorialogs, file, .* found none/,
    ],
    [
      "two sinks",
      `${plain}file: { service: tailer, path: /out/logs.json }`,
      /exactly one of the keys loki, victorialogs, file, .* found loki and file/,
    ],
    [
      "wildcards in a folder of the files",
      ofFiles("{ service: tailer, path: /out/*/logs.json }"),
      /expected the path of a file in the container, with wildcards in its last part alone/,
    ],
    [
      "a folder in place of files",
      ofFiles("{ service: tailer, path: /out/ }"),
      /expected the path of a file/,
    ],
    [
      "a path that depends on the folder",
      ofFiles("{ service: tailer, path: logs.json }"),
      /expected the path/,
    ],
    ["text that is no YAML", "compose: [", /cannot be read/],
  ])("is refused with %s", async (_, text, message) => {
    await expect(configOf(text)).rejects.toThrow(message);
  });

  it("takes with one Compose file what docker compose up takes with it, and with a list no other", async () => {
    const beside = await mkdtemp(join(folder, "beside-"));
    for (const name of ["compose.yaml", "compose.override.yaml"]) await writeFile(join(beside, name), "");
    const path = join(beside, "everyline.config.yaml");
    await writeFile(path, plain);
    const one = await readConfig(path, {});
    expect(one.composeFiles).toEqual([join(beside, "compose.yaml"), join(beside, "compose.override.yaml")]);
    expect(one.notes).toEqual([expect.stringMatching(/override.yaml is used with .*compose.yaml/)]);
    await writeFile(path, plain.replace("compose: compose.yaml", "compose: [compose.yaml]"));
    const list = await readConfig(path, {});
    expect(list.composeFiles).toEqual([join(beside, "compose.yaml")]);
    expect(list.notes).toEqual([
      expect.stringMatching(/leaves out .*override.yaml.* starts a different stack than that command/),
    ]);
  });

  it("says which services run and with which variables; of none, if it does not", async () => {
    expect(await configOf(plain)).toMatchObject({ envFiles: [], profiles: [], with: [], without: [] });
    const keys = "envFile: [prod.env, /etc/more.env]\nprofiles: [logs]\nwith: [gate]\nwithout: [app]\n";
    expect(await configOf(plain + keys)).toMatchObject({
      envFiles: [join(folder, "prod.env"), "/etc/more.env"],
      profiles: ["logs"],
      with: ["gate"],
      without: ["app"],
    });
    expect(await configOf(`${plain}envFile: prod.env\n`)).toMatchObject({
      envFiles: [join(folder, "prod.env")],
    });
  });

  it("bears no name of a pipeline of Everyline's own, with which its reports could be mixed up", async () => {
    await expect(configOf(plain.replace("name: shop", "name: direct"))).rejects.toThrow(
      /name is direct, which is a pipeline of Everyline's own/,
    );
    const direct = await mkdtemp(join(folder, "beside-"));
    await mkdir(join(direct, "direct"));
    const path = join(direct, "direct/everyline.config.yaml");
    await writeFile(path, plain.replace("name: shop\n", ""));
    expect((await readConfig(path, {})).name).toBe("own-direct");
  });

  it("is asked for where there is none", async () => {
    await expect(readConfig(join(folder, "none.yaml"), {})).rejects.toThrow("`everyline init` writes one");
  });
});
