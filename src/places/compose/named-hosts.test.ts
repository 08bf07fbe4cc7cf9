import { expect, it } from "vitest";
import { hostsIn } from "./named-hosts.ts";

const known = new Set(["gate", "minio", "consul", "member-1", "db", "alerts", "shop.store", "mimir"]);

it.each([
  ["a URL", "url: http://gate:8080/push", ["gate"]],
  ["a URL with a password", 'url: "http://me:secret@gate/push"', ["gate"]],
  ["a host before a port", "join_members: [member-1:7946, other:7946]", ["member-1"]],
  ["a host behind a lookup", "addresses: dns+consul:8500", ["consul"]],
  ["a key", "s3:\n  endpoint: minio\n  insecure: true", ["minio"]],
  ["a flag", "-memberlist.join=member-1:7946", ["member-1"]],
  [
    "nginx",
    "upstream all { server member-1:3100; server minio:9000; }\nproxy_pass http://gate;",
    ["member-1", "minio", "gate"],
  ],
  ["the source of a program", 'request({ host: "shop.store", port: 3100 })', ["shop.store"]],
  ["a variable", "DB_HOST=db\nhost=db", ["db"]],
  ["a comment", "# http://gate:8080\nkey: 1 # minio:9000", []],
  ["the version of an image", "image: db:16.2", []],
  ["a word that is also a service", "labels: { job: gate, app: minio }", []],
  [
    "where to send alerts",
    "ruler:\n  alertmanager_url: http://alerts:9093\n  storage: { endpoint: minio }",
    ["minio"],
  ],
  ["a section about telemetry", "remote_write:\n  - url: http://mimir/push\nstore: http://minio", ["minio"]],
  ["the same in one line", "ruler: { alertmanager_url: http://alerts:9093, host: db }", ["db"]],
])("finds the hosts that count in %s", (_, text, hosts) => {
  expect([...hostsIn(text, known)].sort()).toEqual(hosts.toSorted());
});
