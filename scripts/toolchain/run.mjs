import { spawn } from "node:child_process";
import { delimiter, dirname, join } from "node:path";

/** The environment of every task: the project's Node first, then the project's tools, sources instead of built files. */
export function taskEnvironment(root, nodePath) {
  const options = ["--conditions=anamnesis-source", "--disable-warning=ExperimentalWarning"];
  const given = (process.env.NODE_OPTIONS ?? "").split(" ").filter((option) => option && !options.includes(option));
  const path = [dirname(nodePath), join(root, "node_modules", ".bin"), process.env.PATH ?? ""];
  return {
    ...process.env,
    PATH: path.join(delimiter),
    NODE_OPTIONS: [...given, ...options].join(" "),
    HARDHAT_DISABLE_TELEMETRY_PROMPT: "true",
    // Some sixty processes of one `npm test` load the same libraries: compiled once, each of them starts a second sooner.
    NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? join(root, "cache", "node"),
  };
}

/** Runs a command quietly and resolves to its exit code and everything it wrote; it ends when this process is told to. */
export function runQuietly(command, args, options) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
    const stop = (signal) => {
      child.kill(signal);
      process.exit(signal === "SIGINT" ? 130 : 143);
    };
    const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
    for (const signal of signals) process.on(signal, stop);
    const release = () => {
      for (const signal of signals) process.off(signal, stop);
    };
    let output = "";
    child.stdout.on("data", (data) => {
      output += data;
    });
    child.stderr.on("data", (data) => {
      output += data;
    });
    child.on("error", (error) => {
      release();
      reject(error);
    });
    child.on("close", (code) => {
      release();
      resolve({ code: code ?? 1, output });
    });
  });
}

/** Runs a command in this terminal; signals reach it, and its exit code is the result. */
export function runAttached(command, args, options) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { ...options, stdio: "inherit" });
    // A terminal's Ctrl-C reaches the child by itself; other senders only know this process.
    const ignoreInterrupt = () => {};
    const forward = (signal) => child.kill(signal);
    process.on("SIGINT", ignoreInterrupt).on("SIGTERM", forward).on("SIGHUP", forward);
    child.on("error", reject);
    child.on("close", (code, signal) => {
      process.off("SIGINT", ignoreInterrupt).off("SIGTERM", forward).off("SIGHUP", forward);
      resolve(code ?? (signal === "SIGINT" ? 130 : 143));
    });
  });
}

/** npm itself, run by the given Node: npm leaves out native packages that its own Node is too old for. */
export function runNpm(nodePath, args, cwd) {
  const script = process.env.npm_execpath;
  const isNpm = script !== undefined && /npm-cli\.[cm]?js$/.test(script);
  const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => name !== "NODE_OPTIONS"));
  const options = { cwd, env: { ...environment, PATH: [dirname(nodePath), process.env.PATH ?? ""].join(delimiter) } };
  const common = [
    "--no-audit",
    "--no-fund",
    "--loglevel=error",
    "--fetch-retries=3",
    "--fetch-retry-mintimeout=1000",
    "--fetch-retry-maxtimeout=5000",
  ];
  return isNpm
    ? runQuietly(nodePath, [script, ...args, ...common], options)
    : runQuietly("npm", [...args, ...common], options);
}
