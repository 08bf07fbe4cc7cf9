import { expect, it } from "vitest";
import { portsIn } from "./listening-ports.ts";

it("finds the ports of listening sockets in a table of the kernel, and no others", () => {
  const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid
   0: 00000000:0C1C 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0
   1: 0100007F:2387 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0
   2: 0300A8C0:0C1C 0100A8C0:D431 01 00000000:00000000 00:00000000 00000000     0
   3: 00000000000000000000000000000000:0050 00000000000000000000000000000000:0000 0A 00000000:00000000
`;
  expect(portsIn(table)).toEqual([3100, 9095, 80]);
  expect(portsIn("")).toEqual([]);
});
