const everyMs = 5_000;

/** Tells, every five seconds, how long something has been going on and what it said last. */
export interface Progress {
  /** Keeps the newest word of what is going on. */
  note(text: string): void;
  /** Stops telling. */
  end(): void;
}

/** Starts telling: `WHAT` at once, then lines such as `WHAT (35 s): NOTE`. */
export function startProgress(what: string, tell: (text: string) => void): Progress {
  const startedAt = performance.now();
  let newest = "";
  tell(what);
  const timer = setInterval(() => {
    const seconds = Math.round((performance.now() - startedAt) / 1_000);
    tell(`${what} (${seconds} s)${newest ? `: ${newest}` : ""}`);
  }, everyMs);
  return {
    note(text) {
      newest = text.trim() || newest;
    },
    end() {
      clearInterval(timer);
    },
  };
}
