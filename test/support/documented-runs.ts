/**
 * How commands of the documentation are run where they are not run as they stand. The first rule that matches counts; each says why. Whatever
 * matches none is run as it stands.
 */
export interface RunRule {
  /** Of the page and the command, as `README.md: npm test`. */
  match: RegExp;
  /** What is run instead; undefined where nothing is but what `coveredBy` names. */
  instead?: (command: string) => string;
  /** The test file or npm script that runs the rest of it; has to exist. */
  coveredBy: string;
  why: string;
}

const dryRun = (command: string) =>
  `${command}${/npm run/.test(command) && !/ -- /.test(command) ? " --" : ""} --dry-run`;

export const runRules: RunRule[] = [
  {
    match: /npm test$|npm run test:full$/,
    coveredBy: "npm run test",
    why: "it is what runs this test",
  },
  {
    match: /npm run (known-bugs|bench|wasm|kill-campaign|mutants|mutation-testing|test:\w+|vitest)/,
    coveredBy: "npm run test:full",
    why: "it takes from minutes to an hour, and its parts have tests of their own",
  },
  {
    match: /npm run nightly -- --resume$/,
    coveredBy: "test/nightly.test.ts",
    why: "there is no night to resume",
  },
  {
    match: /(npm run|everyline) nightly/,
    instead: dryRun,
    coveredBy: "test/nightly.test.ts",
    why: "a night takes hours",
  },
  {
    match: /(npm run|everyline) upgrade/,
    instead: dryRun,
    coveredBy: "test/upgrade.nightly.test.ts",
    why: "it takes hours, and an image that may have to be built",
  },
  {
    match: /everyline(?: --)? throughput/,
    instead: (command) => (/--dry-run/.test(command) ? command : dryRun(command)),
    coveredBy: "test/throughput.nightly.test.ts",
    why: "a search takes from minutes to half an hour",
  },
  {
    match: /everyline(?: --)? soak/,
    instead: (command) => (/--dry-run/.test(command) ? command : dryRun(command)),
    coveredBy: "test/soak.nightly.test.ts",
    why: "a soak takes as long as it says",
  },
  {
    match: /everyline(?: --)? sweep/,
    instead: (command) => (/--dry-run/.test(command) ? command : dryRun(command)),
    coveredBy: "test/sweep.nightly.test.ts",
    why: "a sweep takes from minutes to hours",
  },
  {
    match: /everyline(?: --)? reliability/,
    instead: (command) => (/--dry-run/.test(command) ? command : dryRun(command)),
    coveredBy: "test/reliability.nightly.test.ts",
    why: "twenty runs take ten minutes",
  },
  {
    match: /docs\/scale\.md: everyline verify /,
    instead: (command) =>
      `for n in 1 2; do everyline generate --lines 1000 --seed host-$n --out host-$n && mv host-$n/app-1.log host-$n/export.log; done; ${command}`,
    coveredBy: "src/cli/verify-command.test.ts",
    why: "the files stand for those of the reader's own hosts",
  },
  {
    match: /README\.md: cd shop$/,
    instead: () => "cp -r examples/opentelemetry shop && rm shop/everyline.config.yaml && cd shop",
    coveredBy: "test/own-pipeline.test.ts",
    why: "it stands for the reader's own folder",
  },
  {
    match: /README\.md: everyline run sink-restart$/,
    instead: dryRun,
    coveredBy: "test/own-pipeline.test.ts",
    why: "the same stack is run there",
  },
  {
    match: /fixtures\/monitoring\/README\.md: docker compose /,
    coveredBy: "test/monitoring.test.ts",
    why: "the same files are started there, on images that no registry is needed for",
  },
  {
    match: /docs\/in-ci\.md: .*docker /,
    coveredBy: "test/container-image.test.ts",
    why: "the image is built and run there, on images that no registry is needed for",
  },
  {
    match: /docs\/in-ci\.md: /,
    coveredBy: "test/package.test.ts",
    why: "the package is made and installed there, in a folder with a stack",
  },
  {
    match: /docs\/write-.*--pipeline direct-hardened$/,
    instead: dryRun,
    coveredBy: "test/documented-commands.serial.test.ts",
    why: "the same scenario is run on the first pipeline just before",
  },
  {
    match: /docs\/opentelemetry\.md: everyline run all /,
    instead: dryRun,
    coveredBy: "npm run test:scenarios",
    why: "all rows of a pipeline take a quarter of an hour; that is what runs them",
  },
  {
    match: /fixtures\/services\/nestjs-app\/README\.md/,
    coveredBy: "test/app-load.test.ts",
    why: "the service is started there from its image, which bin/setup builds",
  },
  {
    match: /fixtures\/services\/push-gateway\/README\.md/,
    coveredBy: "test/push-gateway.test.ts",
    why: "the service is started there against a real Kafka, from an image that is built as these commands say",
  },
  {
    match: /fixtures\/services\/loki-kafka-consumer\/README\.md/,
    coveredBy: "test/kafka-consumer.test.ts",
    why: "the service is started there against a real Kafka, from an image that is built as these commands say",
  },
];

/** The exit codes of commands that do not end with 0, and are not to. */
export const exitCodes: { match: RegExp; exitCode: number }[] = [
  { match: /tutorial\.md: npm run scenario sink-outage\/above-horizon$/, exitCode: 1 },
  { match: /tutorial\.md: bin\/everyline check /, exitCode: 1 },
  { match: /tutorial\.md: diff /, exitCode: 1 },
  { match: /--no-faults/, exitCode: 2 },
  { match: /check reports\/shortened/, exitCode: 2 },
  { match: /verify --ledger demo/, exitCode: 1 },
];

/** Commands whose output is the same to the letter every time, and has to be as the page shows it. */
export const exactOutputs = [/README\.md: bin\/everyline (generate|verify) /];
