import { chromium } from "playwright-core";

/**
 * Opens a page of a headless Chromium, hands it to a task, and prints what that gives as JSON.
 * An error of a script of the page, or a resource that its policy does not allow, fails it.
 */
export async function withPage(task) {
  const browser = await chromium.launch({
    executablePath: "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    page.setDefaultTimeout(60_000);
    const errors = [];
    page.on("pageerror", (error) => errors.push(String(error)));
    page.on("console", (message) => message.type() === "error" && errors.push(`${message.text()} ${message.location().url}`));
    const result = await task(page).catch((error) => errors.push(error.stack));
    if (errors.length) {
      throw new Error(errors.join("\n"));
    }
    console.log(JSON.stringify(result));
  } finally {
    await browser.close();
  }
}
