import { createWriteStream } from "node:fs";
import { type AddressInfo, createServer } from "node:net";

/** A port of this machine that takes whatever is sent to it. */
interface TcpSink extends AsyncDisposable {
  port: number;
}

/**
 * Opens a sink, which reads as fast as it can until it is disposed of.
 *
 * @param path where it writes what arrives, each connection over the one before; it throws everything away if absent
 */
export async function tcpSink(path?: string): Promise<TcpSink> {
  const server = createServer((socket) => {
    if (path === undefined) socket.resume();
    else socket.pipe(createWriteStream(path));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
