import { api } from "/client.mjs";

async function digest(bytes) {
  const hash = await crypto.subtle.digest("SHA-256", bytes);
  return [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

const digests = (all) => Promise.all(all.map(digest));
const uids = (dataSets, tag) => dataSets.map((dataSet) => dataSet[tag].Value[0]);

/** What the client gets for `count` files of one study, stored in as many requests at once. */
export async function session(root, count) {
  const client = new api.DICOMwebClient({
    url: root,
    verbose: false,
    errorInterceptor: ({ status, request }) => console.error(status, request.responseURL),
  });
  const files = await Promise.all(
    [...Array(count).keys()].map(async (index) => (await fetch(`/files/${index}`)).arrayBuffer()),
  );
  const responses = await Promise.all(files.map((file) => client.storeInstances({ datasets: [file] })));
  const stored = responses.map((response) => JSON.parse(response)["00081199"].Value[0]);

  const studies = await client.searchForStudies({
    queryParams: { PatientName: "*client*", fuzzymatching: true, includefield: "00081030,00080060", limit: 101, offset: 0 },
  });
  const studyInstanceUID = studies[0]["0020000D"].Value[0];
  const series = await client.searchForSeries({ studyInstanceUID, queryParams: { includefield: "0008103E,00080021" } });
  const seriesInstanceUID = series[0]["0020000E"].Value[0];
  const instances = await client.searchForInstances({ studyInstanceUID, seriesInstanceUID });
  const ofStudy = { studyInstanceUID };
  const ofSeries = { studyInstanceUID, seriesInstanceUID };

  const result = {
    stored: uids(stored, "00081155"),
    studies,
    series,
    instances: uids(instances, "00080018"),
    noStudy: await client.searchForStudies({ queryParams: { PatientID: "nobody" } }),
    studyMetadata: uids(await client.retrieveStudyMetadata(ofStudy), "00080018"),
    seriesMetadata: uids(await client.retrieveSeriesMetadata(ofSeries), "00080018"),
    study: await digests(await client.retrieveStudy(ofStudy)),
    seriesFiles: await digests(await client.retrieveSeries(ofSeries)),
    retrieved: {},
  };
  for (const sopInstanceUID of result.instances) {
    result.retrieved[sopInstanceUID] = await retrieve(client, root, { ...ofSeries, sopInstanceUID });
  }
  return result;
}

async function retrieve(client, root, instance) {
  const [metadata] = await client.retrieveInstanceMetadata(instance);
  const frameNumbers = [...Array(Number(metadata["00280008"].Value[0])).keys()].map((index) => index + 1);
  const anyTransferSyntax = [{ mediaType: "application/octet-stream", transferSyntaxUID: "*" }];
  const frames = await client.retrieveInstanceFrames({ ...instance, frameNumbers, mediaTypes: anyTransferSyntax });
  const address =
    `${root}/studies/${instance.studyInstanceUID}/series/${instance.seriesInstanceUID}` +
    `/instances/${instance.sopInstanceUID}`;
  const result = {
    file: await digest(await client.retrieveInstance(instance)),
    frames: await digests(frames),
    transferSyntax: frames[0].transferSyntaxUID,
    quoted: await digests(await Promise.all(frameNumbers.map((number) => frame(`${address}/frames/${number}`)))),
    bulkData: {},
  };
  for (const tag of ["00281201", "00281202", "00281203"].filter((each) => each in metadata)) {
    const uri = metadata[tag].BulkDataURI;
    const values = await client.retrieveBulkData({ BulkDataURI: uri });
    result.bulkData[tag] = { uri, values: await digests(values), alone: await digest(await whole(uri)) };
  }
  return result;
}

/** One frame, as the client asks for it since it quotes. */
async function frame(address) {
  const accept = 'multipart/related; type="application/octet-stream"; transfer-syntax="*"';
  const response = await fetch(address, { headers: { Accept: accept } });
  const bytes = new Uint8Array(await response.arrayBuffer());
  const text = new TextDecoder("iso-8859-1").decode(bytes);
  return bytes.slice(text.indexOf("\r\n\r\n") + 4, text.lastIndexOf("\r\n--"));
}

async function whole(address) {
  return (await fetch(address, { headers: { Accept: "*/*" } })).arrayBuffer();
}
