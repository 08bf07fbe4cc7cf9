import type { ComposeModel, ComposeService } from "../../src/places/compose/compose-model.ts";

const parts = { ports: [], volumes: [], networks: {}, environment: {}, command: null, depends_on: {} };

/** The model of a Compose file of the project `shop`, of whose services only what a test is about is given. */
export function composeModel(services: Record<string, Partial<ComposeService>>): ComposeModel {
  const whole = Object.entries(services).map(([name, service]) => [name, { ...parts, ...service }]);
  return { name: "shop", services: Object.fromEntries(whole), networks: {}, volumes: {} };
}

/** The same of services that bear their image's name, each with the networks it is in. */
export function networkedModel(networks: Record<string, string[]>): ComposeModel {
  return composeModel(
    Object.fromEntries(
      Object.entries(networks).map(([name, names]) => [
        name,
        { image: name, networks: Object.fromEntries(names.map((network) => [network, null])) },
      ]),
    ),
  );
}
