import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { inOrder } from "./in-order.ts";

/** A task that ends after some turns, and leaves tasks to be done next. */
interface Task {
  name: number;
  turns: number;
  rest: Task[];
}

const { tasks } = fc.letrec<{ task: Task; tasks: Task[] }>((tie) => ({
  task: fc.record({
    name: fc.nat(),
    turns: fc.nat(5),
    rest: fc.oneof({ maxDepth: 2 }, fc.constant<Task[]>([]), tie("tasks") as fc.Arbitrary<Task[]>),
  }),
  tasks: fc.array(tie("task"), { maxLength: 6 }),
}));

const inTurn = (tasks: Task[]): number[] => tasks.flatMap(({ name, rest }) => [name, ...inTurn(rest)]);
const turns = async (count: number) => {
  for (let turn = 0; turn < count; turn++) await Promise.resolve();
};

describe("tasks that are done side by side", () => {
  it("have their results taken in their order, with no more running and held than allowed", async () => {
    await fc.assert(
      fc.asyncProperty(tasks, fc.integer({ min: 1, max: 4 }), fc.nat(4), async (tasks, concurrent, more) => {
        const begun = concurrent + more;
        const taken: number[] = [];
        let running = 0;
        let held = 0;
        const run = async ({ name, turns: count, rest }: Task) => {
          running++;
          held++;
          expect(running).toBeLessThanOrEqual(concurrent);
          // Beyond what is allowed, only the one that all others wait for is begun.
          expect(held).toBeLessThanOrEqual(begun + inTurn(tasks).length);
          await turns(count);
          running--;
          return { result: name, rest };
        };
        await inOrder(tasks, { concurrent, begun }, run, (name) => {
          held--;
          taken.push(name);
        });
        expect(taken).toEqual(inTurn(tasks));
      }),
    );
  });

  it("end with the first failure, when none runs any more", async () => {
    let running = 0;
    const run = async (task: number) => {
      running++;
      await turns(task);
      running--;
      if (task === 2) throw new Error("no");
      return { result: task, rest: [] };
    };
    const taken: number[] = [];
    const done = inOrder([1, 2, 9], { concurrent: 3, begun: 3 }, run, (task) => taken.push(task));
    await expect(done).rejects.toThrow("no");
    expect(running).toBe(0);
    expect(taken).not.toContain(2);
  });
});
