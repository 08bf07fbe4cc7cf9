/** What came of a task: its result, and tasks that have to be done next, before those that were behind it. */
export interface Done<Task, Result> {
  result: Result;
  rest: Task[];
}

/** How much of `inOrder` goes on at a time. */
export interface Bounds {
  /** How many tasks run at a time, at most. */
  concurrent: number;
  /** How many tasks have been begun and their results not been taken, at most: so many results are held in memory. */
  begun: number;
}

interface Place<Task, Result> {
  task: Task;
  isBegun?: boolean;
  done?: Done<Task, Result>;
}

/**
 * Does tasks side by side, and takes their results in the order of the tasks.
 *
 * @param tasks made when they are needed
 * @throws whatever `run` or `take` throws, once no task runs any more
 */
export async function inOrder<Task, Result>(
  tasks: Iterable<Task>,
  { concurrent, begun }: Bounds,
  run: (task: Task) => Promise<Done<Task, Result>>,
  take: (result: Result) => void,
): Promise<void> {
  const more = tasks[Symbol.iterator]();
  const places: Place<Task, Result>[] = [];
  const active = new Set<Promise<void>>();
  const failures: unknown[] = [];
  const finish = (place: Place<Task, Result>, done: Done<Task, Result>) => {
    place.done = done;
    const rest = done.rest.map((task): Place<Task, Result> => ({ task }));
    places.splice(places.indexOf(place) + 1, 0, ...rest);
  };
  const begin = (place: Place<Task, Result>) => {
    place.isBegun = true;
    const running = run(place.task)
      .then(
        (done) => finish(place, done),
        (failure) => void failures.push(failure),
      )
      .finally(() => active.delete(running));
    active.add(running);
  };
  try {
    for (;;) {
      if (failures.length > 0) throw failures[0];
      while (places.length < begun) {
        const { value, done } = more.next();
        if (done) break;
        places.push({ task: value });
      }
      const [first] = places;
      if (first === undefined) return;
      let held = places.filter(({ isBegun }) => isBegun).length;
      for (const place of places) {
        if (place.isBegun || active.size >= concurrent) continue;
        // The first one is begun in any case: the results of all others wait for it.
        if (held >= begun && place !== first) break;
        begin(place);
        held++;
      }
      if (first.done === undefined) {
        await Promise.race(active);
        continue;
      }
      places.shift();
      take(first.done.result);
    }
  } finally {
    await Promise.allSettled(active);
  }
}
