import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { join } from "node:path";
import Docker from "dockerode";
import { afterEach, describe, expect, it } from "vitest";
import { UnavailableError, UsageError } from "../../base/errors.ts";
import { tempDir } from "../../base/temp-dir.ts";
import { answerTimeoutMs, limitAnswers } from "./answer-limit.ts";

const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** A socket at which everything is taken, and nothing answered but what `answers` begins with. */
async function silentSocket(folder: string, answers: RegExp): Promise<Docker> {
  const socketPath = join(folder, "engine.sock");
  const server = createServer(({ url }, response) => {
    if (answers.test(url!)) response.end("{}");
  });
  servers.push(server);
  server.listen(socketPath);
  await once(server, "listening");
  return new Docker({ socketPath });
}

describe("an engine that does not answer", () => {
  it("fails a request with what was asked, and none that it answers", async () => {
    await using dir = await tempDir("everyline-silent-");
    const docker = limitAnswers(await silentSocket(dir.path, /^\/version/), 2_000);
    await expect(docker.getContainer("a").inspect()).rejects.toThrow(
      new UnavailableError(
        "the container engine did not answer `GET /containers/a/json` within 2 s. It hangs: restart it, then run `everyline clean`. If it is only slow, raise EVERYLINE_ENGINE_TIMEOUT.",
      ),
    );
    await expect(docker.version()).resolves.toEqual({});
    await expect(docker.getContainer("a").remove({ force: true })).rejects.toThrow(
      "`DELETE /containers/a` within 2 s",
    );
  });

  it("may take as long as it likes for what waits for something else, as long as it tells about the container", async () => {
    await using dir = await tempDir("everyline-silent-");
    const docker = limitAnswers(await silentSocket(dir.path, /^\/(containers\/a\/json|version)/), 2_000);
    const lasting = [
      docker.getContainer("a").wait(),
      docker.getContainer("a").stop({ t: 600 }),
      docker.createImage({ fromImage: "b" }),
    ];
    const outcome = Promise.race(lasting.map((wait) => wait.catch((thrown: Error) => thrown.message)));
    await expect(docker.getContainer("b").wait()).rejects.toThrow("`GET /containers/b/json` within 2 s");
    for (const server of servers) server.closeAllConnections();
    expect(await outcome).toContain("socket hang up");
  });
});

it("the time an engine may take is two minutes, or what the environment says", () => {
  expect(answerTimeoutMs({})).toBe(120_000);
  expect(answerTimeoutMs({ EVERYLINE_ENGINE_TIMEOUT: "5m" })).toBe(300_000);
  expect(() => answerTimeoutMs({ EVERYLINE_ENGINE_TIMEOUT: "300" })).toThrow(
    new UsageError('EVERYLINE_ENGINE_TIMEOUT: expected a duration like "30m", "24h" or "6d23h", got "300".'),
  );
});
