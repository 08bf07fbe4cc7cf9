import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { stagesIn } from "./log-stages.ts";
import type { LinesFrom } from "./parsed-line.ts";
import { linesOfStages } from "./stage-lines.ts";

const linesOf = (yaml: string, from: LinesFrom = "files") =>
  linesOfStages(stagesIn(parse(yaml), { job: "shop" }), from);

describe("the template of lines that stages take", () => {
  it.each([
    ["none without stages", "[]", undefined],
    [
      "none where they read fields that a line of Everyline has",
      "[{ json: { expressions: { level: , at: time } } }]",
      undefined,
    ],
    [
      "JSON with the fields that they read, and the line where it is stored",
      "[{ json: { expressions: { lvl: level, m: event.msg, ts: '\"@timestamp\"' } } }, { output: { source: m } }]",
      '{"level":"{level}","event":{"msg":"{line}"},"@timestamp":"{time}"}',
    ],
    [
      "the message as a field of its own, where nothing is stored of the JSON alone",
      "[{ json: { expressions: { lvl: lvl, who: user.id } } }]",
      '{"lvl":"{level}","user":{"id":"x"},"message":"{line}"}',
    ],
    [
      "JSON in JSON",
      "[{ json: { expressions: { inner: payload } } }, { json: { source: inner, expressions: { msg: } } }, { output: { source: msg } }]",
      '{"payload":{"msg":"{line}"}}',
    ],
    [
      "logfmt",
      "[{ logfmt: { mapping: { lvl: level, t: ts, msg: } } }]",
      'level={level} ts={time} msg="{line}"',
    ],
    [
      "a text for a regular expression",
      String.raw`[{ regex: { expression: '^(?P<ts>\S+) (?P<level>\w+)\s+\[(?P<thread>[^\]]+)\] (?P<msg>.*)$' } }, { output: { source: msg } }]`,
      "{time} {level} [x] {line}",
    ],
    [
      "the expression's own words, where ours do not fit",
      String.raw`[{ regex: { expression: '^\[(?P<level>[A-Z]{4,5})\] (?P<message>.*)' } }]`,
      "[AAAA] {line}",
    ],
    [
      "a text within JSON",
      String.raw`[{ json: { expressions: { m: msg } } }, { regex: { source: m, expression: '^(?P<verb>\w+): (?P<rest>.*)' } }, { output: { source: rest } }]`,
      '{"msg":"x: {line}"}',
    ],
    ["what Docker writes", "[{ docker: {} }]", '{"log":"{line}","stream":"x","time":"{time}"}'],
    ["what a container runtime writes", "[{ cri: {} }]", "{time} stdout F {line}"],
    [
      "a first line as `multiline` wants it",
      String.raw`[{ multiline: { firstline: '^\d{4}-\d{2}-\d{2}' } }]`,
      "{time} {line}",
    ],
    ["one of its own for `multiline`", String.raw`[{ multiline: { firstline: '^<\d+> ' } }]`, "<1> {line}"],
    [
      "none for a `multiline` that takes Everyline's lines",
      String.raw`[{ multiline: { firstline: '^\{' } }]`,
      undefined,
    ],
    [
      "stages of a `match` that is of these lines",
      "[{ match: { selector: '{job=\"shop\"}', stages: [{ json: { expressions: { m: msg } } }, { output: { source: m } }] } }]",
      '{"msg":"{line}"}',
    ],
    [
      "none of one that is not",
      "[{ match: { selector: '{job!=\"shop\"}', stages: [{ json: { expressions: { m: msg } } }, { output: { source: m } }] } }]",
      undefined,
    ],
    [
      "the message among what a template puts together",
      "[{ json: { expressions: { lvl: , msg: } } }, { template: { source: out, template: '{{ .lvl }}: {{ .msg }}' } }, { output: { source: out } }]",
      '{"lvl":"{level}","msg":"{line}"}',
    ],
  ])("is %s", (_, stages, template) => {
    const lines = linesOf(stages);
    expect(lines).toMatchObject({ template });
    expect(lines.whyNoTemplate).toBeUndefined();
  });

  it.each([
    [
      "a value of which nothing is known is stored",
      "[{ output: { source: nowhere } }]",
      /stores the value nowhere/,
    ],
    [
      "an expression is not understood whose group is stored",
      "[{ regex: { expression: '^(?P<msg>(?=x).*)' } }, { output: { source: msg } }]",
      /expect lines of another form/,
    ],
  ])("is missing with a reason where %s", (_, stages, why) => {
    expect(linesOf(stages)).toMatchObject({ template: undefined, whyNoTemplate: expect.stringMatching(why) });
  });

  it("is of what the application writes, where Docker writes something around it", () => {
    const outer =
      "{ json: { expressions: { output: log, attrs: } } }, { json: { source: attrs, expressions: { tag: } } }";
    expect(linesOf(`[${outer}, { output: { source: output } }]`, "json-files")).toMatchObject({
      template: undefined,
      unwraps: true,
    });
    expect(
      linesOf(
        `[${outer}, { json: { source: output, expressions: { m: msg } } }, { output: { source: m } }]`,
        "json-files",
      ),
    ).toMatchObject({ template: '{"msg":"{line}"}', unwraps: true });
    expect(linesOf("[{ docker: {} }, { logfmt: { mapping: { m: msg } } }]", "json-files")).toMatchObject({
      template: 'msg="{line}"',
      unwraps: true,
    });
    expect(linesOf("[{ labels: { a: } }]", "json-files").unwraps).toBe(false);
    // The engine's API gives lines without anything around them, and these stages leave such lines as they are.
    expect(linesOf("[{ cri: {} }, { json: { expressions: { level: } } }]", "api").template).toBeUndefined();
  });
});

describe("what is told of stages", () => {
  it.each([
    ["[{ drop: { expression: '.*Test log.*' } }]", /`drop` drops lines of a run/],
    ["[{ drop: { longer_than: 20b } }]", /`drop` drops lines of a run/],
    ["[{ sampling: { rate: 0.1 } }]", /only a part of all lines \(rate 0.1\)/],
    ["[{ limit: { rate: 10, burst: 10, drop: true } }]", /above 10 a second/],
    ["[{ pack: { labels: [a] } }]", /within JSON/],
    ['[{ match: { selector: \'{job="shop"} |= "Test"\', action: drop } }]', /action: drop/],
    ["[{ replace: { expression: '(Test)', replace: '***' } }]", /changes lines/],
  ])("%s", (stages, note) => {
    expect(linesOf(stages).notes).toEqual([expect.stringMatching(note)]);
  });

  it.each([
    "[{ drop: { expression: 'healthcheck' } }]",
    "[{ drop: { older_than: 24h } }]",
    "[{ drop: { longer_than: 8kb } }]",
    "[{ limit: { rate: 10, burst: 10 } }]",
    '[{ match: { selector: \'{job="shop"} |= "healthz"\', action: drop } }]',
    "[{ match: { selector: '{job=\"other\"}', action: drop } }]",
  ])("nothing of %s, which does not concern lines of a run", (stages) => {
    expect(linesOf(stages).notes).toEqual([]);
  });
});
