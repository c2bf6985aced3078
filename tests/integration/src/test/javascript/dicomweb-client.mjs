// Stores the files of a folder by dicomweb-client, in a browser whose page is of another origin, searches them and
// retrieves them in every way that the client has; prints digests of what came back.
// Arguments: address of the DICOMweb services, port of the page, folder.
import { readFile, readdir } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { withPage } from "./browser.mjs";

const [root, port, folder] = process.argv.slice(2);
const names = (await readdir(folder)).sort();

async function resource(path) {
  if (path === "/") {
    return { type: "text/html", body: "<!DOCTYPE html><title>A viewer</title><link rel=icon href=data:,>" };
  }
  if (path.startsWith("/files/")) {
    return { type: "application/dicom", body: await readFile(join(folder, names[Number(path.slice(7))])) };
  }
  const modules = {
    "/client.mjs": new URL(import.meta.resolve("dicomweb-client/build/dicomweb-client.es.js")),
    "/session.mjs": new URL("dicomweb-session.mjs", import.meta.url),
  };
  return { type: "text/javascript", body: await readFile(modules[path]) };
}

const viewer = createServer(async (request, response) => {
  const { type, body } = await resource(request.url);
  response.setHeader("Content-Type", type);
  response.end(body);
});
await new Promise((listens) => viewer.listen(port, "127.0.0.1", listens));
try {
  await withPage(async (page) => {
    await page.goto(`http://127.0.0.1:${port}/`);
    return page.evaluate(
      async ({ root, count }) => (await import("/session.mjs")).session(root, count),
      { root, count: names.length },
    );
  });
} finally {
  viewer.closeAllConnections();
  viewer.close();
}
