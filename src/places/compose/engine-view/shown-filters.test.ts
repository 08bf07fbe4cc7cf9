import { describe, expect, it } from "vitest";
import { parseFilters } from "./shown-filters.ts";

const shown = {
  id: "0123456789abcdef",
  name: "shop-web-1",
  image: "registry:5000/shop/web:7",
  network: "shop_default",
  labels: { team: "shop", logging: "promtail", empty: "", "with=sign": "x" },
  logOptions: {},
  environment: {},
};

const admits = (filters: object) => parseFilters(JSON.stringify(filters)).admit(shown);

describe("filters of a request to the engine", () => {
  it.each([
    [{}],
    [{ label: ["team"] }],
    [{ label: ["team=shop", "logging=promtail"] }],
    [{ label: { "team=shop": true } }],
    [{ label: ["empty="] }],
    [{ name: ["web"] }],
    [{ name: ["^/shop-web-1$"] }],
    [{ name: ["^shop-web-\\d$", "other"] }],
    [{ id: ["0123"] }],
    [{ ancestor: ["registry:5000/shop/web"] }],
    [{ network: ["shop_default"] }],
    [{ status: ["running"] }],
  ])("%j admit what they fit", (filters) => {
    expect(admits(filters)).toBe(true);
  });

  it.each([
    [{ label: ["team=other"] }],
    [{ label: ["team=shop", "absent"] }],
    [{ name: ["^web"] }],
    [{ name: ["("] }],
    [{ id: ["f"] }],
    [{ ancestor: ["web"] }],
    [{ network: ["bridge"] }],
    [{ name: ["web"], label: ["absent"] }],
  ])("%j do not admit what they do not fit", (filters) => {
    expect(admits(filters)).toBe(false);
  });

  it("leave to the engine what it alone knows", () => {
    expect(parseFilters('{"status":["running"],"label":["team"]}').others).toEqual({ status: ["running"] });
    expect(parseFilters(null)).toMatchObject({ others: {} });
  });

  it("that are none are an error", () => {
    expect(() => parseFilters("[")).toThrow();
    expect(() => parseFilters('{"label":3}')).toThrow();
  });
});
