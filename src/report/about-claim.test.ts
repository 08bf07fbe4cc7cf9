import { expect, it } from "vitest";
import { aboutClaim } from "./about-claim.ts";

it("names the source of a claim, and for a row of the document's tables the page that describes the document", () => {
  expect(aboutClaim("direct/sink-crash")).toBe(
    'Source of the claim: guarantees table of Option 1. The tables are those of a reference architecture ("the document"), which ' +
      "docs/reference-architecture.md of Everyline describes.",
  );
});

it("names only the source of a claim beside the document's tables", () => {
  expect(aboutClaim("direct/sink-outage/below-horizon")).toMatch(/^Source of the claim: [^.]+\.$/);
});

it("is empty for a claim on a custom pipeline", () => {
  expect(aboutClaim("shop/sink-restart")).toBeUndefined();
});
