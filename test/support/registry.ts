import { createHash } from "node:crypto";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";

/** An image registry on a port of 127.0.0.1, which engines accept without TLS. */
export interface Registry extends AsyncDisposable {
  /** `127.0.0.1:PORT` */
  readonly address: string;
}

const manifestType = "application/vnd.docker.distribution.manifest.v2+json";

/**
 * Serves one image without any file, under every name and tag.
 *
 * @param architecture in the words of the engine, such as `amd64`
 */
export function startRegistry(architecture: string): Promise<Registry> {
  const emptyTar = Buffer.alloc(1_024);
  const layer = gzipSync(emptyTar);
  const config = Buffer.from(
    JSON.stringify({
      architecture,
      os: "linux",
      config: {},
      rootfs: { type: "layers", diff_ids: [digestOf(emptyTar)] },
      history: [{ created_by: "everyline test" }],
    }),
  );
  const manifest = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: manifestType,
      config: {
        mediaType: "application/vnd.docker.container.image.v1+json",
        size: config.length,
        digest: digestOf(config),
      },
      layers: [
        {
          mediaType: "application/vnd.docker.image.rootfs.diff.tar.gzip",
          size: layer.length,
          digest: digestOf(layer),
        },
      ],
    }),
  );
  const blobs = new Map([layer, config].map((blob) => [digestOf(blob), blob]));

  return listen((request, response) => {
    const path = request.url ?? "";
    const blob = path.includes("/manifests/") ? manifest : blobs.get(path.split("/").at(-1) ?? "");
    if (path === "/v2/") response.end("{}");
    else if (blob === undefined) response.writeHead(404).end();
    else {
      const type = blob === manifest ? manifestType : "application/octet-stream";
      response.writeHead(200, {
        "Content-Type": type,
        "Content-Length": blob.length,
        "Docker-Content-Digest": digestOf(blob),
      });
      response.end(request.method === "HEAD" ? undefined : blob);
    }
  });
}

/** Accepts every request and answers none, like a network that drops packets. */
export function startSilentRegistry(): Promise<Registry> {
  return listen(() => {});
}

async function listen(onRequest: RequestListener): Promise<Registry> {
  const server = createServer(onRequest);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    address: `127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function digestOf(bytes: Buffer): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}
