import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { root, run } from "./support/command.ts";
import { useOwnStacks } from "./support/own-stack.ts";
import { dropsSeven, holds, losesSeven, stages } from "./support/user-lines.ts";

const stackOf = useOwnStacks(afterAll);

describe("lines in a form of the user's, taken apart by Promtail", () => {
  it("are all there and exact", async () => {
    const { stored } = await holds(await stackOf("nested-json"));
    expect(stored).toEqual({ before: [""], after: [""], within: ["msg"] });
  });

  it("are lost where a stage drops them, exactly those", async () => {
    await losesSeven(await stackOf("logfmt-lines", { "promtail.yaml": (text) => stages(text, dropsSeven) }));
  });
});

describe("a single log file", () => {
  it("is written by one source, and all of it is there", async () => {
    const { plan } = await holds(await stackOf("one-log-file"));
    expect(plan.load).toMatchObject({ sources: 1, fileNames: "app.log" });
  });

  it("can be emptied after it was copied, but not renamed, where it is mounted itself", async () => {
    const stack = await stackOf("one-log-file");
    const listed = await run(join(root, "bin/everyline"), ["list"], { cwd: stack.folder });
    expect(listed.stdout).toMatch(/app\.log itself is mounted/);
    const refused = await stack.run("file-rotation/rename-create", "--dry-run");
    expect(refused.exitCode).toBe(64);
    expect(refused.stderr).toMatch(
      /rotates the log file by rename-create, and app\.log itself is mounted \(source\.path\)/,
    );
    // The user's own file is as it was.
    expect(await readFile(stack.path("app.log"), "utf8")).toBe("a line of the program's own\n");
  });

  it("is not written into where a program of a running stack writes into it", async () => {
    const stack = await stackOf("fixed-name");
    const { exitCode, stderr } = await stack.run("sink-restart", "--project", "shop-that-is-up", "--dry-run");
    expect(exitCode).toBe(64);
    expect(stderr).toMatch(/source\.file names one file, access\.log, .* Omit --project/);
  });
});
