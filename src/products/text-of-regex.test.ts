import fc from "fast-check";
import { expect, it } from "vitest";
import { regexOf, textOfRegex } from "./text-of-regex.ts";

const none = () => undefined;

it.each([
  String.raw`^(?P<ip>[\w\.]+) - (?P<user>[^ ]*) \[(?P<time>.*?)\] "(?P<method>\S+)" (?P<status>\d{3})$`,
  String.raw`^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2},\d+`,
  String.raw`(?:INFO|WARN)\s+\[(?P<thread>[^\]]+)\]\s*(?P<msg>.+)`,
  String.raw`^(?P<a>a{2,3})(?P<b>b?)(?P<c>[0-9a-f]+)-(?P<d>[a-z]*)\|\/\.$`,
  "(?s)^(?P<all>.*)$",
  // As Promtail's users write it for entries of several lines.
  String.raw`^(?P<ts>\S+) (?P<level>[A-Z]+) +\[(?P<thread>[^\]]+)\] - (?P<message>(?s:.*))$`,
])("makes a text that %s matches", (expression) => {
  const text = textOfRegex(expression, none);
  expect(text).toMatch(regexOf(expression)!);
});

it("puts what is wanted where a group is, also where the group may be absent", () => {
  const wanted = (group: string) => (group === "msg" ? "{line}" : undefined);
  expect(textOfRegex(String.raw`^\[(?P<lvl>[A-Z]+)\](?: (?P<msg>.*))?$`, wanted)).toBe("[A] {line}");
});

it.each(["^(?=ahead)x", "a(b", String.raw`\pL`, "[[:alpha:]]+", "x".repeat(3_000)])(
  "gives up at %s",
  (expression) => {
    expect(textOfRegex(expression, none)).toBeUndefined();
  },
);

it("ends, and does not fail, whatever it is given", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom(..."()[]{}|\\^$.*+?<>:P=!abd0-9,".split("")) }),
      (expression) => {
        textOfRegex(expression, none);
      },
    ),
  );
});
