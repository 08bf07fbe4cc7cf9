/**
 * Passes chunks on until a signal aborts.
 *
 * @throws the signal's reason if it does
 */
export async function* untilAborted(
  chunks: AsyncIterable<Buffer>,
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) {
    signal.throwIfAborted();
    yield chunk;
  }
}
