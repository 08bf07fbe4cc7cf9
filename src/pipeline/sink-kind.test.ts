import { expect, it } from "vitest";
import { sinkKinds, sinkName } from "./sink-kind.ts";

it("calls a sink in a sentence as its maker calls the product", () => {
  expect(sinkKinds.map(sinkName)).toEqual(["Loki", "VictoriaLogs", "the file sink", "the store in memory"]);
});
