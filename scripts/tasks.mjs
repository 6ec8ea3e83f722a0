/**
 * What the entry scripts of package.json run, once Node, the packages and the generated types are there. `generate: false` leaves out
 * compiling the contracts. Arguments given after the task go to its last command.
 */
export const tasks = {
  demo: { commands: [["node", "scripts/demo/main.ts"]] },
  dev: { commands: [["node", "apps/cli/src/main.ts", "dev"]] },
  test: { commands: [["node", "scripts/test.ts"]] },
  "check:release": {
    commands: [["node", "scripts/test.ts", "--level", "release", "--write", "bench/results/release.json"]],
  },
  build: { commands: [["node", "scripts/package/main.ts"]] },
  compile: { commands: [] },
  generate: { commands: [["node", "scripts/generate-types.ts"]] },
  errors: { generate: false, commands: [["node", "scripts/errors/generate.ts"]] },
  check: { commands: [["node", "scripts/checks/main.ts"]] },
  lint: { commands: [["node", "scripts/test.ts", "--only", "format,typecheck,checks"]] },
  format: {
    generate: false,
    commands: [
      ["biome", "check", "--write", "."],
      ["prettier", "--write", "--log-level", "warn", "{contracts,test,bench}/**/*.sol"],
    ],
  },
  prove: {
    commands: [
      ["bash", "scripts/proofs/install.sh"],
      ["node", "scripts/proofs/main.ts"],
    ],
  },
  slither: {
    commands: [
      ["bash", "scripts/proofs/install.sh"],
      ["node", "scripts/slither/main.ts"],
    ],
  },
  steward: { commands: [["node", "apps/steward/src/main.ts"]] },
  "bench:gas": { commands: [["node", "bench/gas/main.ts"]] },
  "bench:access": { commands: [["node", "bench/access/main.ts"]] },
  "bench:records": { commands: [["node", "bench/records/main.ts"]] },
  mutate: { commands: [["node", "scripts/mutate/main.ts", "--write", "bench/results/mutants.json"]] },
  coverage: { commands: [["node", "scripts/coverage/main.ts"]] },
  run: { commands: [["node"]] },
};
