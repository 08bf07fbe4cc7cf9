import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it } from "vitest";
import { UnavailableError, UsageError } from "../base/errors.ts";
import { intervalsIn, openPrometheus } from "./own-prometheus.ts";

const { signal } = new AbortController();

/** A web server that is no Prometheus. */
async function withServer(
  status: number,
  body: string,
  work: (url: string) => Promise<void>,
): Promise<string[]> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.url} ${request.headers.authorization ?? ""}`.trim());
    response.writeHead(status).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    await work(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
  return asked;
}

/** What opening an address fails with. */
async function failureOf(address: string): Promise<Error> {
  return openPrometheus(address, signal).then(
    () => expect.unreachable(),
    (thrown: Error) => thrown,
  );
}

it("refuses what is no address of http or https", async () => {
  for (const address of ["", "prometheus", "localhost:9090", "ftp://localhost:9090", "http://"]) {
    const failure = await failureOf(address);
    expect(failure).toBeInstanceOf(UsageError);
    expect(failure.message).toContain(
      `like http://localhost:9090, got ${JSON.stringify(address)}. Write it with`,
    );
  }
});

it("tells that nothing answers, and not the password", async () => {
  for (const host of ["127.0.0.1:1", "localhost:1", "nowhere.invalid:9090"]) {
    const failure = await failureOf(`http://me:very-secret@${host}`);
    expect(failure).toBeInstanceOf(UnavailableError);
    expect(failure.message).toMatch(
      /nothing answered there: .*(ECONNREFUSED|ENOTFOUND|EAI_AGAIN).* Check the address/,
    );
    expect(failure.message).not.toContain("very-secret");
  }
});

it("tells what else answers than a Prometheus", async () => {
  const answers = [
    [404, "404 page not found", /something else answers there: it answered 404: 404 page not found\. Pass/],
    [
      200,
      "<html>Welcome</html>",
      /something else answers there: its answer to \/api\/v1\/status\/buildinfo has/,
    ],
    [200, "{}", /something else answers there: its answer to/],
    [302, "", /something else answers there: it answered 302/],
    [401, "who are you", /it answered 401: who are you\. .*http:\/\/USER:PASSWORD@HOST:PORT/],
  ] as const;
  for (const [status, body, message] of answers)
    await withServer(status, body, async (url) => {
      const failure = await failureOf(url);
      expect(failure).toBeInstanceOf(UsageError);
      expect(failure.message).toMatch(message);
      expect(failure.message).toContain(`at ${url}, but`);
    });
});

it("asks below the path that the address has, as the one whom it names", async () => {
  const asked = await withServer(404, "", async (url) => {
    await failureOf(`${url.replace("//", "//me:p%40ss@")}/prometheus/?a=b`);
  });
  const login = Buffer.from("me:p@ss").toString("base64");
  expect(asked).toEqual([`/prometheus/api/v1/status/buildinfo Basic ${login}`]);
});

it("takes the intervals of a configuration, or those that are the default", () => {
  expect(intervalsIn("global: { scrape_interval: 15s, evaluation_interval: 1m30s }")).toEqual({
    scrapeMs: 15_000,
    evaluationMs: 90_000,
  });
  expect(intervalsIn("global: { scrape_interval: 15s }")).toEqual({ scrapeMs: 15_000, evaluationMs: 60_000 });
  expect(intervalsIn("scrape_configs: []")).toEqual({ scrapeMs: 60_000, evaluationMs: 60_000 });
});
