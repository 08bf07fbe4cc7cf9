import { describe, expect, it } from "vitest";
import { type ListedContainer, nameInstances, onePerNumber } from "./instances.ts";

function container(id: string, number: number, isUp = true, createdAtSeconds = 0): ListedContainer {
  return { id, name: `shop-${id}`, number, isUp, createdAtSeconds, mounts: [] };
}

describe("the instances of a service", () => {
  it("are called after it where it has one, whatever its number, and by their numbers where it has several", () => {
    const containers = new Map([
      ["store", [container("a", 1), container("b", 3)]],
      ["promtail", [container("c", 2)]],
    ]);
    expect(nameInstances(containers).map(({ name, containerId }) => [name, containerId])).toEqual([
      ["store-1", "a"],
      ["store-3", "b"],
      ["promtail", "c"],
    ]);
  });

  it("do not get the name of another service, nor one twice", () => {
    const containers = new Map([
      ["store", [container("abcdefabcdef0123", 1), container("b", 2), container("fedcbafedcba9876", 2)]],
      ["store-1", [container("c", 1)]],
    ]);
    const names = nameInstances(containers).map(({ name }) => name);
    expect(names).toEqual(["store-abcdefabcdef", "store-2", "store-fedcbafedcba", "store-1"]);
  });
});

describe("several containers with the same number", () => {
  it("are ignored where they do not run; the others come in the order of their numbers", () => {
    const found = onePerNumber([container("new", 2, false, 9), container("b", 2), container("a", 1)]);
    expect(found.map(({ id }) => id)).toEqual(["a", "b"]);
  });

  it("are represented by the youngest where none runs", () => {
    const found = onePerNumber([container("old", 1, false, 1), container("new", 1, false, 2)]);
    expect(found.map(({ id }) => id)).toEqual(["new"]);
  });
});
