import { expect, it } from "vitest";
import { Holds } from "./holds.ts";

const never = new AbortController().signal;

it("releases what two faults hold only when both have released it", () => {
  const holds = new Holds();
  const [one, other] = [holds.ofFault(), holds.ofFault()];
  expect(one.take("down", "store")).toBe(false);
  expect(other.take("down", "store")).toBe(true);
  expect(one.release("down", "store")).toBe(true);
  expect(other.release("down", "store")).toBe(false);
});

it("distinguishes states, instances, and the holds of different faults", () => {
  const holds = new Holds();
  const [one, other] = [holds.ofFault(), holds.ofFault()];
  one.take("down", "store");
  expect(one.byAnother("down", "store")).toBe(false);
  expect(other.byAnother("down", "store")).toBe(true);
  expect(other.byAnother("paused", "store")).toBe(false);
  expect(other.byAnother("down", "store-2")).toBe(false);
});

it("tells what another fault has done since a moment, and a replacement as an end as well", () => {
  const holds = new Holds();
  const [one, other] = [holds.ofFault(), holds.ofFault()];
  const sinceMs = Date.now();
  one.note("replaced", "store");
  expect(other.wasDoneByAnother("replaced", "store", sinceMs)).toBe(true);
  expect(other.wasDoneByAnother("ended", "store", sinceMs)).toBe(true);
  expect(other.wasDoneByAnother("ended", "store", Date.now() + 1)).toBe(false);
  expect(one.wasDoneByAnother("ended", "store", sinceMs)).toBe(false);
  one.note("ended", "kafka-1");
  expect(other.wasDoneByAnother("replaced", "kafka-1", sinceMs)).toBe(false);
});

it("does one thing at a time to an instance, in whatever order faults name several", async () => {
  const holds = new Holds();
  const done: string[] = [];
  const work = (name: string) => async () => {
    done.push(`${name} begins`);
    await new Promise((resolve) => setImmediate(resolve));
    done.push(`${name} ends`);
  };
  await Promise.all([
    holds.ofFault().alone(["a", "b"], work("first")),
    holds.ofFault().alone(["b", "a"], work("second")),
    holds.ofFault().alone(["b"], work("third")),
  ]);
  expect(done.filter((_, index) => index % 2 === 0).map((each) => each.split(" ")[0])).toEqual(
    done.filter((_, index) => index % 2 === 1).map((each) => each.split(" ")[0]),
  );
});

it("goes on with the next fault when one failed", async () => {
  const holds = new Holds();
  const failed = holds.ofFault().alone(["store"], async () => {
    throw new Error("refused");
  });
  const next = holds.ofFault().alone(["store"], async () => "done");
  await expect(failed).rejects.toThrow("refused");
  expect(await next).toBe("done");
});

it("waits until no other fault holds an instance down, or the run is aborted", async () => {
  const holds = new Holds();
  const [one, other] = [holds.ofFault(), holds.ofFault()];
  one.take("down", "store");
  let isUp = false;
  const up = other.whenUp(["store", "promtail"], never).then(() => {
    isUp = true;
  });
  await one.whenUp(["store"], never);
  expect(isUp).toBe(false);
  one.release("down", "store");
  await up;
  one.take("down", "store");
  await expect(other.whenUp(["store"], AbortSignal.abort(new Error("interrupted")))).rejects.toThrow(
    "interrupted",
  );
});
