import { expect, it } from "vitest";
import { sinkNameOf } from "./names.ts";

it("calls the sink of a run by its product's name, and one that is not known as the run does", () => {
  expect(["loki", "victorialogs", "elsewhere"].map((sink) => sinkNameOf({ sink }))).toEqual([
    "Loki",
    "VictoriaLogs",
    "elsewhere",
  ]);
});
