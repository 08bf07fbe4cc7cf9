import type { Agent } from "node:http";
import type { Readable } from "node:stream";
import { goodLines } from "./good-lines.ts";
import {
  type Answer,
  type PushedLine,
  post,
  protobufHeaders,
  protobufPush,
  snappy,
} from "./services-push.ts";

/** Pushes to the gateway, and remembers what it acknowledged. */
export class GatewayClient {
  /** What has to be in Kafka now. */
  readonly acknowledged: PushedLine[] = [];
  /** What may be in Kafka: the gateway could not tell. */
  readonly uncertain: PushedLine[] = [];
  /** How often it answered with each status. */
  readonly statuses: Record<string, number> = {};

  readonly url: string;

  constructor(url: string) {
    this.url = url;
  }

  /** @throws Error if the answer is a refusal without a reason, or neither an acknowledgement nor a refusal */
  async push(
    headers: Record<string, string>,
    body: Buffer | Readable,
    linesThereof: () => PushedLine[] = () => [],
    agent?: Agent,
  ): Promise<Answer> {
    const answer = await post(this.url, headers, body, agent);
    const { status, text } = answer;
    this.statuses[status] = (this.statuses[status] ?? 0) + 1;
    if (status === 204) this.acknowledged.push(...linesThereof());
    else {
      if (status === 503) this.uncertain.push(...linesThereof());
      const isRefusal = status >= 400 && status < 500;
      const wrong = (what: string) => new Error(`answered with ${status} ${what}, to ${shown(body)}`);
      if (!isRefusal && status !== 503) throw wrong(`(${text})`);
      if (text.trim() === "") throw wrong("and no reason");
      if ([429, 503].includes(status) && !(Number(answer.headers["retry-after"]) > 0))
        throw wrong("and without Retry-After");
    }
    return answer;
  }

  /** A push that nothing is wrong with, in the form that a shipper sends. */
  async pushGood(): Promise<Answer> {
    const lines = goodLines();
    // What is no UTF-8 goes through as it is.
    lines[0]!.line = Buffer.concat([lines[0]!.line, Buffer.from([0xff, 0xfe, 0x80, 0])]);
    return await this.push(protobufHeaders, snappy(protobufPush(lines)), () => lines);
  }
}

function shown(body: Buffer | Readable): string {
  return Buffer.isBuffer(body)
    ? `${body.length} bytes: ${body.subarray(0, 2_000).toString("base64")}`
    : "a stream";
}
