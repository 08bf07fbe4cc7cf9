import { execFileSync } from "node:child_process";
import { deflateSync, gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { exportFormContract } from "../../../../test/contracts/export-form-contract.ts";
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
} from "../../../../test/support/verified-export.ts";
import { UsageError } from "../../../base/errors.ts";
import type { Counts } from "../../../judge/counts.ts";

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
const csvField = (text: string) => `"${text.replaceAll('"', '""')}"`;
const csv =
  (separator: string, header: string, lineEnd = "\n"): Form =>
  (texts) =>
    header +
    texts.map((text, index) => [ns(index), csvField(text), "shop"].join(separator) + lineEnd).join("");
const utf16 = (text: string) => Buffer.from(`\uFEFF${text}`, "utf16le");

/** How tools export lines, whatever these are; how those of one sink do is tested with that sink. */
const forms: Record<string, Form> = {
  "raw lines": raw,
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
  "UTF-16": (texts) => utf16(raw(texts) as string),
  "UTF-16 as PowerShell writes it": (texts) => utf16((raw(texts) as string).replaceAll("\n", "\r\n")),
  "UTF-16, the other way round": (texts) => utf16(raw(texts) as string).swap16(),
  "UTF-16 of docker compose logs": (texts) => utf16(texts.map((text) => `app-1  | ${text}\r\n`).join("")),
};

exportFormContract(forms);

const parsedId = { key: "id", value: { stringValue: "seed-1/app-1/1" } };

/** What is refused, and a part of the message. */
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
  "an empty array": ["[]\n", /without any entry/],
  "an array with something else in it": [
    `[{"line":${JSON.stringify(whole[0])}},7]`,
    /found 7 as its element 1/,
  ],
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
};

describe("what is refused", () => {
  it.each(Object.entries(refusals))("%s is told by name", async (_, [content, message]) => {
    const refused = verified(content);
    await expect(refused).rejects.toThrow(UsageError);
    await expect(refused).rejects.toThrow(message);
  });

  it("reads the output of the command that its message recommends", async () => {
    const texts = rows((text) => `0:7 app-1 => ${text}`)(whole) as string;
    const message = await verified(texts).catch(String);
    const script = /sed '([^']*)'/.exec(String(message))![1]!;
    const output = execFileSync("sed", [script], { input: texts });
    expect(output.toString()).toBe(raw(whole));
  });
});

describe("what is broken", () => {
  it("is counted as damage where every raw line is damaged or lost", async () => {
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

  it("counts one wrapped line among raw ones as damage", async () => {
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

  it("counts one line in an object among raw ones as damage, and refuses a file that is partly in objects", async () => {
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
  });

  it("reads raw lines as raw where a document, CSV or similar comes before them", async () => {
    for (const alien of ['[{"x":1}]', `[${whole[0]}]`, csvField(whole[0]!)]) {
      const { counts, read } = await verified(
        raw([alien, `${whole[0]} `, `${whole[1]}${whole[2]}`, ...whole]),
      );
      expect(read.form).toBe("raw lines");
      expect(counts).toMatchObject({ lost: 0, corrupted: alien === csvField(whole[0]!) ? 2 : 1 });
    }
  });

  it("removes no longer prefix because one line is damaged at its beginning", async () => {
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
      const middle = raw(documents).toString().replace(`${torn}\n`, piece);
      for (const left of [middle, raw(documents.toSpliced(3, 1)) + piece]) {
        const { counts, read, inBytes, inTexts } = await verified(left);
        expect(counts).toMatchObject({ lost: 7, [kind]: 1, merged: 0, truncated: 0 });
        expect(read.form).toContain("OTLP JSON");
        expect(inBytes).toEqual(inTexts);
      }
    }
    const { counts } = await verified(raw([last.slice(0, 300), ...documents]));
    expect(counts).toMatchObject({ lost: 0, corrupted: 1 });
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
      (_, index) => `store-1  | level=info caller=metrics.go n=${index}`,
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
  expect(await form("gzip")).toBe("gzip, in it raw lines");
  expect(await form("docker compose logs --timestamps")).toBe(
    "docker compose logs, in it lines with a time before each (logs --timestamps)",
  );
});
