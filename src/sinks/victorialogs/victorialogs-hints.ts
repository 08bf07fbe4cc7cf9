import type { ReadError } from "../../base/read-error.ts";
import type { ReadHint } from "../../judge/proof-failure.ts";
import type { Pipeline } from "../../pipeline/pipeline.ts";

/** What to do about an error that VictoriaLogs, or a proxy in front of it, returned. */
export function hintFor(
  { problem, status }: ReadError,
  { sink, deployment }: Pipeline,
): ReadHint | undefined {
  if (problem.code === "unpublished")
    return {
      code: "publish-port",
      service: sink.reader,
      port: sink.port ?? null,
      setting: "victorialogs.url",
    };
  if (deployment.kind !== "own") return undefined;
  const file = deployment.configFile;
  if (status === 401 || status === 403)
    return {
      code: "set-credentials",
      settings: ["victorialogs.basicAuth", "victorialogs.bearerToken"],
      file,
    };
  if (status === 404)
    return { code: "set-address", setting: "victorialogs.url", file, apiPath: "/select/logsql" };
  return undefined;
}
