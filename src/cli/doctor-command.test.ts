import { expect, it } from "vitest";
import { doctorText } from "./doctor-command.ts";

it("puts the remedy below what is missing, and counts nothing optional as missing", () => {
  const text = doctorText([
    { subject: "Node", state: "ok", found: "v24.0.0" },
    { subject: "image store:3.6.4", state: "missing", found: "outdated", remedy: "run `everyline images`" },
    { subject: "Go", state: "optional", found: "not found", remedy: "install it" },
  ]);
  expect(text).toMatchInlineSnapshot(`
    "ok        Node               v24.0.0
    missing   image store:3.6.4  outdated
                                 -> run \`everyline images\`
    optional  Go                 not found
                                 -> install it

    Runs are not possible: 1 missing.
    "
  `);
});

it("indents the further lines of a text to its column", () => {
  expect(doctorText([{ subject: "engine", state: "ok", found: "one\ntwo" }])).toMatchInlineSnapshot(`
    "ok        engine  one
                      two

    Runs are possible.
    "
  `);
});
