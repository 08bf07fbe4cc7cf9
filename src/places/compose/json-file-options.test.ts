import { expect, it } from "vitest";
import { jsonFileLogOf } from "./json-file-options.ts";

const shown = {
  name: "shop-web-1",
  image: "shop/web:7",
  network: "shop_default",
  labels: { team: "shop", "com.docker.compose.service": "web", "traefik.enable": "true" },
  environment: { REGION: "eu", PASSWORD: "of the user's" },
  logOptions: {},
};

it("stores nothing beside the lines where the user's options ask for nothing", () => {
  expect(jsonFileLogOf(shown, {})).toEqual({ options: { mode: "blocking" }, environment: {} });
});

it("stores what the user's options ask for, as of the user's own container, without giving the container a label", () => {
  const logOptions = {
    "max-size": "10m",
    "max-file": "3",
    tag: "{{.ImageName}}|{{ .Name }}|{{.FullID}}",
    labels: "team, com.docker.compose.service,absent",
    "env-regex": "^REG",
  };
  expect(jsonFileLogOf({ ...shown, logOptions }, {})).toEqual({
    environment: { team: "shop", "com.docker.compose.service": "web", REGION: "eu" },
    options: {
      mode: "blocking",
      "max-size": "10m",
      "max-file": "3",
      tag: "shop/web:7|shop-web-1|{{.FullID}}",
      env: "team,com.docker.compose.service,REGION",
    },
  });
});

it("rotates as the run says where it says so, and drops lines only where the user does", () => {
  const logOptions = { "max-size": "10m", mode: "non-blocking", "max-buffer-size": "4m" };
  expect(jsonFileLogOf({ ...shown, logOptions }, { rotation: { bytes: 5_000, files: 3 } }).options).toEqual({
    mode: "non-blocking",
    "max-buffer-size": "4m",
    "max-size": "5000",
    "max-file": "3",
  });
});

it("selects nothing by an expression that is the engine's alone", () => {
  const logOptions = { "labels-regex": "(?i)TEAM" };
  expect(jsonFileLogOf({ ...shown, logOptions }, {}).environment).toEqual({});
});
