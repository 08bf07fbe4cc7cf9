import { expect, it } from "vitest";
import { isByteNumber, positionsFileOf, positionsIn, positionsText } from "./promtail-positions.ts";

const pageOf = (config: string) => `<html><pre id="config_yaml">${config}</pre></html>`;
const page = pageOf(`server:
  http_listen_port: 9080
positions:
  sync_period: 10s
  filename: &#34;/tmp/positions.yaml&#34;
`);

it("finds the path in Promtail's page, and none in the page of something else", () => {
  expect(positionsFileOf(page)).toBe("/tmp/positions.yaml");
  const configs = ["", "positions: {}", "a: [", "positions: { filename: '' }"].map(pageOf);
  for (const other of ["", "404 page not found", "positions: { filename: /a }", ...configs])
    expect(positionsFileOf(other)).toBeUndefined();
});

it("reads positions and writes them as they were", () => {
  const text = 'positions:\n  /logs/app-1.log: "120"\n  journal-x: s=abc\n';
  const positions = positionsIn(text)!;
  expect([...positions]).toEqual([
    ["/logs/app-1.log", "120"],
    ["journal-x", "s=abc"],
  ]);
  expect(positionsText(positions)).toBe(text);
  expect([...positions.values()].map(isByteNumber)).toEqual([true, false]);
});

it("finds none in an empty file, and knows a file of another form", () => {
  for (const empty of ["", "positions: {}", "positions:"]) expect(positionsIn(empty)).toEqual(new Map());
  for (const other of ["positions: [1]", "a: [", "[]"]) expect(positionsIn(other)).toBeUndefined();
});
