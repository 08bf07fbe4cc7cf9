import { describe, expect, it } from "vitest";
import { flawInTemplate } from "./line-template.ts";

describe("the template of a line", () => {
  it.each([
    "{line}",
    '{"ts":"{time}","lvl":"{level}","msg":"{line}"}',
    'ts={time} level={level} msg="{line}"',
    "{time}\t[main]\t{level}\t{line}.",
    "{} { {line} } {1} {{time}} $ 🚀",
    "{time} {time} {line} {level} {level}",
  ])("may be %s", (template) => {
    expect(flawInTemplate(template)).toBeUndefined();
  });

  it.each([
    ["", "expected {line} exactly once, found it nowhere"],
    ["{time} {level}", "found it nowhere"],
    ["{line} {line}", "found it 2 times"],
    ["{line} {seed}", "expected no placeholders but {line}, {time} and {level}, found {seed}"],
    ["{LINE}", "found {LINE}"],
    ["{line}\n", "found a newline or another control character"],
    ["a\r\n{line}", "found a newline or another control character"],
    ["{line}\0", "found a newline or another control character"],
    ["\uD83D{line}", "found half a character"],
    ["{line}7", "expected no digit right behind {line}"],
    [`{line}${" ".repeat(5_000)}`, "expected at most 4096 characters, found 5006"],
  ])("is refused as %j", (template, why) => {
    expect(flawInTemplate(template)).toContain(why);
  });
});
