import { expect, it } from "vitest";
import { lastWords } from "./last-words.ts";

it("shows the last lines, and the error above the trace of its stack", () => {
  const trace = Array.from({ length: 9 }, (_, index) => `\tsync.Go.func${index}`);
  const log = ["starting", "level=error msg=refused timestamp too new", "worker", ...trace, ""].join("\n");
  expect(lastWords(log)).toBe(
    ["level=error msg=refused timestamp too new", "…", ...trace.slice(-5)].join("\n"),
  );
});

it("shows the last lines alone where they name an error, and where none does", () => {
  const lines = ["level=error msg=old", "1", "2", "3", "4", "5"];
  expect(lastWords([...lines, "level=error msg=new"].join("\n"))).toBe("2\n3\n4\n5\nlevel=error msg=new");
  expect(lastWords("1\n2\n3\n4\n5\n6")).toBe("2\n3\n4\n5\n6");
  expect(lastWords(" \n")).toBe("(nothing)");
});

it("cuts a line that is very long", () => {
  expect(lastWords("x".repeat(2_000))).toHaveLength(501);
});
