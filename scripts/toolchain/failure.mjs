/** A failure that is explained in its message: printed as it is, without a stack. */
export class PlainFailure extends Error {}

const causes = [
  [
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT|network request/,
    "The npm registry cannot be reached. Check the network connection (and the proxy, if there is one), then run the same " +
      "command again: it goes on from a clean state.",
  ],
  [
    /EINTEGRITY/,
    "A downloaded package is not the one this project was checked with (its checksum differs), so it was not installed. Empty " +
      "npm's cache with `npm cache clean --force` and try again; if it stays, do not work around it and report it.",
  ],
  [/ENOSPC/, "The disk is full. The project needs about 1.5 GB free; make room, then run the same command again."],
  [/EACCES|EPERM|EROFS/, "This folder cannot be written to. Run the command as the owner of the folder."],
  [
    /ETARGET|E404/,
    "The npm registry in use does not have a package that the lockfile names. A mirror may lag behind: try again with npm's own " +
      "registry (`npm config delete registry`).",
  ],
  [
    /EUSAGE|can only install packages when your package\.json and package-lock\.json/,
    "package.json and package-lock.json do not agree. Run `npm install` under the project's Node and commit both.",
  ],
];

/** Turns npm's output into one sentence that says what to do; unknown output is passed on, shortened. */
export function explainNpm(what, output) {
  const known = causes.find(([pattern]) => pattern.test(output));
  const tail = output.trim().split("\n").slice(-12).join("\n");
  return new PlainFailure(known ? `${what} did not work. ${known[1]}` : `${what} did not work. npm said:\n${tail}`);
}
