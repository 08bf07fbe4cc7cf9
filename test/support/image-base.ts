import { copyFile, mkdir, realpath, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { exists } from "../../src/base/exists.ts";
import { connectEngine } from "../../src/places/compose/engine.ts";
import { catalogueEntry } from "../../src/places/images/catalogue.ts";
import { findLocalImage } from "../../src/places/images/images.ts";
import { run } from "./command.ts";
import { needImages } from "./need-images.ts";
import { succeed } from "./packed.ts";

const node = { name: "node", version: "24.21.0" };

/** Builds an image of a folder with a Dockerfile, with the network of this machine, and tags it. */
export async function buildImage(
  folder: string,
  tag: string,
  args: Record<string, string> = {},
): Promise<void> {
  const given = Object.entries(args).flatMap(([name, value]) => ["--build-arg", `${name}=${value}`]);
  await succeed(folder, "docker", "build", "--quiet", "--network", "host", "--tag", tag, ...given, folder);
}

/**
 * Makes the two images that Everyline's own stands on where no registry has them: Node with npm, and the docker command with its Compose
 * plugin as the image `docker:cli` has them.
 *
 * @param folder a temporary folder
 * @param tag the beginning of their tags
 * @returns the arguments of the build of Everyline's image
 */
export async function imageBases(folder: string, tag: string): Promise<Record<string, string>> {
  const cli = join(folder, "cli");
  await mkdir(cli, { recursive: true });
  await copyFile(await programOf("docker"), join(cli, "docker"));
  await copyFile(await composePlugin(), join(cli, "docker-compose"));
  const plugins = "/usr/local/libexec/docker/cli-plugins/";
  await writeFile(
    join(cli, "Dockerfile"),
    `FROM scratch\nCOPY docker /usr/local/bin/\nCOPY docker-compose ${plugins}\n`,
  );
  await buildImage(cli, `${tag}-cli`);
  return { BASE: await nodeWithNpm(folder, tag), DOCKER_CLI: `${tag}-cli` };
}

/** The image of Node that is built here has no npm, which is a package itself; and it does not know this machine's own certificates. */
async function nodeWithNpm(folder: string, tag: string): Promise<string> {
  await needImages(`${node.name}:${node.version}`);
  const found = await findLocalImage(await connectEngine(), await catalogueEntry(node.name, node.version));
  if (found.state === "missing") throw new Error("there is no image of Node");
  if (found.image.origin === "pulled") return found.image.reference;
  const context = join(folder, "node");
  await mkdir(context);
  const tarball = (await succeed(context, "npm", "pack", "--silent", "npm@11")).trim();
  const { NODE_EXTRA_CA_CERTS: certificates } = process.env;
  await writeFile(join(context, "certificates.pem"), "");
  if (certificates) await copyFile(certificates, join(context, "certificates.pem"));
  await writeFile(
    join(context, "Dockerfile"),
    `FROM ${found.image.reference}
ADD ${tarball} /usr/local/lib/node_modules/
RUN mv /usr/local/lib/node_modules/package /usr/local/lib/node_modules/npm \\
  && ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm && chmod +x /usr/local/lib/node_modules/npm/bin/npm-cli.js
COPY certificates.pem /etc/ssl/
ENV NODE_EXTRA_CA_CERTS=/etc/ssl/certificates.pem
`,
  );
  await buildImage(context, `${tag}-node`);
  return `${tag}-node`;
}

async function programOf(name: string): Promise<string> {
  const { stdout } = await run("bash", ["-c", `command -v ${name}`]);
  return realpath(stdout.trim());
}

async function composePlugin(): Promise<string> {
  const folders = [
    join(process.env.DOCKER_CONFIG ?? join(homedir(), ".docker"), "cli-plugins"),
    "/usr/local/lib/docker/cli-plugins",
    "/usr/local/libexec/docker/cli-plugins",
    "/usr/lib/docker/cli-plugins",
    "/usr/libexec/docker/cli-plugins",
  ];
  for (const folder of folders) {
    const path = join(folder, "docker-compose");
    if (await exists(path)) return realpath(path);
  }
  throw new Error(`there is no Compose plugin in ${folders.join(", ")}`);
}
