// A real Chromium, driven by lines of JSON: [command, page, ...arguments] in, {value} or {error} out.

import { createRequire } from "node:module";
import readline from "node:readline";

const require = createRequire(process.env.NODE_PATH + "/");
const { chromium } = require("playwright-core");
const AXE = require("axe-core").source;
const PATIENCE = 10_000;

const browser = await chromium.launch({ executablePath: process.argv[2], args: ["--no-sandbox"] });
const pages = new Map();
const problems = new Map();
const downloads = new Map();
const passed = new Map();

/** What the browser says of a page: refused by its policy, errors of scripts, broken answers. */
function watch(name, page) {
  pages.set(name, page);
  problems.set(name, []);
  page.setDefaultTimeout(PATIENCE);
  const note = (text) => problems.get(name).push(text);
  page.on("console", (message) => {
    // of pages themselves an error may be what is wanted; what they load is watched below
    if (message.text().startsWith("Failed to load resource")) return;
    if (message.type() === "error" || message.text().includes("Content Security Policy")) note(message.text());
  });
  page.on("response", (answer) => {
    const own = answer.request().isNavigationRequest();
    if (!own && answer.status() >= 400) note(`${answer.status()} ${answer.url()}`);
  });
  page.on("pageerror", (error) => note(String(error)));
  passed.set(name, []);
  page.on("request", (request) => {
    if (request.isNavigationRequest()) passed.get(name).push(request.url());
  });
  page.on("download", (download) => downloads.set(name, download));
}

/** Texts that are cut, lie over each other or reach out of the window; runs in the page. */
function layout() {
  const faults = [];
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth > width) faults.push(`the page is wider than the window: ${document.documentElement.scrollWidth}`);
  const boxes = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode, element = node.parentElement;
    const text = node.textContent.trim();
    if (!text || !element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
    if (element.closest("svg, option, script, style, noscript")) continue;
    // for screen readers only
    const unseen = (at) => at && (getComputedStyle(at).clipPath !== "none" && at.offsetWidth <= 1 || unseen(at.parentElement));
    if (unseen(element)) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const box of range.getClientRects()) {
      if (box.width < 2 || box.height < 2) continue;
      if (box.left < -1 || box.right > width + 1) {
        const inside = element.closest(".scrolls");
        if (!inside) faults.push(`out of the window: ${text.slice(0, 60)}`);
      }
      boxes.push({ box, text, element });
    }
    for (let at = element; at && at !== document.body; at = at.parentElement) {
      const style = getComputedStyle(at);
      const hides = ["hidden", "clip"].includes(style.overflowX);
      if (hides && at.scrollWidth > at.clientWidth + 1) faults.push(`cut: ${text.slice(0, 60)}`);
    }
  }
  for (let one = 0; one < boxes.length; one++) {
    for (let two = one + 1; two < boxes.length; two++) {
      const [a, b] = [boxes[one], boxes[two]];
      if (a.element === b.element || a.element.contains(b.element) || b.element.contains(a.element)) continue;
      const across = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left);
      const down = Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top);
      if (across > 2 && down > 4) faults.push(`over each other: ${a.text.slice(0, 40)} / ${b.text.slice(0, 40)}`);
    }
  }
  return [...new Set(faults)];
}

const commands = {
  /** A page with cookies of its own. */
  async open(name, options) {
    const context = await browser.newContext({
      colorScheme: options.dark ? "dark" : "light",
      viewport: { width: options.width ?? 1200, height: options.height ?? 900 },
      javaScriptEnabled: options.scripts ?? true,
      userAgent: options.agent,
      ignoreHTTPSErrors: true,
      acceptDownloads: true,
      permissions: options.clipboard ? ["clipboard-read", "clipboard-write"] : [],
      reducedMotion: "reduce",
    });
    watch(name, await context.newPage());
  },
  /** Another look at what a page has: the same cookies. */
  async beside(name, other, options) {
    const state = await pages.get(other).context().storageState();
    const context = await browser.newContext({
      colorScheme: options.dark ? "dark" : "light",
      viewport: { width: options.width ?? 1200, height: options.height ?? 900 },
      javaScriptEnabled: options.scripts ?? true,
      storageState: state,
      reducedMotion: "reduce",
    });
    watch(name, await context.newPage());
  },
  async goto(name, url) {
    const answer = await pages.get(name).goto(url);
    return { status: answer?.status(), url: pages.get(name).url(), headers: await answer?.allHeaders() };
  },
  url: async (name) => pages.get(name).url(),
  title: async (name) => pages.get(name).title(),
  fill: (name, at, text) => pages.get(name).locator(at).fill(text),
  /** Presses and waits for the page that comes of it. */
  async submit(name, at) {
    const page = pages.get(name);
    const [answer] = await Promise.all([page.waitForNavigation(), page.locator(at).click()]);
    return { status: answer?.status(), url: page.url() };
  },
  click: (name, at) => pages.get(name).locator(at).click(),
  tick: (name, at, on) => pages.get(name).locator(at).setChecked(on),
  choose: (name, at, value) => pages.get(name).locator(at).selectOption(value),
  key: (name, key) => pages.get(name).keyboard.press(key),
  type: (name, text) => pages.get(name).keyboard.type(text),
  focused: (name) => pages.get(name).evaluate(() => {
    const at = document.activeElement;
    const outline = getComputedStyle(at);
    const seen = outline.outlineStyle !== "none" && parseFloat(outline.outlineWidth) > 0;
    return { tag: at.tagName, text: (at.textContent || at.name || "").trim().slice(0, 80), seen };
  }),
  text: (name, at) => pages.get(name).locator(at).first().innerText(),
  texts: (name, at) => pages.get(name).locator(at).allInnerTexts(),
  value: (name, at) => pages.get(name).locator(at).inputValue(),
  attribute: (name, at, attribute) => pages.get(name).locator(at).first().getAttribute(attribute),
  count: (name, at) => pages.get(name).locator(at).count(),
  markup: (name, at) => pages.get(name).locator(at).first().evaluate((element) => element.outerHTML),
  wait: (name, at, ms) => pages.get(name).locator(at).first().waitFor({ timeout: ms ?? PATIENCE }),
  /** Waits until an expression holds in the page, over reloads too; gives its value. */
  async until(name, expression, ms) {
    const end = Date.now() + (ms ?? PATIENCE);
    for (;;) {
      const told = await pages.get(name).evaluate(expression).catch(() => null);
      if (told) return told;
      if (Date.now() > end) throw new Error(`never true: ${expression}`);
      await new Promise((done) => setTimeout(done, 50));
    }
  },
  evaluate: (name, expression) => pages.get(name).evaluate(expression),
  /** Presses what opens a window; the window gets a name of its own. */
  async popup(name, at, window) {
    const page = pages.get(name);
    const [opened] = await Promise.all([page.waitForEvent("popup"), page.locator(at).click()]);
    watch(window, opened);
    await opened.waitForLoadState();
    return opened.url();
  },
  async closed(name) {
    const page = pages.get(name);
    if (!page.isClosed()) await page.waitForEvent("close", { timeout: PATIENCE });
  },
  /** Presses what gives a file; the path it was kept at. */
  async download(name, at, path) {
    const page = pages.get(name);
    const [download] = await Promise.all([page.waitForEvent("download"), page.locator(at).click()]);
    await download.saveAs(path);
    return download.suggestedFilename();
  },
  cookies: (name) => pages.get(name).context().cookies(),
  shot: (name, path) => pages.get(name).screenshot({ path, fullPage: true }),
  shotOf: (name, at, path) => pages.get(name).locator(at).first().screenshot({ path }),
  layout: (name) => pages.get(name).evaluate(layout),
  /** Serious findings of axe-core. */
  async axe(name) {
    const page = pages.get(name);
    await page.evaluate(AXE);
    const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
    return violations
      .filter((one) => ["serious", "critical"].includes(one.impact) || one.id === "color-contrast")
      .map((one) => `${one.id}: ${one.nodes.map((node) => node.html.slice(0, 120)).join(" | ")}`);
  },
  /** What the browser complained of since the last time. */
  problems(name) {
    const told = problems.get(name);
    problems.set(name, []);
    return told;
  },
  /** The addresses that a window went through, redirects too. */
  passed: (name) => passed.get(name),
  /** Closes one window. */
  shut: (name) => pages.get(name).close(),
  /** Closes a window and all others with its cookies. */
  close: (name) => pages.get(name).context().close(),
};

for await (const line of readline.createInterface({ input: process.stdin })) {
  const [command, ...rest] = JSON.parse(line);
  let told;
  try {
    told = { value: (await commands[command](...rest)) ?? null };
  } catch (error) {
    told = { error: String(error).slice(0, 2000) };
  }
  process.stdout.write(JSON.stringify(told) + "\n");
}
await browser.close();
