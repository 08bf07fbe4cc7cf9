import { expect, it } from "vitest";
import { installTools } from "./install-tools.ts";

it("installs nothing and says nothing where all is there, or where no package is known", async () => {
  const told: string[] = [];
  const options = { onProgress: (text: string) => told.push(text), signal: new AbortController().signal };
  expect(await installTools(["bash"], options)).toEqual([]);
  expect(await installTools(["bash", "no-such-compiler"], options)).toEqual(["no-such-compiler"]);
  expect(told).toEqual([]);
});
