import { once } from "node:events";
import { readdir } from "node:fs/promises";
import { connect, createServer, type Socket } from "node:net";
import { join } from "node:path";
import { expect, it } from "vitest";
import { exitCodes } from "../src/base/errors.ts";
import { listProcesses } from "../src/base/processes.ts";
import { tempDir } from "../src/base/temp-dir.ts";
import { ComposePlace } from "../src/places/compose/compose-place.ts";
import { projectName } from "../src/places/compose/project.ts";
import { run } from "./support/command.ts";
import { leftoversOf } from "./support/leftovers.ts";

const place = await ComposePlace.connect();
const enginePath = process.env.DOCKER_HOST!.replace("unix://", "");

/** After the limit for an answer the run waits for two minutes for a sink that is not there, and then for each step of the clean-up. */
const waitsMs = 480_000;

/** Passes everything on to the real engine and back, until a request matches; from then on nothing comes back, on any connection. */
async function silencedEngine(socketPath: string, at: RegExp): Promise<AsyncDisposable> {
  let isSilent = false;
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const engine = connect(enginePath);
    for (const socket of [client, engine]) {
      sockets.add(socket);
      socket.on("error", () => socket.destroy());
      socket.on("close", () => sockets.delete(socket));
    }
    client.on("data", (request) => {
      isSilent ||= at.test(request.toString("latin1"));
      if (!isSilent) engine.write(request);
    });
    engine.on("data", (answer) => void (isSilent || client.write(answer)));
    client.on("end", () => engine.end());
    engine.on("end", () => void (isSilent || client.end()));
  });
  server.listen(socketPath);
  await once(server, "listening");
  return {
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

it.concurrent.each([
  ["while Compose starts the stack", /^POST \/\S*containers\/\w+\/start/],
  ["in the middle of the run", /^POST \/\S*containers\/\w+\/(restart|stop)/],
])(
  "an engine that hangs %s ends a run with the reason, and what it left can be removed",
  async (_, at) => {
    await using dir = await tempDir("everyline-silent-");
    const socketPath = join(dir.path, "engine.sock");
    const out = join(dir.path, "reports");
    await using _engine = await silencedEngine(socketPath, at);
    const { exitCode, stderr } = await run(
      "bin/everyline",
      ["run", "sink-restart", "--pipeline", "direct", "--lines", "200", "--out", out],
      { env: { ...process.env, DOCKER_HOST: `unix://${socketPath}`, EVERYLINE_ENGINE_TIMEOUT: "20s" } },
    );
    const [runId] = await readdir(out);
    try {
      expect(stderr).toMatch(
        /the container engine did not answer `\w+ \/containers\/.*` within [12]0 s\. It hangs: restart it/,
      );
      expect(exitCode).toBe(exitCodes.unavailable);
      const commands = (await listProcesses()).filter(({ argv }) => argv.includes(projectName(runId!)));
      expect(commands).toEqual([]);
    } finally {
      const { containers } = await place.removeAbandoned(runId!);
      expect(containers).toBe(2);
    }
    expect(await leftoversOf(runId!)).toEqual([]);
  },
  waitsMs,
);
