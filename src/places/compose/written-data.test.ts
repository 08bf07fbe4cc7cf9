import { describe, expect, it } from "vitest";
import { isDataContent, isDataFileName, isDataFolder, isMachineFolder } from "./written-data.ts";

describe("what programs have written for themselves", () => {
  it.each(["chunks", "wal", "checkpoint.000012", "tsdb-shipper-active", "01HZX8Q0V1N2J3K4M5P6R7S8T9"])(
    "is a folder called %s",
    (name) => {
      expect(isDataFolder(name, ["00000001"])).toBe(true);
    },
  );

  it("is a folder that Kafka or Grafana has marked as its own", () => {
    expect(isDataFolder("data", ["meta.properties", "logs-0"])).toBe(true);
    expect(isDataFolder("grafana", ["grafana.db", "plugins"])).toBe(true);
  });

  it.each(["app.log", "app.log.1", "app.log.gz", "0a1b-json.log", "state.db", "promtail.pid"])(
    "is a file called %s",
    (name) => {
      expect(isDataFileName(name)).toBe(true);
    },
  );

  it("is a data base, or positions, whatever the file is called", () => {
    expect(isDataContent(Buffer.from("SQLite format 3\0…"))).toBe(true);
    const bolt = Buffer.alloc(4_096);
    bolt.writeUInt32LE(0xed0cdaed, 16);
    expect(isDataContent(bolt)).toBe(true);
    expect(isDataContent(Buffer.from('positions:\n  /var/log/a.log: "120"\n'))).toBe(true);
    expect(isDataContent(Buffer.from("positions: {}\n"))).toBe(true);
  });

  it.each([
    "config.yml",
    "promtail.yaml",
    "store",
    "rules.yaml",
    "login.sh",
    "catalog.json",
    "inputs.log.conf",
    "app.log.yaml",
    "lock-down.yaml",
  ])("is no file called %s", (name) => {
    expect(isDataFileName(name)).toBe(false);
  });

  it("is neither a folder of settings nor a configuration that begins with positions", () => {
    for (const name of ["store", "conf.d", "rules", "etc"])
      expect(isDataFolder(name, ["a.yaml"])).toBe(false);
    const config = "positions:\n  filename: /tmp/positions.yaml\nclients: [{ url: http://store:3100 }]\n";
    expect(isDataContent(Buffer.from(config))).toBe(false);
    expect(isDataContent(Buffer.from("positions:\n  filename: /tmp/positions.yaml\n"))).toBe(false);
    expect(isDataContent(Buffer.from("{ not: yaml positions: ["))).toBe(false);
  });

  it("is in the folders of the machine itself", () => {
    for (const path of ["/var/log", "/var/lib/docker/containers", "/run/systemd", "/sys"])
      expect(isMachineFolder(path)).toBe(true);
    for (const path of ["/home/me/shop", "/var/logs", "/srv/run"]) expect(isMachineFolder(path)).toBe(false);
  });
});
