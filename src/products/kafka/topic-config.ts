import kafkajs, { type Admin } from "kafkajs";

/** One setting of a topic. */
export interface ConfigEntry {
  name: string;
  value: string;
}

/** The settings that are set for a topic itself. */
export async function topicConfigOf(admin: Admin, topic: string): Promise<ConfigEntry[]> {
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: [{ type: kafkajs.ConfigResourceTypes.TOPIC, name: topic }],
  });
  return resources[0]!.configEntries
    .filter(({ configSource }) => configSource === kafkajs.ConfigSource.TOPIC_CONFIG)
    .map(({ configName, configValue }) => ({ name: configName, value: configValue }));
}

/** Changes some of a topic's settings and keeps the others; Kafka would reset settings that the request omits. */
export async function changeTopicConfig(admin: Admin, topic: string, changes: ConfigEntry[]): Promise<void> {
  const changed = new Set(changes.map(({ name }) => name));
  const others = (await topicConfigOf(admin, topic)).filter(({ name }) => !changed.has(name));
  const type = kafkajs.ConfigResourceTypes.TOPIC;
  const resource = { type, name: topic, configEntries: [...others, ...changes] };
  await admin.alterConfigs({ validateOnly: false, resources: [resource] });
}
