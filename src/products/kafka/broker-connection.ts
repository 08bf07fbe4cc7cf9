import type { Socket } from "node:net";
import { numbers, text } from "./fetch-messages.ts";

const clientId = "everyline";
const lengthBytes = 4;
const correlationBytes = 4;
/** More than a broker is asked for at once, even with a record that alone is larger. */
const longestAnswer = 268_435_456;

/** A connection to a broker, on which one request is under way at a time. */
export class BrokerConnection {
  readonly #socket: Socket;
  readonly #timeoutMs: number;
  #correlation = 0;
  #chunks: Buffer[] = [];
  #received = 0;
  /** How many bytes the answer has, with its length; undefined until that has arrived. */
  #wanted: number | undefined;
  #waiting: PromiseWithResolvers<Buffer> | undefined;

  /** @param socket connected; the connection ends it */
  constructor(socket: Socket, timeoutMs: number) {
    this.#socket = socket;
    this.#timeoutMs = timeoutMs;
    socket.on("data", (chunk: Buffer) => this.#take(chunk));
    socket.on("error", (error) => this.#fail(error));
    socket.on("close", () => this.#fail(new Error("the broker has closed the connection")));
  }

  /**
   * Sends a request and waits for its answer.
   *
   * @returns the body of the answer
   * @throws Error if the connection fails, or there is no answer in time
   */
  async ask(key: number, version: number, body: Buffer): Promise<Buffer> {
    const waiting = Promise.withResolvers<Buffer>();
    this.#waiting = waiting;
    const correlation = ++this.#correlation;
    const request = Buffer.concat([numbers("hhi", key, version, correlation), text(clientId), body]);
    const timer = setTimeout(
      () => this.#fail(new Error(`the broker has not answered for ${this.#timeoutMs / 1_000} s`)),
      this.#timeoutMs,
    );
    try {
      if (this.#socket.destroyed) throw new Error("the broker has closed the connection");
      this.#socket.write(Buffer.concat([numbers("i", request.length), request]));
      const answer = await waiting.promise;
      if (answer.readInt32BE(lengthBytes) !== correlation)
        throw new Error("the broker answers another request");
      return answer.subarray(lengthBytes + correlationBytes);
    } finally {
      clearTimeout(timer);
    }
  }

  end(): void {
    this.#socket.destroy();
  }

  #take(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#received += chunk.length;
    if (this.#received < lengthBytes + correlationBytes) return;
    if (this.#wanted === undefined) {
      const head = Buffer.concat(this.#chunks);
      this.#chunks = [head];
      this.#wanted = head.readInt32BE() + lengthBytes;
      if (this.#wanted < lengthBytes + correlationBytes || this.#wanted > longestAnswer) {
        this.#fail(new Error("this is no answer of a broker"));
        return;
      }
    }
    if (this.#received < this.#wanted) return;
    const answer = Buffer.concat(this.#chunks, this.#wanted);
    this.#chunks = [];
    this.#received = 0;
    this.#wanted = undefined;
    this.#waiting?.resolve(answer);
  }

  #fail(error: Error): void {
    this.#waiting?.reject(error);
    this.#socket.destroy();
  }
}
