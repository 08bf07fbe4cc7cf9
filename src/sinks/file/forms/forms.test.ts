import { execFileSync } from "node:child_process";
import { Readable } from "node:stream";
import { deflateSync, gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { UsageError } from "../../../base/errors.ts";
import { check } from "../../../judge/check.ts";
import type { Counts } from "../../../judge/counts.ts";
import { observationFor } from "../../../judge/observation.ts";
import type { Ledger } from "../../../load/ledger.ts";
import { LineCodec } from "../../../load/line.ts";
import { type ReadExport, readExportBytes } from "../observed-lines.ts";
import { MarkCounter, type RunMarks } from "../run-marks.ts";

const clock = { epochMs: Date.UTC(2026, 0, 1), linesPerSecond: 50 };
const ledger: Ledger = {
  schema: "everyline/ledger@1",
  seed: "seed-1",
  clock,
  sources: ["app-1", "app-10"].map((source) => ({ source, written: 30, marks: [] })),
};
const codec = new LineCodec(ledger.seed, clock);
const whole = ledger.sources.flatMap(({ source, written }) =>
  Array.from({ length: written }, (_, index) => codec.encode(source, index + 1)),
);

/** What came of an export, and how often lines begin and end in its bytes and in the texts that were read from it. */
async function verified(
  content: string | Buffer,
): Promise<{ counts: Counts; read: ReadExport; inBytes: RunMarks; inTexts: RunMarks }> {
  const observation = observationFor(ledger);
  const [bytes, texts] = [new MarkCounter(ledger.seed), new MarkCounter(ledger.seed)];
  const read = await readExportBytes(Readable.from([Buffer.from(content)]), "export", codec, {
    onBytes: (chunk) => bytes.push(chunk),
    onLine(text) {
      texts.pushText(text);
      observation.add(text);
    },
  });
  return {
    counts: check(ledger, observation).counts,
    read,
    inBytes: bytes.endLines(),
    inTexts: texts.endAll(),
  };
}

type Form = (texts: string[]) => string | Buffer;

const rows =
  (row: (text: string, index: number) => string): Form =>
  (texts) =>
    texts.map((text, index) => `${row(text, index)}\n`).join("");
const json = (value: (text: string, index: number) => unknown) =>
  rows((text, index) => JSON.stringify(value(text, index)));

const ns = (index: number) => `${1_767_225_600_000_000_000n + BigInt(index)}`;
const time = "2026-01-01T00:00:00.000000001Z";
const raw = rows((text) => text);
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
const explore = (texts: string[]) =>
  texts.map((line, index) => ({ line, timestamp: ns(index), date: time, fields: { job: "shop" } }));
const otlp = (texts: string[]) => ({
  resourceLogs: [
    {
      resource: { attributes: [{ key: "service.name", value: { stringValue: "shop" } }] },
      scopeLogs: [
        {
          scope: {},
          logRecords: texts.map((text) => ({
            timeUnixNano: "1767225600000000000",
            body: { stringValue: text },
            attributes: [{ key: "log.file.name", value: { stringValue: "app-1.log" } }],
          })),
        },
      ],
    },
  ],
});
const batches = (texts: string[]) =>
  Array.from({ length: Math.ceil(texts.length / 7) }, (_, index) => texts.slice(index * 7, index * 7 + 7));
const csvField = (text: string) => `"${text.replaceAll('"', '""')}"`;
const csv =
  (separator: string, header: string, lineEnd = "\n"): Form =>
  (texts) =>
    header +
    texts.map((text, index) => [ns(index), csvField(text), "shop"].join(separator) + lineEnd).join("");
const utf16 = (text: string) => Buffer.from(`\uFEFF${text}`, "utf16le");
const docker = (text: string) => ({ log: `${text}\n`, stream: "stdout", time });
const pretty = (value: unknown) => `${JSON.stringify(value, undefined, 2)}\n`;

/** How tools export lines, whatever these are. */
const forms: Record<string, Form> = {
  "raw lines": raw,
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
  "Explore's JSON": (texts) => JSON.stringify(explore(texts)),
  "Explore's JSON, indented": (texts) => pretty(explore(texts)),
  "Explore's JSON, a line each by jq": (texts) =>
    explore(texts)
      .map((row) => `${JSON.stringify(row)}\n`)
      .join(""),
  "Explore's CSV": csv(",", '\uFEFF"Time","Line","labels"\r\n', "\r\n"),
  "Explore's CSV for Excel": csv(",", "sep=,\nTime,Line,labels\n"),
  "CSV of semicolons without a header": csv(";", ""),
  "CSV of tabs": csv("\t", "time\tbody\tapp\n"),
  "CSV of one column": (texts) => `"Line"\n${texts.map((text) => `${csvField(text)}\n`).join("")}`,
  "Explore's txt": (texts) =>
    `"60 lines shown"\nTotal bytes processed: "76.1  kB"\n\n\n${rows((text, index) => `${1_767_225_600_000 + index}\t${time}\t${text}`)(texts)}`,
  "Explore's txt of old": (texts) =>
    `Common labels: {"job":"shop"}\nLine limit: "1000 (60 returned)"\nTotal bytes processed: "76.1  kB"\n\n\n${rows((text) => `2026-01-01 00:00:00.000\t${text}`)(texts)}`,
  logcli: rows((text) => `${time} {job="shop", path="a}b"} ${text}`),
  "logcli, labels of several lengths": rows((text, index) =>
    index % 2 ? `${time} {a="b"}    ${text}` : `${time} {a="bcde"} ${text}`,
  ),
  "logcli, in colours": rows((text) => `\u001b[34m${time}\u001b[0m \u001b[31m{a="b"}\u001b[0m ${text}`),
  "logcli --output=jsonl": json((line) => ({ labels: { job: "seed-1/app-1" }, line, timestamp: time })),
  "docker compose logs": rows(
    (text, index) => `app-${(index % 12) + 1}${index % 12 < 9 ? " " : ""}  | ${text}`,
  ),
  "docker compose logs, in colours": rows((text) => `\u001b[36mapp-1  | \u001b[0m${text}`),
  "docker compose logs --timestamps": rows((text) => `app-1  | ${time} ${text}`),
  "docker compose logs --timestamps --no-log-prefix": rows((text) => `${time} ${text}`),
  "Docker's json-file": json(docker),
  CRI: rows((text) => `${time} stdout F ${text}`),
  "CRI in parts": rows((text) => {
    const characters = [...text];
    const part = (from: number, to?: number) => characters.slice(from, to).join("");
    return `${time} stdout P ${part(0, 9)}\n${time} stdout P:x ${part(9, 40)}\n${time} stdout F ${part(40)}`;
  }),
  "kubectl logs --prefix": rows((text) => `[pod/shop-7d9f/app] ${text}`),
  "kubectl logs --prefix --timestamps": rows((text) => `[pod/shop-7d9f/app] ${time} ${text}`),
  stern: rows((text) => `shop-7d9f app ${text}`),
  "stern, in colours": rows((text) => `\u001b[38;5;2mshop-7d9f\u001b[0m \u001b[38;5;3mapp\u001b[0m ${text}`),
  "stern --output json": json((message) => ({ message, nodeName: "n", namespace: "d", podName: "p" })),
  "kcat -J": json((payload, offset) => ({ topic: "logs", partition: 0, offset, key: "app-1", payload })),
  "kafka-console-consumer": rows(
    (text) => `CreateTime:1767225600000\tPartition:0\tOffset:7\ta:b\tapp-1\t${text}`,
  ),
  "kafka-console-consumer, times alone": rows((text) => `CreateTime:1767225600000\t${text}`),
  "kafka-console-consumer, keys alone": rows((text) => `app-1\t${text}`),
  journalctl: rows((text) => `Jan 01 00:00:00 host app[7]: ${text}`),
  "journalctl -o short-iso": rows((text) => `2026-01-01T00:00:00+0000 host app[7]: ${text}`),
  "journalctl -o json": json((MESSAGE) => ({ __REALTIME_TIMESTAMP: "1", PRIORITY: "6", MESSAGE })),
  "journalctl -o json, as bytes": json((text, index) => ({
    MESSAGE: index % 3 ? text : [...Buffer.from(text)],
  })),
  "syslog, RFC 5424": rows((text) => `<14>1 ${time} host app 7 - - ${text}`),
  "Fluent Bit's file": rows((text) => `app.log: [1767225600.000000000, ${JSON.stringify({ log: text })}]`),
  "Fluent Bit's stdout": rows(
    (text, index) => `[${index}] app.log: [[1767225600.0, {}], ${JSON.stringify({ log: text })}]`,
  ),
  "Fluentd's file": rows((text) => `${time}\tapp.log\t${JSON.stringify({ message: text })}`),
  "Promtail's pack": json((_entry) => ({ container: "app", _entry })),
  "Promtail's pack in logcli": json((_entry) => ({
    labels: {},
    line: JSON.stringify({ container: "app", _entry }),
  })),
  "Docker's json-file in logcli": json((text) => ({ labels: {}, line: JSON.stringify(docker(text)) })),
  "CRI in query_range": (texts) => JSON.stringify(answer(texts.map((text) => `${time} stdout F ${text}`))),
  "OTLP JSON": (texts) =>
    batches(texts)
      .map((batch) => `${JSON.stringify(otlp(batch))}\n`)
      .join(""),
  "OTLP JSON end to end": (texts) =>
    batches(texts)
      .map((batch) => JSON.stringify(otlp(batch)))
      .join(""),
  "OTLP JSON, indented": (texts) =>
    batches(texts)
      .map((batch) => pretty(otlp(batch)))
      .join(""),
  "OTLP JSON in docker compose logs": (texts) =>
    batches(texts)
      .map((batch) => `collector-1  | ${JSON.stringify(otlp(batch))}\n`)
      .join(""),
  "quoted strings": json((text) => text),
  "an array of strings": (texts) => pretty(texts),
  "a field nobody has heard of": json((text, n) => ({ n, level: "info", outer: { what_was_said: text } })),
  "Elasticsearch's hits": (texts) =>
    pretty({
      took: 1,
      hits: { total: 60, hits: texts.map((message) => ({ _id: "seed-1/app-1/1", _source: { message } })) },
    }),
  "JSON lines, indented by jq": (texts) => texts.map((line) => pretty({ labels: {}, line })).join(""),
  gzip: (texts) => gzipSync(raw(texts)),
  "gzip in two members": (texts) =>
    Buffer.concat([texts.slice(0, 5), texts.slice(5)].map((part) => gzipSync(raw(part)))),
  "gzip of query_range": (texts) => gzipSync(JSON.stringify(answer(texts))),
  "UTF-16": (texts) => utf16(raw(texts) as string),
  "UTF-16 as PowerShell writes it": (texts) => utf16((raw(texts) as string).replaceAll("\n", "\r\n")),
  "UTF-16, the other way round": (texts) => utf16(raw(texts) as string).swap16(),
  "UTF-16 of docker compose logs": (texts) => utf16(texts.map((text) => `app-1  | ${text}\r\n`).join("")),
};

const place = fc.nat({ max: 999 });
const damage = fc.oneof(
  fc.record({
    kind: fc.constantFrom("lose", "repeat", "merge", "return", "colour", "wrapped", "foreign", "empty"),
    at: place,
  }),
  fc.record({ kind: fc.constantFrom("cut", "behead", "corrupt", "insert"), at: place, within: place }),
);

function damaged(texts: string[], damages: { kind: string; at: number; within?: number }[]): string[] {
  const result = [...texts];
  for (const { kind, at, within = 0 } of damages) {
    const index = at % result.length;
    const text = result[index]!;
    const characters = [...text];
    const cut = within % Math.max(1, characters.length);
    const part = (from: number, to?: number) => characters.slice(from, to).join("");
    if (kind === "lose") result.splice(index, 1);
    else if (kind === "repeat") result.splice(index, 0, text);
    else if (kind === "merge") result.splice(index, 2, text + (result[index + 1] ?? ""));
    else if (kind === "return") result[index] = `${text}\r`;
    else if (kind === "colour") result[index] = `\u001b[0m${text}`;
    else if (kind === "wrapped") result[index] = `${time} stdout F ${text}`;
    else if (kind === "foreign") result.splice(index, 0, 'GET /index.html 200, "nothing" of ours');
    else if (kind === "empty") result.splice(index, 0, "");
    else if (kind === "cut") result[index] = part(0, cut + 1);
    else if (kind === "behead") result[index] = part(cut);
    else if (kind === "corrupt") result[index] = `${part(0, cut)}#${part(cut + 1)}`;
    else result[index] = `${part(0, cut)}é${part(cut)}`;
  }
  return result;
}

describe.each(Object.entries(forms))("%s", (_, form) => {
  it("has every line of a whole export, and exactly one lost where one is missing", async () => {
    expect((await verified(form(whole))).counts).toMatchObject({
      delivered: 60,
      lost: 0,
      unexpected: 0,
      merged: 0,
    });
    for (const missing of [0, 17, 59]) {
      const { counts } = await verified(form(whole.toSpliced(missing, 1)));
      expect(counts).toMatchObject({ lost: 1, corrupted: 0, truncated: 0, merged: 0, unexpected: 0 });
    }
  });

  it("has as many marks of lines in its bytes as in what is read from it, though nothing of forms is known", async () => {
    for (const texts of [whole, whole.toSpliced(17, 1)]) {
      const { inBytes, inTexts } = await verified(form(texts));
      expect(inTexts).toEqual({ heads: texts.length, tails: texts.length });
      // In parts of a line its beginning may be cut in two.
      expect(Math.max(inBytes.heads, inBytes.tails)).toBe(texts.length);
    }
  });

  it("comes to the counts of the raw lines, however these are damaged", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(damage, { maxLength: 12 }), async (damages) => {
        const texts = damaged(whole, damages);
        const observation = observationFor(ledger);
        for (const text of texts) observation.add(text);
        const { counts, read, inBytes, inTexts } = await verified(form(texts));
        expect({ counts, lines: read.lines }).toEqual({
          counts: check(ledger, observation).counts,
          lines: texts.length,
        });
        expect(inBytes.heads).toBeLessThanOrEqual(inTexts.heads);
        expect(inBytes.tails).toBeLessThanOrEqual(inTexts.tails);
      }),
      { numRuns: 25 },
    );
  });
});

const parsedId = { key: "id", value: { stringValue: "seed-1/app-1/1" } };

/** What is refused, and a word of what is said. */
const refusals: Record<string, [string | Buffer, RegExp]> = {
  bzip2: [Buffer.from("425a6839314159265359", "hex"), /found bzip2 .*bzcat FILE \| everyline verify/],
  xz: [Buffer.from("fd377a585a000004e6d6b446", "hex"), /found xz .*xzcat/],
  zstd: [Buffer.from("28b52ffd6466", "hex"), /found zstd .*zstdcat/],
  lz4: [Buffer.from("04224d186440", "hex"), /found lz4 /],
  "a zip archive": [Buffer.from("PK\u0003\u0004\u0014"), /found a zip archive .*unzip -p/],
  "a tar archive": [
    Buffer.concat([Buffer.alloc(257, "a"), Buffer.from("ustar"), Buffer.alloc(250)]),
    /found a tar/,
  ],
  Parquet: ["PAR1....", /found Parquet/],
  "Loki's refusal": [
    '{"status":"error","errorType":"bad_data","error":"limit"}',
    /refusal to answer \(bad_data: limit\)/,
  ],
  "Loki's answer of numbers": [
    '{"status":"success","data":{"resultType":"matrix","result":[]}}',
    /answer of numbers \(a matrix\)/,
  ],
  "an empty answer": [
    '{"status":"success","data":{"resultType":"streams","result":[]}}',
    /without any entry/,
  ],
  "an empty array": ["[]\n", /without any entry/],
  "an array with something else in it": [
    `[{"line":${JSON.stringify(whole[0])}},7]`,
    /found 7 as its element 1/,
  ],
  "an answer that is cut off": [JSON.stringify(answer(whole)).slice(0, -40), /not complete \(cut off\)/],
  "parsed lines in an array": [`[${whole.join(",")}]`, /parsed and written anew/],
  "lines indented by jq": [whole.map((line) => pretty(JSON.parse(line))).join(""), /parsed and written anew/],
  "OTLP JSON of parsed bodies": [
    JSON.stringify({
      resourceLogs: [{ scopeLogs: [{ logRecords: [{ body: { kvlistValue: { values: [parsedId] } } }] }] }],
    }),
    /body\.kvlistValue/,
  ],
  "journalctl without its messages": ['{"MESSAGE":null}\n'.repeat(60), /no lines in it.*--all/],
  "kcat -f": [
    rows((text) => `0:7 app-1 => ${text}`)(whole),
    /something before each line, as "0:7 app-1 => ".*sed/,
  ],
  "something behind each line": [
    rows((text) => `${text} [shop]`)(whole),
    /something behind each line, as " \[shop\]"/,
  ],
  "escaped quotes": [rows((text) => JSON.stringify(text).slice(1, -1))(whole), /quotes escaped.*jq -r/],
  "quotes as in HTML": [
    rows((text) => text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;"))(whole),
    /as in HTML/,
  ],
  "a list of YAML": [rows((text) => `- ${JSON.stringify(text)}`)(whole), /quotes escaped as in JSON/],
  "NULs between the lines": [whole.join("\0"), /found NULs between them.*tr '\\0' '\\n'/],
  "carriage returns between the lines": [whole.join("\r"), /found carriage returns between them/],
  base64: [rows((text) => Buffer.from(text).toString("base64"))(whole), /in base64/],
  "UTF-32": [Buffer.from("fffe00007b000000", "hex"), /found UTF-32/],
  "a proxy's page": [
    "<html><head><title>502 Bad Gateway</title></head></html>\n",
    /found an answer that has none/,
  ],
  "Loki's refusal as text": ["parse error at line 1, col 5: syntax error\n", /found an answer that has none/],
};

describe("what is refused", () => {
  it.each(Object.entries(refusals))("%s is told by name", async (_, [content, message]) => {
    const refused = verified(content);
    await expect(refused).rejects.toThrow(UsageError);
    await expect(refused).rejects.toThrow(message);
  });

  it("takes whatever it is told to put before verify", async () => {
    const texts = rows((text) => `0:7 app-1 => ${text}`)(whole) as string;
    const message = await verified(texts).catch(String);
    const script = /sed '([^']*)'/.exec(String(message))![1]!;
    const output = execFileSync("sed", [script], { input: texts });
    expect(output.toString()).toBe(raw(whole));
  });
});

describe("what is broken", () => {
  it("stays so where every raw line is damaged or lost", async () => {
    const everyOne: [string[], Partial<Counts>][] = [
      [[], { lost: 60 }],
      [["alien", "", "<xml>"], { lost: 60, unexpected: 3 }],
      [whole.map((text) => `${text}\r`), { lost: 60, corrupted: 60 }],
      [whole.map((text) => text.slice(0, 70)), { lost: 60, truncated: 60 }],
      [whole.map((text) => text.replace("level", "Level")), { lost: 60, corrupted: 60 }],
      [whole.map((text, index) => text + whole[(index + 1) % 60]), { lost: 60, merged: 60 }],
    ];
    for (const [texts, counts] of everyOne) {
      const { counts: found, read } = await verified(raw(texts));
      expect({ ...found, form: read.form }).toMatchObject({ ...counts, form: "raw lines" });
    }
  });

  it("takes one wrapped line among raw ones for what it is", async () => {
    const wrapped = {
      merged: [`${time} stdout F ${whole[7]}`, `app-1  | ${whole[7]}`],
      corrupted: [JSON.stringify(whole[7])],
    };
    for (const [kind, texts] of Object.entries(wrapped)) {
      for (const text of texts) {
        const { counts } = await verified(raw(whole.with(7, text)));
        expect(counts).toMatchObject({ lost: 1, [kind]: 1 });
      }
    }
  });

  it("takes one line in an object among raw ones for damage, and refuses a file of which a part is in objects", async () => {
    for (const field of ["log", "message", "line"]) {
      const { counts } = await verified(raw(whole.with(7, JSON.stringify({ [field]: whole[7] }))));
      expect(counts).toMatchObject({ lost: 1, corrupted: 1 });
      const few = await verified(raw([JSON.stringify({ [field]: whole[0] }), ...whole.slice(1, 5)]));
      expect(few.counts).toMatchObject({ delivered: 4, corrupted: 1 });
    }
    const many = Array.from({ length: 3 }, () => whole).flat();
    const objects = many.map((log) => JSON.stringify({ log }));
    const prefixed = many.map((text) => `app-1  | ${text}`);
    const mixtures = [
      [many, objects],
      [objects, prefixed],
      [prefixed, objects],
      [objects, many.map((text) => JSON.stringify({ text }))],
    ];
    for (const mixture of mixtures) await expect(verified(raw(mixture.flat()))).rejects.toThrow(/one form/);
    await expect(verified(`${JSON.stringify(answer(whole))}\n${raw(whole)}`)).rejects.toThrow(/one form/);
  });

  it("takes raw lines for raw where a document, CSV or the like of them stands before them", async () => {
    for (const alien of ['[{"x":1}]', `[${whole[0]}]`, csvField(whole[0]!)]) {
      const { counts, read } = await verified(
        raw([alien, `${whole[0]} `, `${whole[1]}${whole[2]}`, ...whole]),
      );
      expect(read.form).toBe("raw lines");
      expect(counts).toMatchObject({ lost: 0, corrupted: alien === csvField(whole[0]!) ? 2 : 1 });
    }
  });

  it("takes no more off for one line that is damaged at its beginning", async () => {
    const prefixes: [string, string][] = [
      [`${time} {a="b"} `, " "],
      [`1767225600000\t${time}\t`, "\t"],
      [`1767225600000\t${time}\t`, "key\t"],
      ["Thu 2026-01-01 00:00:00 UTC shop.service[1]: ", "word: "],
    ];
    for (const [prefix, damage] of prefixes) {
      for (const at of [0, 7, 59]) {
        const texts = whole.with(at, damage + whole[at]);
        expect((await verified(raw(texts.map((text) => prefix + text)))).counts).toMatchObject({ lost: 1 });
      }
    }
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

  it("refuses an unknown prefix, even if one damaged line looks like a known form", async () => {
    for (const damage of ["\t", "key\t", " "]) {
      const texts = whole.with(0, damage + whole[0]).map((text, index) => `<13>${index} host@x | ${text}`);
      await expect(verified(raw(texts))).rejects.toThrow(/in a form that is not known/);
    }
  });

  it("reads the column of a data frame that has the lines, and no other", async () => {
    const values = [
      whole.map(() => ({ a: 1 })),
      whole.map((_, index) => index),
      whole,
      whole.map((_, index) => ns(index)),
    ];
    const frames = { results: { A: { frames: [{ data: { values } }] } } };
    for (const text of [JSON.stringify(frames), pretty(frames)]) {
      expect((await verified(text)).counts).toMatchObject({ delivered: 60, lost: 0, unexpected: 0 });
    }
  });

  it("takes what a crash left of an OTLP document for one damaged text, and reads those behind it", async () => {
    const documents = batches(whole).map((batch) => JSON.stringify(otlp(batch)));
    const [last] = documents.slice(-1) as [string];
    const torn = documents[3]!;
    for (const length of [
      1,
      torn.indexOf("seed-1/app"),
      torn.length >> 1,
      torn.length - 20,
      torn.length - 1,
    ]) {
      const piece = torn.slice(0, length);
      // Whether nothing in it tells of the run, as in its first byte.
      const kind = piece.includes("seed-1/") ? "corrupted" : "unexpected";
      // A process that goes on appends to it; one that does not leaves it at the end.
      for (const left of [
        raw(documents).toString().replace(`${torn}\n`, piece),
        raw(documents.toSpliced(3, 1)) + piece,
      ]) {
        const { counts, read, inBytes, inTexts } = await verified(left);
        expect(counts).toMatchObject({ lost: 7, [kind]: 1, merged: 0, truncated: 0 });
        expect(read.form).toContain("OTLP JSON");
        expect(inBytes).toEqual(inTexts);
      }
    }
    expect((await verified(raw([last.slice(0, 300), ...documents]))).counts).toMatchObject({
      lost: 0,
      corrupted: 1,
    });
    await expect(verified(`${last}\n${pretty(otlp(whole))}`)).rejects.toThrow(
      /OTLP JSON.* and indented documents/,
    );
  });

  it("refuses lines that are escaped throughout, or packed in more ways", async () => {
    const ascii = (text: string) =>
      JSON.stringify(text).replace(/[^ -~]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);
    const python = (text: string) =>
      Buffer.from(text)
        .toString("latin1")
        .replace(/[^ -~]/g, (c) => `\\x${c.charCodeAt(0).toString(16)}`);
    const ways: ((text: string) => string)[] = [
      (text) => `- ${ascii(text)}`,
      (text) => `b'${python(text)}'`,
      (text) => `<td>${text.replaceAll('"', "&#34;").replaceAll("+", "&#43;")}</td>`,
      (text) => `\u001e${text}`,
    ];
    for (const way of ways) await expect(verified(raw(whole.map(way)))).rejects.toThrow(UsageError);
    const marks = [
      deflateSync(raw(whole) as string),
      Buffer.from("SQLite format 3\0..."),
      Buffer.from("Obj\u0001..."),
    ];
    for (const bytes of marks) await expect(verified(bytes)).rejects.toThrow(UsageError);
  });

  it("passes over other people's lines before, between and after the lines of a form", async () => {
    const foreign = Array.from(
      { length: 9_000 },
      (_, index) => `loki-1  | level=info caller=metrics.go n=${index}`,
    );
    const own = whole.map((text) => `app-1  | ${text}`);
    const { counts } = await verified(
      raw([...foreign, ...own.slice(0, 30), "alien", ...own.slice(30), ...foreign]),
    );
    expect(counts).toMatchObject({ delivered: 60, lost: 0, merged: 0, unexpected: 18_001 });
  });
});

it("says in which form the lines stood", async () => {
  const form = async (name: string) => (await verified(forms[name]!(whole))).read.form;
  expect(await form("raw lines")).toBe("raw lines");
  expect(await form("gzip of query_range")).toBe("gzip, in it Loki's query_range answer");
  expect(await form("docker compose logs --timestamps")).toBe(
    "docker compose logs, in it lines with a time before each (logs --timestamps)",
  );
});
