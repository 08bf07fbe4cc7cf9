import { gzipSync } from "node:zlib";
import { ByteBudget } from "../../fixtures/services/push-gateway/src/byte-budget.ts";
import { gunzip } from "../../fixtures/services/push-gateway/src/decompress.ts";
import { freeBuffer } from "../../fixtures/services/push-gateway/src/free-buffer.ts";

// Refuses gzip bombs one after the other, as the server does, and releases the memory of each at once.

const mebibyte = 1_024 * 1_024;
const bomb = Buffer.concat(Array(16).fill(gzipSync(Buffer.alloc(8 * mebibyte), { level: 1 })));
for (let count = 0; count < 20; count++) {
  const body = Buffer.allocUnsafeSlow(bomb.length);
  bomb.copy(body);
  const refused = await gunzip(body, 40_000, new ByteBudget(mebibyte).open()).then(
    () => false,
    () => true,
  );
  if (!refused) throw new Error("a gzip bomb was taken");
  freeBuffer(body);
}
