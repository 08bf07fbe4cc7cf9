import type { ReadError } from "../../base/read-error.ts";
import type { ReadHint } from "../../judge/proof-failure.ts";
import type { Pipeline } from "../../pipeline/pipeline.ts";

/** What to do about an unexpected answer of Loki, or of a proxy in front of it. */
export function hintFor(
  { problem, status }: ReadError,
  { sink, deployment }: Pipeline,
): ReadHint | undefined {
  const file = deployment.kind === "own" ? deployment.configFile : undefined;
  if (problem.code === "unpublished")
    return { code: "publish-port", service: sink.reader, port: sink.port ?? null, setting: "loki.url" };
  if (file === undefined) return undefined;
  if (problem.code === "refused" && status === 401 && /no org id/i.test(problem.answer))
    return { code: "set-tenant", setting: "loki.tenant", file };
  if (status === 401 || status === 403) {
    const settings = ["loki.basicAuth", "loki.bearerToken", "loki.tenant"];
    return { code: "set-credentials", settings, file };
  }
  if (status === 404 || status === 200 || (status !== undefined && status >= 300 && status < 400))
    return { code: "set-address", setting: "loki.url", file, apiPath: "/loki/api/v1" };
  return undefined;
}
