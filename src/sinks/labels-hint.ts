/** How lines of others are kept out of streams that are told apart by labels. */
export function labelsHint({ selectorKey, selector }: { selectorKey: string; selector: string }): string {
  return `Give the log files of ${selectorKey} (${selector}) labels that no other logs have, or name a narrower selector.`;
}
