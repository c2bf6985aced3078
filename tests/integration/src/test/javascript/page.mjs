// Uses the page at / as a person does, and prints what it shows: at first, and after each search.
// Arguments: address of the page, file for a picture of it, searches as JSON: [{ "label": "text" }, …].
import { withPage } from "./browser.mjs";

const [address, picture, searches] = process.argv.slice(2);

async function shown(page) {
  await page.waitForFunction(() => {
    const settled = ["totals", "state"].every((id) => document.getElementById(id).childElementCount > 0);
    return settled && !document.getElementById("message").textContent.startsWith("Searching");
  });
  return page.evaluate(() => ({
    caption: document.getElementById("caption").textContent,
    message: document.getElementById("message").textContent,
    headings: [...document.querySelectorAll("table:has(#studies) thead th")].map((cell) => cell.textContent),
    rows: [...document.querySelectorAll("#studies tr")].map((row) => [...row.cells].map((cell) => cell.textContent)),
    links: [...document.querySelectorAll("#studies a")].map((link) => link.href),
    totals: Object.fromEntries(
      [...document.querySelectorAll("#totals > div")].map((group) => [
        group.querySelector("dt").textContent,
        group.querySelector("dd").textContent,
      ]),
    ),
    state: [...document.querySelectorAll("#state li")].map((item) => item.textContent),
    markup: document.querySelectorAll("img, main b, main script").length,
    title: document.title,
  }));
}

await withPage(async (page) => {
  await page.goto(address);
  const result = { first: await shown(page), searches: [] };
  await page.screenshot({ path: picture });
  for (const search of JSON.parse(searches)) {
    await page.getByRole("link", { name: "Latest studies" }).click();
    for (const [label, text] of Object.entries(search)) {
      await page.getByLabel(label, { exact: true }).fill(text);
    }
    await Promise.all([page.waitForEvent("load"), page.getByRole("button", { name: "Search" }).click()]);
    result.searches.push(await shown(page));
  }
  await page.locator("#studies a").first().click();
  result.metadata = await page.evaluate(() => document.body.innerText.slice(0, 40));
  return result;
});
