// Prints what the page at / shows of subscriptions and dead letters. Argument: address of the page.
import { withPage } from "./browser.mjs";

const [address] = process.argv.slice(2);

await withPage(async (page) => {
  await page.goto(address);
  await page.waitForFunction(() => !document.getElementById("dead-letters").hidden);
  return page.evaluate(() => {
    const rows = (id) =>
      [...document.querySelectorAll(`#${id} tbody tr`)].map((row) => [...row.cells].map((cell) => cell.textContent));
    return { deliveries: rows("deliveries"), deadLetters: rows("dead-letters") };
  });
});
