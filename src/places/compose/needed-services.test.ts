import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { composeModel } from "../../../test/support/compose-model.ts";
import type { ComposeModel } from "./compose-model.ts";
import { type NeedOptions, neededServices, withoutServices } from "./needed-services.ts";

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "everyline-test-"));
  const ship = "clients: [{ url: http://gate:8080/push }]\nscrape_configs: []\n";
  await writeFile(join(folder, "ship.yaml"), ship);
  await writeFile(
    join(folder, "store.yaml"),
    "s3: { endpoint: minio:9000 }\nmemberlist: { join_members: [ring] }\n",
  );
  await writeFile(
    join(folder, "nginx.conf"),
    "proxy_pass http://store-alias:3100;\nproxy_pass http://web:80;\n",
  );
});

afterAll(() => rm(folder, { recursive: true }));

const bind = (file: string, target: string) => ({
  type: "bind",
  source: join(folder, file),
  target,
  read_only: true,
});

/** A shipper of a known product that pushes to a gateway which nothing depends on, and a store that needs an object store. */
const modelOf = (changes: Parameters<typeof composeModel>[0] = {}): ComposeModel =>
  composeModel({
    ship: {
      image: "grafana/promtail:3.6.4",
      command: ["-config.file=/ship.yaml"],
      volumes: [bind("ship.yaml", "/ship.yaml")],
      environment: { WEB_HOST: "web" },
      depends_on: { app: {} },
    },
    app: { image: "shop/app", environment: { DB_HOST: "db" } },
    db: { image: "postgres" },
    gate: { image: "nginx:1", volumes: [bind("nginx.conf", "/etc/nginx/nginx.conf")] },
    store: {
      image: "example/store",
      volumes: [bind("store.yaml", "/etc/store.yaml")],
      networks: { default: { aliases: ["store-alias"] } },
    },
    minio: { image: "minio/minio" },
    web: { image: "shop/web" },
    grafana: { image: "grafana/grafana", depends_on: { store: {} } },
    ...changes,
  });

const needed = (options: Partial<NeedOptions> = {}, model = modelOf()) =>
  neededServices(model, {
    named: ["ship", "store"],
    shippers: ["ship"],
    logsPath: "/var/log/shop",
    with: [],
    without: [],
    profiles: [],
    file: "everyline.config.yaml",
    ...options,
  });

describe("neededServices", () => {
  it("finds what is depended on, what a shipper pushes to, what a proxy passes to, and where a store stores", async () => {
    const { started, needs, without } = await needed();
    expect(started.toSorted()).toEqual(["app", "gate", "minio", "ship", "store", "web"]);
    expect(without).toEqual([]);
    expect(needs.get("app")).toEqual({ code: "dependency", of: "ship" });
    expect(needs.get("gate")).toEqual({ code: "named-host", by: "ship", where: "its configuration" });
    const where = join(folder, "store.yaml");
    expect(needs.get("minio")).toEqual({ code: "named-host", by: "store", where });
    expect(needs.get("web")).toMatchObject({ code: "named-host", by: "gate" });
    // What an application that is only waited for names is its own affair.
    expect(started).not.toContain("db");
    expect(started).not.toContain("grafana");
  });

  it("runs what the configuration asks for, and not what it leaves out", async () => {
    const { started, needs, without } = await needed({ with: ["grafana"], without: ["app", "web"] });
    expect(started.toSorted()).toEqual(["gate", "grafana", "minio", "ship", "store"]);
    expect(needs.get("grafana")).toEqual({ code: "asked-for" });
    expect(without.toSorted()).toEqual(["app", "web"]);
  });

  it("takes what is depended on and addressed as addressed, and so follows what that names", async () => {
    const ship = { ...modelOf().services.ship!, depends_on: { gate: {} } };
    const { started, needs } = await needed({}, modelOf({ ship }));
    expect(needs.get("gate")).toMatchObject({ code: "named-host" });
    expect(started).toContain("web");
  });

  it("finds services of active profiles only, among them those of the parts", async () => {
    const gate = { ...modelOf().services.gate!, profiles: ["logs"] };
    const store = { ...modelOf().services.store!, profiles: ["stored"] };
    const minio = { image: "minio/minio", profiles: ["stored"] };
    const model = modelOf({ gate, store, minio });
    expect((await needed({}, model)).started.toSorted()).toEqual(["app", "minio", "ship", "store"]);
    expect((await needed({ profiles: ["logs"] }, model)).started).toContain("gate");
    expect((await needed({ profiles: ["*"] }, model)).started).toContain("gate");
  });

  it.each([
    [{ with: ["gat"] }, /"gat" under with, .*they have: ship, app/],
    [{ without: ["none"] }, /"none" under without/],
    [{ without: ["store"] }, /lists store under without, and names it as a part/],
    [{ with: ["web"], without: ["web"] }, /lists web under with and under without/],
  ])("refuses wishes that cannot be fulfilled: %j", async (options, message) => {
    await expect(needed(options)).rejects.toThrow(message);
  });

  it("refuses to leave out what a service cannot start without", async () => {
    const vpn = { image: "vpn" };
    const ship = { ...modelOf().services.ship!, network_mode: "service:vpn" };
    await expect(needed({ without: ["vpn"] }, modelOf({ ship, vpn }))).rejects.toThrow(
      /ship has the network, the volumes or a link of vpn/,
    );
  });
});

it("leaves out with a service what only that one needs", async () => {
  const app = { image: "shop/app", depends_on: { db: {}, store: {} } };
  const model = modelOf({ app });
  const whole = await needed({}, model);
  expect(whole.started).toContain("db");
  const { started, without } = withoutServices(whole, model, ["app"]);
  expect(started.toSorted()).toEqual(["gate", "minio", "ship", "store", "web"]);
  expect(without).toEqual(["app"]);
});
