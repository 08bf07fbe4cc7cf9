import { connect, type Socket } from "node:net";

/** A client that sends `first`, and then `again` every second, for ever. */
export function slowClient(url: string, first: string, again: string) {
  const socket: Socket = connect(Number(new URL(url).port), "127.0.0.1");
  const { promise: isConnected, resolve } = Promise.withResolvers<void>();
  let answer = "";
  let hasEnded = false;
  socket.setEncoding("latin1").on("data", (text: string) => {
    answer += text;
  });
  socket.on("error", () => {});
  socket.write(first, () => resolve());
  const timer = setInterval(() => socket.write(again), 1_000);
  const end = () => {
    clearInterval(timer);
    hasEnded = true;
    resolve();
  };
  socket.once("end", end).once("close", end);
  return { socket, isConnected, answer: () => answer, hasEnded: () => hasEnded };
}
