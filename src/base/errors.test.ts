import { expect, it } from "vitest";
import { messageOf } from "./errors.ts";

it("tells each error of a clean-up once, the first of them first", () => {
  const clean = (...messages: string[]) => {
    try {
      using scope = new DisposableStack();
      for (const message of messages.toReversed())
        scope.defer(() => {
          throw new Error(message);
        });
    } catch (thrown) {
      return messageOf(thrown);
    }
    return "";
  };
  expect(clean("a network is in use")).toBe("a network is in use");
  expect(clean("no answer", "a network is in use", "no answer")).toBe("no answer; a network is in use");
});

it("takes anything that was thrown", () => {
  expect(messageOf("text")).toBe("text");
  expect(messageOf(undefined)).toBe("undefined");
});
