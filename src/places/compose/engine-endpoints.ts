import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { z } from "zod";

/** A place where a container engine may listen, such as `unix:///var/run/docker.sock`, and where that was read. */
export interface EngineEndpoint {
  host: string;
  from: string;
}

/**
 * Where to look for an engine, in the order of the Docker CLI: only DOCKER_HOST if it is set; otherwise the current context,
 * then the sockets of the usual engines.
 *
 * @param home the folder of the user, in which engines for one user put their sockets
 */
export async function engineEndpoints(
  env: NodeJS.ProcessEnv,
  home: string = homedir(),
): Promise<EngineEndpoint[]> {
  if (env.DOCKER_HOST) return [{ host: env.DOCKER_HOST, from: "DOCKER_HOST" }];
  const context = await contextEndpoint(env.DOCKER_CONFIG ?? join(home, ".docker"), env.DOCKER_CONTEXT);
  const runtimeDir = env.XDG_RUNTIME_DIR;
  const sockets = [
    { host: "unix:///var/run/docker.sock", from: "Docker's default" },
    { host: `unix://${home}/.docker/run/docker.sock`, from: "Docker Desktop" },
    { host: `unix://${home}/.colima/default/docker.sock`, from: "Colima" },
    { host: `unix://${home}/.orbstack/run/docker.sock`, from: "OrbStack" },
    { host: `unix://${home}/.rd/docker.sock`, from: "Rancher Desktop" },
    ...(runtimeDir ? [{ host: `unix://${runtimeDir}/docker.sock`, from: "rootless Docker" }] : []),
  ];
  return [...context, ...sockets.filter(({ host }) => host !== context[0]?.host)];
}

const configSchema = z.object({ currentContext: z.string().optional() });
const contextSchema = z.object({ Endpoints: z.object({ docker: z.object({ Host: z.string() }) }) });

/** The engine of the Docker CLI's current context; empty if it is the default context, or cannot be read. */
async function contextEndpoint(configDir: string, chosen: string | undefined): Promise<EngineEndpoint[]> {
  const name = chosen ?? (await readJson(join(configDir, "config.json"), configSchema))?.currentContext;
  if (!name || name === "default") return [];
  // The CLI keeps each context in a folder that is named after the hash of the context's name.
  const folder = createHash("sha256").update(name).digest("hex");
  const context = await readJson(join(configDir, "contexts", "meta", folder, "meta.json"), contextSchema);
  return context ? [{ host: context.Endpoints.docker.Host, from: `the Docker context ${name}` }] : [];
}

async function readJson<T>(path: string, schema: z.ZodType<T>): Promise<T | undefined> {
  try {
    return schema.parse(JSON.parse(await readFile(path, "utf8")));
  } catch {
    return undefined;
  }
}
