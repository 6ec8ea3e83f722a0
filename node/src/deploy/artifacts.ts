import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { AnamnesisError } from "@anamnesis/sdk/errors";
import type { Artifact, ArtifactResolver } from "@nomicfoundation/ignition-core";
import { linkedLibraries } from "./libraries.ts";

/** Compiled contracts below a folder, found by name: what Ignition needs of Hardhat, without Hardhat. */
export function artifactsBelow(folder: string): ArtifactResolver {
  const paths = new Map(
    readdirSync(folder, { withFileTypes: true, recursive: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith(".json") && entry.parentPath.endsWith(".sol"))
      .map((entry) => [entry.name.slice(0, -".json".length), join(entry.parentPath, entry.name)]),
  );
  return {
    loadArtifact: async (name) => {
      const path = paths.get(name);
      if (path === undefined) throw new AnamnesisError("DEPLOYMENT_FAILED", { contract: name, missing: folder });
      return JSON.parse(readFileSync(path, "utf8")) as Artifact;
    },
    getBuildInfo: async () => undefined,
  };
}

/** The compiled contracts that a deployment needs; the package carries these. */
export const deployedContracts = [
  "AccessManager",
  "PatientRegistry",
  "ProviderRegistry",
  "ConsentRegistry",
  "RecordRegistry",
  "AccessGate",
  "StewardCommittee",
  "LogRegistry",
  "SignatureValidator",
  ...Object.values(linkedLibraries).flat(),
] as const;
