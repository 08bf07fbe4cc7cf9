import fc from "fast-check";
import { expect, it } from "vitest";
import { AlloyReference, AlloyUnknown, parseAlloy } from "./alloy-syntax.ts";

const upper = (name: string, [first]: unknown[]) => `${name}(${first})`;

it("reads blocks, labels, attributes and every kind of value", () => {
  const { attributes, blocks } = parseAlloy(
    `// a comment
level = "in\\"fo" /* another */ raw = \`c:\\logs\`
loki.write "default" {
  endpoint { url = "http://" + "loki" + ":3100" }
  list  = [1, true, null, loki.process.x.receiver,]
  map   = { a = "b", "c-d" = sys.env("X"), e: -1, }
  other = discovery.docker.x.targets[0]["__address__"]
}
empty {}`,
    upper,
  );
  expect(Object.fromEntries(attributes)).toEqual({ level: 'in"fo', raw: "c:\\logs" });
  expect(blocks.map(({ name, label }) => [name, label])).toEqual([
    ["loki.write", "default"],
    ["empty", undefined],
  ]);
  const [write] = blocks;
  expect(write!.blocks[0]!.attributes.get("url")).toBe("http://loki:3100");
  expect(Object.fromEntries(write!.attributes)).toEqual({
    list: [1, true, null, new AlloyReference("loki.process.x.receiver")],
    map: { a: "b", "c-d": "sys.env(X)", e: new AlloyUnknown() },
    other: new AlloyUnknown(),
  });
});

it.each([
  ['a = "open', 'line 1: found "\\"open"'],
  ["x {\n  y = [1 2]\n}", 'line 2: found "2]\\n}", expected ]'],
  ["x {", 'line 1: found "", expected }'],
  [`x = ${"[".repeat(100)}`, "line 1"],
])("names the line of what is wrong in %j", (text, message) => {
  expect(() => parseAlloy(text, upper)).toThrow(message);
});

it("reads any text, or throws an error that names a line", () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'ab.="`{}[](),+- \n/*'.split("")) }), (text) => {
      try {
        parseAlloy(text, upper);
      } catch (thrown) {
        expect((thrown as Error).message).toMatch(/^line \d+: /);
      }
    }),
  );
});
