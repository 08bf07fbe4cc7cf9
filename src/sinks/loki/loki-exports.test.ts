import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { exportFormContract } from "../../../test/contracts/export-form-contract.ts";
import {
  batches,
  docker,
  type Form,
  json,
  ns,
  pretty,
  raw,
  rows,
  time,
  verified,
  whole,
} from "../../../test/support/verified-export.ts";
import { UsageError } from "../../base/errors.ts";

const answer = (texts: string[]) => ({
  status: "success",
  data: {
    resultType: "streams",
    result: [
      { stream: { job: "seed-1/app-1" }, values: texts.map((text, index) => [ns(index), text]) },
      { stream: { job: "empty" }, values: [] },
    ],
    stats: { summary: { totalLinesProcessed: texts.length, note: 'a "quoted" {' } },
  },
});

/** How Loki's API and its command line export lines. */
const forms: Record<string, Form> = {
  "raw lines behind what logcli says of them": (texts) =>
    `2026/01/01 00:00:00 http://localhost:3100/loki/api/v1/query_range?query=x\n2026/01/01 00:00:00 Common labels: {job="shop"}\n${raw(texts)}`,
  query_range: (texts) => JSON.stringify(answer(texts)),
  "query_range, indented": (texts) => pretty(answer(texts)),
  "query_range, keys sorted": (texts) => {
    const { status, data } = answer(texts);
    return JSON.stringify({ data, status });
  },
  "query_range, its data alone": (texts) => JSON.stringify(answer(texts).data),
  "query_range, its streams a line each": (texts) =>
    answer(texts)
      .data.result.map((stream) => `${JSON.stringify(stream)}\n`)
      .join(""),
  "query_range, its streams in an array": (texts) => pretty(answer(texts).data.result),
  "query_range, its entries a line each": json((text, index) => [ns(index), text]),
  "query_range, several answers end to end": (texts) =>
    batches(texts)
      .map((batch) => JSON.stringify(answer(batch)))
      .join(""),
  "query_range, several answers put into an array": (texts) => pretty(batches(texts).map(answer)),
  logcli: rows((text) => `${time} {job="shop", path="a}b"} ${text}`),
  "logcli, labels of several lengths": rows((text, index) =>
    index % 2 ? `${time} {a="b"}    ${text}` : `${time} {a="bcde"} ${text}`,
  ),
  "logcli, in colours": rows((text) => `\u001b[34m${time}\u001b[0m \u001b[31m{a="b"}\u001b[0m ${text}`),
  "logcli --output=jsonl": json((line) => ({ labels: { job: "seed-1/app-1" }, line, timestamp: time })),
  "Promtail's pack in logcli": json((_entry) => ({
    labels: {},
    line: JSON.stringify({ container: "app", _entry }),
  })),
  "Docker's json-file in logcli": json((text) => ({ labels: {}, line: JSON.stringify(docker(text)) })),
  "CRI in query_range": (texts) => JSON.stringify(answer(texts.map((text) => `${time} stdout F ${text}`))),
  "gzip of query_range": (texts) => gzipSync(JSON.stringify(answer(texts))),
};

exportFormContract(forms);

/** Answers of Loki without lines in them, and a part of the message. */
const refusals: Record<string, [string | Buffer, RegExp]> = {
  "Loki's refusal": [
    '{"status":"error","errorType":"bad_data","error":"limit"}',
    /error message of Loki \(bad_data: limit\)/,
  ],
  "Loki's answer of numbers": [
    '{"status":"success","data":{"resultType":"matrix","result":[]}}',
    /answer of numbers \(a matrix\)/,
  ],
  "an empty answer": [
    '{"status":"success","data":{"resultType":"streams","result":[]}}',
    /without any entry/,
  ],
  "an answer that is cut off": [JSON.stringify(answer(whole)).slice(0, -40), /not complete \(cut off\)/],
  "Loki's refusal as text": ["parse error at line 1, col 5: syntax error\n", /found an answer that has none/],
};

describe("what Loki answers", () => {
  it.each(Object.entries(refusals))(
    "is refused and told by name where it is %s",
    async (_, [content, message]) => {
      const refused = verified(content);
      await expect(refused).rejects.toThrow(UsageError);
      await expect(refused).rejects.toThrow(message);
    },
  );

  it("is refused where raw lines follow it in the same file", async () => {
    await expect(verified(`${JSON.stringify(answer(whole))}\n${raw(whole)}`)).rejects.toThrow(/one form/);
  });

  it("reads logcli's labels of several lengths, a length after the other, and no space too many", async () => {
    const labels = ['{a="a long name"}', '{a="b"}          '];
    for (const order of [labels, labels.toReversed()]) {
      const many = Array.from({ length: 3 }, () => whole).flat();
      const texts = order.flatMap((label) => many.map((text) => `${time} ${label} ${text}`));
      expect((await verified(raw(texts))).counts).toMatchObject({ lost: 0, corrupted: 0 });
      const spaced = texts.with(200, `${time} ${order[1]}  ${many[20]}`);
      expect((await verified(raw(spaced))).counts).toMatchObject({ corrupted: 1 });
    }
  });
});

it("says in which form the lines stood", async () => {
  const form = async (name: string) => (await verified(forms[name]!(whole))).read.form;
  expect(await form("gzip of query_range")).toBe("gzip, in it Loki's query_range answer");
});
