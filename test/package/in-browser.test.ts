import { join } from "node:path";
import { type LocalNetwork, startLocalNetwork } from "@anamnesis/node";
import { expect } from "chai";
import { type Browser, chromium, type Page } from "playwright-core";
import { build, createLogger } from "vite";
import type { Outcome } from "./consumer/flow.ts";
import { chromiumFlags, chromiumPath } from "./support/chromium.ts";
import { expectOutcome } from "./support/expect-outcome.ts";
import { type Served, serveNetwork } from "./support/serve-network.ts";
import { sdkConsumer } from "./support/workshop.ts";
import { writeConsumer } from "./support/write-consumer.ts";

/** Libraries ask for Node's `crypto` where the platform has no WebCrypto; every browser has it. */
const isExpected = (warning: string): boolean =>
  warning.includes('Module "crypto" has been externalized') && /node_modules\/(@hpke\/|mlkem\/)/.test(warning);

/** Builds the page as an application would. Returns what Vite had to say, but for what is expected. */
async function buildPage(folder: string): Promise<readonly string[]> {
  const said: string[] = [];
  const logger = createLogger("silent");
  logger.warn = (text) => void said.push(text);
  logger.warnOnce = logger.warn;
  logger.error = logger.warn;
  await build({
    root: folder,
    configFile: false,
    logLevel: "silent",
    customLogger: logger,
    build: { outDir: "site", target: "es2022", chunkSizeWarningLimit: 2_000 },
  });
  return said.filter((warning) => !isExpected(warning));
}

/** What a page that fails would show in its console. */
function complaintsOf(page: Page): readonly string[] {
  const complaints: string[] = [];
  page.on("pageerror", (error) => void complaints.push(error.message));
  page.on("requestfailed", (request) => {
    // The SDK itself gives up the stewards it no longer needs, once enough have answered.
    const reason = request.failure()?.errorText;
    if (reason !== "net::ERR_ABORTED") complaints.push(`${request.url()}: ${reason}`);
  });
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
  });
  return complaints;
}

describe("the installed SDK in a browser", () => {
  const executablePath = chromiumPath();
  let said: readonly string[] = [];
  let network: LocalNetwork;
  let served: Served;
  let browser: Browser;

  before(async function () {
    this.timeout(240_000);
    if (executablePath === undefined) {
      if (process.env["ANAMNESIS_BROWSER"] === "required") throw new Error("No Chromium was found: set CHROMIUM_PATH.");
      this.skip();
    }
    const folder = await sdkConsumer();
    writeConsumer(folder);
    said = await buildPage(folder);
    network = await startLocalNetwork();
    served = await serveNetwork(network, join(folder, "site"));
    browser = await chromium.launch({ executablePath, args: [...chromiumFlags], timeout: 30_000 });
  });
  after(async () => {
    await browser?.close();
    await served?.stop();
    await network?.stop();
  });

  it("builds with Vite without a warning but for libraries' fallback to Node's crypto", () => {
    expect(said).to.deep.equal([]);
  });

  it("runs the README's example under a strict policy, and denies before consent and after its end", async () => {
    const page = await browser.newPage();
    const complaints = complaintsOf(page);
    await page.goto(served.origin, { timeout: 15_000 });
    const shown = await page.locator("#outcome").textContent({ timeout: 45_000 });
    const outcome = JSON.parse(shown ?? "") as Outcome | { readonly failed: string };
    expect(outcome).not.to.have.property("failed");
    expectOutcome(outcome as Outcome);
    expect(complaints).to.deep.equal([]);
  });

  it("would be told of a page that fails", async () => {
    const page = await browser.newPage();
    const complaints = complaintsOf(page);
    await page.goto(`${served.origin}/`, { timeout: 15_000 });
    await page.evaluate("setTimeout(() => { throw new TypeError('planted'); })");
    await page.waitForTimeout(200);
    expect(complaints.join()).to.include("planted");
    await page.close();
  });
});
