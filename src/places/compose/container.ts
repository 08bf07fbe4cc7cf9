import { stripVTControlCharacters } from "node:util";
import type Docker from "dockerode";
import { messageOf } from "../../base/errors.ts";
import type { InstanceState } from "../instance.ts";

/** The current state of a container, as the engine reports it. */
interface ContainerState {
  running: boolean;
  /** The main process's id on the engine's machine; 0 when it does not run. */
  pid: number;
  exitCode: number;
  isOutOfMemory: boolean;
  /** When it last started and ended, in Unix milliseconds of this machine's clock. */
  startedAtMs: number;
  finishedAtMs: number;
  /** The names of the networks it is connected to. */
  networks: string[];
}

const frameHeaderBytes = 8;
/** The addresses with which the engine says that a port is published on every interface, or on the loopback interface. */
const everywhere = ["", "0.0.0.0", "127.0.0.1"];
const clockSamples = 5;

/**
 * The state of a container.
 *
 * @param offsetMs how far the engine's clock is ahead of this machine's
 */
async function stateOf(container: Docker.Container, offsetMs: number): Promise<ContainerState> {
  const { State: state, NetworkSettings: settings } = await container.inspect();
  return {
    running: state.Running,
    pid: state.Pid,
    exitCode: state.ExitCode,
    isOutOfMemory: state.OOMKilled,
    startedAtMs: Date.parse(state.StartedAt) - offsetMs,
    finishedAtMs: Date.parse(state.FinishedAt) - offsetMs,
    networks: Object.keys(settings.Networks),
  };
}

/**
 * The state of an instance that is this container, on this machine's clock.
 *
 * @param offsetMs how far the engine's clock is ahead of this machine's
 */
export async function instanceState(container: Docker.Container, offsetMs: number): Promise<InstanceState> {
  const { finishedAtMs: endedAtMs, networks: _, ...state } = await stateOf(container, offsetMs);
  return { incarnation: `${container.id}@${state.startedAtMs}`, ...state, endedAtMs };
}

/**
 * The addresses of this machine at which ports of a container are published, written as in a URL: 127.0.0.1 if a port is published at every
 * address. Ports that are not published are left out.
 */
export async function publishedAt(
  container: Docker.Container,
  ports: readonly number[],
): Promise<Map<number, { host: string; port: number }>> {
  const info = await unlessGone(container.inspect());
  return new Map(
    ports.flatMap((port) => {
      const places = info?.NetworkSettings.Ports[`${port}/tcp`] ?? [];
      const found = places.find(({ HostIp: ip }) => everywhere.includes(ip)) ?? places[0];
      if (found === undefined) return [];
      return [[port, { host: hostOf(found.HostIp), port: Number(found.HostPort) }] as const];
    }),
  );
}

function hostOf(ip: string): string {
  if (everywhere.includes(ip)) return "127.0.0.1";
  if (ip === "::") return "[::1]";
  return ip.includes(":") ? `[${ip}]` : ip;
}

/**
 * The last lines that a container wrote to stdout and stderr. No verdict depends on them, so if they cannot be read, the text says so.
 *
 * @param tail the maximum number of lines
 * @param sinceSeconds the Unix time, by the engine's clock, of the first line
 */
export async function logsOf(container: Docker.Container, tail: number, sinceSeconds = 0): Promise<string> {
  try {
    const raw = await container.logs({
      stdout: true,
      stderr: true,
      follow: false,
      tail,
      since: sinceSeconds,
    });
    return printable(textOf(raw));
  } catch (thrown) {
    // Without a status code the error is not an answer of the engine about this container.
    if ((thrown as { statusCode?: number }).statusCode === undefined) throw thrown;
    return `(what it wrote cannot be read: ${await whyUnreadable(container, messageOf(thrown))})\n`;
  }
}

/** With some logging drivers the engine itself keeps no logs that could be read. */
async function whyUnreadable(container: Docker.Container, message: string): Promise<string> {
  const info = await unlessGone(container.inspect());
  if (info === undefined) return "the container is gone";
  return `its logging driver is ${info.HostConfig.LogConfig?.Type}; the engine says: ${message.trim()}`;
}

/**
 * How far the engine's clock is ahead of this machine's: 0, unless the engine runs in a virtual machine. A busy engine may take seconds to
 * answer, and its time may be that of any moment in between. So the quickest of several answers counts, and a difference within the
 * duration of that answer counts as 0.
 */
export async function clockOffsetMs(docker: Docker): Promise<number> {
  let offsetMs = 0;
  let uncertaintyMs = Number.POSITIVE_INFINITY;
  for (let sample = 0; sample < clockSamples; sample++) {
    const before = Date.now();
    const { SystemTime: systemTime } = (await docker.info()) as { SystemTime: string };
    const after = Date.now();
    if (after - before >= uncertaintyMs) continue;
    uncertaintyMs = after - before + 1;
    offsetMs = Date.parse(systemTime) - (before + after) / 2;
  }
  return Math.abs(offsetMs) <= uncertaintyMs / 2 ? 0 : offsetMs;
}

/** What the engine answers about a container; undefined if it no longer has it (404), or is about to remove it (409). */
export async function unlessGone<Info>(inspection: Promise<Info>): Promise<Info | undefined> {
  try {
    return await inspection;
  } catch (thrown) {
    const { statusCode } = thrown as { statusCode?: number };
    if (statusCode === 404 || statusCode === 409) return undefined;
    throw thrown;
  }
}

/** The text of the engine's log frames, stdout and stderr in the order they were written. */
function textOf(frames: Buffer): string {
  const chunks: Buffer[] = [];
  for (let start = 0; start + frameHeaderBytes <= frames.length; ) {
    const end = start + frameHeaderBytes + frames.readUInt32BE(start + 4);
    chunks.push(frames.subarray(start + frameHeaderBytes, end));
    start = end;
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** Removes terminal control sequences, because these texts end up in reports. */
function printable(text: string): string {
  return stripVTControlCharacters(text).replace(/[^\P{Cc}\n\t]/gu, "");
}
