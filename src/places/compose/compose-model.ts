import { execFile } from "node:child_process";
import { dirname } from "node:path";
import { promisify } from "node:util";
import { z } from "zod";
import { messageOf, UsageError } from "../../base/errors.ts";

const timeoutMs = 30_000;
const maxBytes = 16 * 2 ** 20;

const mountSchema = z.object({
  type: z.string(),
  source: z.string().optional(),
  target: z.string(),
  read_only: z.boolean().default(false),
});

/** A file that a service is given as a `config` or a `secret`. */
const givenFileSchema = z.object({ source: z.string(), target: z.string().optional() });

const endpointSchema = z.object({
  aliases: z.array(z.string()).nullable().optional(),
  ipv4_address: z.string().optional(),
  ipv6_address: z.string().optional(),
});

const loggingSchema = z.object({
  driver: z.string().optional(),
  options: z.record(z.string(), z.string()).nullable().optional(),
});

const serviceSchema = z.object({
  image: z.string().optional(),
  ports: z.array(z.object({ target: z.int(), published: z.string().optional() })).default([]),
  volumes: z.array(mountSchema).default([]),
  networks: z.record(z.string(), endpointSchema.nullable()).default({}),
  container_name: z.string().optional(),
  network_mode: z.string().optional(),
  environment: z.record(z.string(), z.string().nullable()).default({}),
  command: z.array(z.string()).nullable().default(null),
  entrypoint: z.array(z.string()).nullable().optional(),
  build: z.unknown().optional(),
  scale: z.int().optional(),
  deploy: z.object({ replicas: z.int().optional() }).nullable().optional(),
  depends_on: z.record(z.string(), z.unknown()).default({}),
  configs: z.array(givenFileSchema).nullable().optional(),
  secrets: z.array(givenFileSchema).nullable().optional(),
  extra_hosts: z.array(z.string()).nullable().optional(),
  external_links: z.array(z.string()).nullable().optional(),
  volumes_from: z.array(z.string()).nullable().optional(),
  links: z.array(z.string()).nullable().optional(),
  hostname: z.string().optional(),
  labels: z.record(z.string(), z.string()).nullable().optional(),
  logging: loggingSchema.nullable().optional(),
  profiles: z.array(z.string()).nullable().optional(),
});

const namedSchema = z.object({
  name: z.string(),
  external: z.boolean().default(false),
  driver: z.string().optional(),
  driver_opts: z.record(z.string(), z.string()).nullable().optional(),
});

const poolSchema = z.looseObject({ subnet: z.string().optional() });
const addressesSchema = z.object({ config: z.array(poolSchema).nullable().optional() });

const contentSchema = z.object({ file: z.string().optional(), content: z.string().optional() });

const modelSchema = z.object({
  name: z.string(),
  services: z.record(z.string(), serviceSchema),
  networks: z.record(z.string(), namedSchema.extend({ ipam: addressesSchema.optional() })).default({}),
  volumes: z.record(z.string(), namedSchema).default({}),
  configs: z.record(z.string(), contentSchema).optional(),
  secrets: z.record(z.string(), contentSchema).optional(),
});

/** The parts of the resolved Compose model that matter here: variables filled in, names and paths complete. */
export type ComposeModel = z.infer<typeof modelSchema>;
export type ComposeService = z.infer<typeof serviceSchema>;
export type ComposeMount = z.infer<typeof mountSchema>;

/**
 * Resolves Compose files with the Compose plugin; needs no engine.
 *
 * @param files each of which may override the files before it
 * @param folder where Compose is run: it also takes `.env` from there, and `${PWD}` is that folder
 * @param envFiles files with variables, in place of `.env`; each may override the files before it
 * @throws UsageError with Compose's message, if it refuses them
 */
export async function readCompose(
  files: string[],
  folder = dirname(files[0]!),
  envFiles: readonly string[] = [],
): Promise<ComposeModel> {
  const named = [
    ...files.flatMap((file) => ["-f", file]),
    ...envFiles.flatMap((file) => ["--env-file", file]),
  ];
  // Services of every profile, because named services are started regardless of their profile.
  const args = ["compose", ...named, "--profile", "*", "config", "--format", "json"];
  try {
    const env = { ...process.env, PWD: folder };
    const options = { cwd: folder, env, timeout: timeoutMs, maxBuffer: maxBytes };
    const { stdout } = await promisify(execFile)("docker", args, options);
    return modelSchema.parse(JSON.parse(stdout, unescaped));
  } catch (thrown) {
    const { stderr } = thrown as { stderr?: string };
    throw new UsageError(
      `\`docker compose config\` does not take ${files.join(", ")}:\n${stderr?.trim() || messageOf(thrown)}`,
    );
  }
}

/** Compose escapes its output so that it could read it again: it doubles each dollar sign. */
function unescaped(_: string, value: unknown): unknown {
  return typeof value === "string" ? value.replaceAll("$$", "$") : value;
}

/** The services that Compose starts when some are requested: these, and all that they depend on. */
export function startedWith({ services }: ComposeModel, names: string[]): string[] {
  const started = new Set<string>();
  const pending = [...names];
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    if (started.has(name)) continue;
    started.add(name);
    pending.push(...Object.keys(services[name]?.depends_on ?? {}));
  }
  return [...started];
}
