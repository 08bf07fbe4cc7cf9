import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { composeModel } from "../../../test/support/compose-model.ts";
import { describeMountNote } from "../mount-note.ts";
import type { ComposeModel } from "./compose-model.ts";
import { notesOf } from "./mount-notes.ts";
import { type MountWishes, planMounts } from "./own-mounts.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "everyline-test-"));
});

afterEach(() => rm(folder, { recursive: true }));

async function put(files: Record<string, string>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(join(folder, dirname(name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
}

/** `SOURCE:TARGET[:ro]` by service; a source without a slash is a volume. */
function modelOf(
  volumes: Record<string, string[]>,
  command: string[] = [],
  named: ComposeModel["volumes"] = {},
): ComposeModel {
  const mount = (text: string) => {
    const [source = "", target = "", mode] = text.split(":");
    const isBind = source.startsWith("/") || source.startsWith(".");
    return {
      type: isBind ? "bind" : "volume",
      source: isBind ? join(source.startsWith("/") ? "" : folder, source) : source,
      target,
      read_only: mode === "ro",
    };
  };
  const services = Object.entries(volumes).map(([name, list]) => [
    name,
    { command, volumes: list.map(mount) },
  ]);
  return { ...composeModel(Object.fromEntries(services)), volumes: named };
}

function planOf(model: ComposeModel, wishes: Partial<MountWishes> = {}, isFileMounted = false) {
  return planMounts(model, {
    started: Object.keys(model.services),
    shipper: "tailer",
    logsPath: "/var/log/shop",
    isFileMounted,
    wishes: { empty: [], copy: [], ...wishes },
  });
}

describe("planMounts", () => {
  it("copies a folder that a container may write into, and leaves what is only read as it is", async () => {
    await put({ "etc/store.yaml": "a", "etc/rules/one.yaml": "b", "ship/config.yml": "c" });
    const plan = await planOf(modelOf({ store: ["./etc:/etc/store"], tailer: ["./ship:/etc/promtail:ro"] }));
    expect(plan.own).toMatchObject([
      { kind: "folder", places: [{ service: "store", target: "/etc/store" }], leftOut: [] },
    ]);
    const files = plan.own[0]!.entries.map(({ path, kind, content }) => [path, kind, content?.toString()]);
    expect(files).toEqual([
      ["", "folder", undefined],
      ["rules", "folder", undefined],
      ["rules/one.yaml", "file", "b"],
      ["store.yaml", "file", "a"],
    ]);
    expect(plan.kept).toMatchObject([{ service: "tailer", target: "/etc/promtail" }]);
  });

  it("copies the settings in a folder of data, and starts without the data", async () => {
    await put({
      "state/local.yaml": "a",
      "state/chunks/fake/x": "b",
      "state/wal/00000001": "c",
      "state/index.db": "d",
      "state/positions": 'positions:\n  /var/log/a.log: "12"\n',
    });
    const model = modelOf({ store: ["./state:/state"] }, ["-config.file=/state/local.yaml"]);
    const { own } = await planOf(model);
    expect(own[0]!.entries.map(({ path }) => path)).toEqual(["", "local.yaml"]);
    expect(own[0]!.leftOut).toEqual(["chunks", "index.db", "positions", "wal"]);
    expect(notesOf(model, ["store"], { own, kept: [] }).map(describeMountNote)).toEqual([
      `store /state: a copy of ${join(folder, "state")}, without the data in it: chunks, index.db, positions, wal`,
    ]);
  });

  it("never leaves out a file that is named as the configuration, whatever it looks like", async () => {
    await put({ "data/wal/store.yaml": "positions: {}", "data/wal/00000001": "c" });
    const { own } = await planOf(modelOf({ store: ["./data:/data"] }, ["-config.file=/data/wal/store.yaml"]));
    expect(own[0]!.entries.map(({ path }) => path)).toContain("data/wal/store.yaml".slice("data/".length));
  });

  it.each([
    ["data alone", { "state/chunks/x": "b" }],
    ["the logs of a program", { "state/a.log": "b", "state/b.log.1": "c" }],
  ])("starts without a folder that holds %s", async (_, files) => {
    await put(files);
    const { own } = await planOf(modelOf({ store: ["./state:/state"] }));
    expect(own).toMatchObject([{ kind: "folder", entries: [], leftOut: [""] }]);
  });

  it("copies a single file, and gives all services that mount it the same copy", async () => {
    await put({ "state/journal": "the user's own" });
    const { own, kept } = await planOf(
      modelOf({ app: ["./state/journal:/state/journal"], web: ["./state/journal:/j:ro"] }),
    );
    expect(own).toMatchObject([
      {
        kind: "file",
        places: [
          { service: "app", readOnly: false },
          { service: "web", readOnly: true },
        ],
      },
    ]);
    expect(own[0]!.entries[0]!.content!.toString()).toBe("the user's own");
    expect(kept).toEqual([]);
  });

  it("keeps links as they are, leaves sockets where they are, and has a stand-in for the engine's", async () => {
    await put({ "etc/real.yaml": "a" });
    await symlink("real.yaml", join(folder, "etc/config.yaml"));
    const server = createServer().listen(join(folder, "docker.sock"));
    try {
      const model = modelOf({ store: ["./etc:/etc/store", "./docker.sock:/var/run/docker.sock"] });
      const plan = await planOf(model);
      expect(plan.own[0]!.entries).toContainEqual(
        expect.objectContaining({ path: "config.yaml", kind: "link", linkName: "real.yaml" }),
      );
      expect([plan.own.length, plan.kept.length]).toEqual([1, 0]);
      expect(describeMountNote(notesOf(model, ["store"], plan).at(-1)!)).toMatch(
        /store has a stand-in for the socket of the engine/,
      );
    } finally {
      server.close();
    }
  });

  it("treats a volume of a folder of the machine as that folder, and refuses a volume that every stack shares", async () => {
    await put({ "etc/store.yaml": "a" });
    const bound = { driver_opts: { type: "none", o: "bind", device: join(folder, "etc") } };
    const conf = { name: "shop_conf", external: false };
    const model = modelOf({ store: ["conf:/etc/store:ro"] }, [], { conf: { ...conf, ...bound } });
    expect((await planOf(model)).own).toMatchObject([{ kind: "folder", source: join(folder, "etc") }]);
    const shared = { ...conf, driver_opts: { type: "nfs", o: "addr=10.0.0.1", device: ":/x" } };
    await expect(planOf(modelOf({ store: ["conf:/state"] }, [], { conf: shared }))).rejects.toThrow(
      /volume conf \(driver local, type nfs\) is the same for every stack.*--project NAME/,
    );
  });

  it("copies a volume where it holds a service's configuration, and no other", async () => {
    const named = (key: string) => ({ name: `shop_${key}`, external: false });
    const model = modelOf(
      { store: ["conf:/cfg", "data:/state", "etc:/etc/x"] },
      ["-config.file=/cfg/a.yaml"],
      {
        conf: named("conf"),
        data: named("data"),
        etc: named("etc"),
      },
    );
    expect((await planOf(model)).own.map(({ kind, source }) => [kind, source])).toEqual([
      ["volume", "shop_conf"],
      ["volume", "shop_etc"],
    ]);
  });

  it("does not look at the folder of the log files, nor at those of the machine or what is not there", async () => {
    await put({ "logs/app.txt": "a" });
    const { own } = await planOf(
      modelOf({
        tailer: ["./logs:/var/log/shop", "/var/log:/host/log", "./missing:/m:ro"],
        app: ["./logs:/out"],
      }),
    );
    expect(own.map(({ places, leftOut }) => [places[0]!.target, leftOut])).toEqual([
      ["/host/log", [""]],
      ["/m", []],
      ["/out", [""]],
    ]);
  });

  it.each(["/var/lib/docker/containers", "/var/lib/docker", "/var/log", "/var/run"])(
    "has an empty folder, into which a run can mount, in place of the machine's %s that is only read",
    async (source) => {
      const { own, kept } = await planOf(
        modelOf({ tailer: [`${source}:/machine:ro`], store: [`${source}:/m`] }),
      );
      expect(own).toMatchObject([
        {
          source,
          kind: "folder",
          places: [
            { service: "tailer", target: "/machine", readOnly: false },
            { service: "store", target: "/m", readOnly: false },
          ],
          entries: [],
          leftOut: [""],
        },
      ]);
      expect(kept).toEqual([]);
    },
  );

  it("has the folder of the log files in what nobody may write into, where it is not there", async () => {
    await put({ "logs/other.yaml": "a" });
    const pathsOf = async (...mounts: string[]) => {
      const model = modelOf({ tailer: mounts });
      const plan = await planOf(model);
      return [plan.own.map(({ entries }) => entries.map(({ path }) => path)), plan.kept.length];
    };
    expect(await pathsOf("./logs:/var:ro")).toEqual([[["", "other.yaml", "log", "log/shop"]], 0]);
    expect(await pathsOf("./missing:/var/log:ro")).toEqual([[["", "shop"]], 0]);
    await put({ "logs/log/shop/a.log": "a" });
    expect(await pathsOf("./logs:/var:ro")).toEqual([[], 1]);
  });

  it("has an empty file in its place where the file itself is mounted", async () => {
    const { own } = await planOf(modelOf({ tailer: ["./missing:/var/log:ro"] }), {}, true);
    expect(own.map(({ entries }) => entries.map(({ path, kind }) => [path, kind]))).toEqual([
      [
        ["", "folder"],
        ["shop", "file"],
      ],
    ]);
  });

  it("follows what the user says of a mount, and refuses a path that is no mount", async () => {
    await put({ "data/a": "a", "logs/app.log": "b" });
    const model = modelOf({ store: ["./data:/data:ro", "./logs:/old"] });
    const { own } = await planOf(model, { empty: ["/data"], copy: ["/old"] });
    expect(own.map(({ leftOut }) => leftOut)).toEqual([[""], []]);
    await expect(planOf(model, { empty: ["/dat"] })).rejects.toThrow(/names \/dat .* have: \/data, \/old/);
  });

  it("refuses a folder that is too large to be copied, and says what to do", async () => {
    await put({ "data/big": "" });
    await writeFile(join(folder, "data/big"), Buffer.alloc(64_000_001));
    await expect(planOf(modelOf({ store: ["./data:/data"] }))).rejects.toThrow(
      /data, which store mounts at \/data and may write into, is too large .* `:ro` .*mounts: \{ empty: \["\/data"\] \}/s,
    );
  });

  // Root may read every file.
  if (process.getuid?.() !== 0)
    it("refuses settings that it may not read, and starts without other things", async () => {
      await put({ "etc/store.yaml": "a", "data/x": "b" });
      await chmod(join(folder, "etc/store.yaml"), 0);
      await chmod(join(folder, "data/x"), 0);
      await expect(planOf(modelOf({ store: ["./etc:/cfg"] }))).rejects.toThrow(/may not read store.yaml/);
      expect((await planOf(modelOf({ store: ["./data:/data"] }))).own[0]!.leftOut).toEqual([""]);
    });
});
