import { expect, it } from "vitest";
import { contradictsItself } from "./read-problem.ts";

it("is worth another reading where counts did not fit, or a file was rotated meanwhile, and nowhere else", () => {
  const instance = "writer";
  const file = "/out/logs";
  expect(contradictsItself({ code: "answered-uncounted", sink: "file" })).toBe(true);
  expect(contradictsItself({ code: "file-gone", instance, file })).toBe(true);
  expect(contradictsItself({ code: "file-shorter", file, bytes: 1, before: 2 })).toBe(true);
  expect(contradictsItself({ code: "file-is-link", instance, file })).toBe(false);
  expect(contradictsItself({ code: "too-many-missing", sink: "file", hidden: 1, missing: 1 })).toBe(false);
});
