import { describe, expect, it } from "vitest";
import { z } from "zod";
import { linesOf, sourcePath, sourceSchema } from "./own-source.ts";

const folder = "/var/log/shop";

describe("where the lines of a custom pipeline come from", () => {
  it.each([
    [{ folder }, folder, { fileNames: "*.log", isFileMounted: false, template: undefined }],
    [
      { folder, file: "app-*.json" },
      folder,
      { fileNames: "app-*.json", isFileMounted: false, template: undefined },
    ],
    [
      { folder, file: "access.log", line: "{time} {line}" },
      folder,
      { fileNames: "access.log", isFileMounted: false, template: "{time} {line}" },
    ],
    [
      { path: "/logs/app.log" },
      "/logs/app.log",
      { fileNames: "app.log", isFileMounted: true, template: undefined },
    ],
  ])("is read from %j", (source, path, lines) => {
    const parsed = sourceSchema.parse(source);
    expect(sourcePath(parsed)).toBe(path);
    expect(linesOf(parsed)).toEqual(lines);
  });

  it.each([
    [
      {},
      "expected either folder (log files in it), path (a single log file) or stdout (the stdout of containers), found none",
    ],
    [{ folder, path: "/a" }, "found more than one of them"],
    [{ folder, stdout: {} }, "found more than one of them"],
    [{ stdout: {}, file: "a.log" }, "expected file together with folder"],
    [{ path: "/a", file: "b" }, "expected file together with folder"],
    [{ folder: "logs" }, "expected a path in the shipper's container"],
    [{ path: "/logs/*.log" }, "of a file, without wildcards"],
    [{ path: "/logs/" }, "of a file, without wildcards"],
    [{ folder, file: "" }, "expected the name of a file"],
    [{ folder, file: ".." }, "expected the name of a file"],
    [{ folder, file: "a/*.log" }, 'with at most one "*"'],
    [{ folder, file: "*-*.log" }, 'with at most one "*"'],
    [{ folder, file: "app-[0-9].log" }, "without other wildcards"],
    [{ folder, file: "a\nb" }, "expected the name of a file"],
    [{ folder, line: "level={level}" }, "expected {line} exactly once, found it nowhere"],
    [{ folder, line: "{line} {host}" }, "found {host}"],
  ])("is refused as %j", (source, why) => {
    const { success, error } = sourceSchema.safeParse(source);
    expect(success).toBe(false);
    expect(z.prettifyError(error!)).toContain(why);
  });
});
