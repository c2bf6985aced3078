import { createHash } from "node:crypto";

import dcmjsDimse from "dcmjs-dimse";

const { Client, Dataset, Scp, Server, log } = dcmjsDimse;
const { CEchoRequest, CFindRequest, CGetRequest, CMoveRequest, CStoreRequest } = dcmjsDimse.requests;
const { CEchoResponse, CFindResponse, CStoreResponse } = dcmjsDimse.responses;
const { PresentationContextResult, Status, TransferSyntax } = dcmjsDimse.constants;

const [port, ownPort, study, ...files] = process.argv.slice(2);
const received = {};
let end;
const ended = new Promise((resolve) => (end = resolve));

function note(dataset, notes) {
  const { SOPInstanceUID, PixelData } = dataset.getElements();
  const pixels = Buffer.from(Array.isArray(PixelData) ? PixelData[0] : PixelData);
  notes[SOPInstanceUID] = createHash("sha256").update(pixels).digest("hex");
}

/** Answers echo, find and store, until somebody calls as LAST. */
class Peer extends Scp {
  associationRequested(association) {
    this.last = association.getCallingAeTitle() === "LAST";
    for (const { id } of association.getPresentationContexts()) {
      const context = association.getPresentationContext(id);
      const known = context
        .getTransferSyntaxUids()
        .find((uid) => [TransferSyntax.ExplicitVRLittleEndian, TransferSyntax.ImplicitVRLittleEndian].includes(uid));
      if (known) {
        context.setResult(PresentationContextResult.Accept, known);
      } else {
        context.setResult(PresentationContextResult.RejectTransferSyntaxesNotSupported);
      }
    }
    this.sendAssociationAccept();
  }

  cEchoRequest(request, callback) {
    const response = CEchoResponse.fromRequest(request);
    response.setStatus(Status.Success);
    callback(response);
  }

  cFindRequest(request, callback) {
    const responses = ["1.2.3", "1.2.4"].map((uid) => {
      const match = CFindResponse.fromRequest(request);
      match.setDataset(new Dataset({ PatientID: request.getDataset().getElements().PatientID, StudyInstanceUID: uid }));
      match.setStatus(Status.Pending);
      return match;
    });
    const last = CFindResponse.fromRequest(request);
    last.setStatus(Status.Success);
    callback([...responses, last]);
  }

  cStoreRequest(request, callback) {
    note(request.getDataset(), received);
    const response = CStoreResponse.fromRequest(request);
    response.setStatus(Status.Success);
    callback(response);
  }

  associationReleaseRequested() {
    this.sendAssociationReleaseResponse();
    if (this.last) {
      end();
    }
  }
}

/** Sends requests over one association. @return their responses, in the order that they came in */
function ask(requests, takes) {
  return new Promise((resolve, reject) => {
    const responses = [];
    const client = new Client();
    for (const request of requests) {
      request.on("response", (response) => responses.push(response));
      client.addRequest(request);
    }
    if (takes) {
      client.on("cStoreRequest", (request, callback) => {
        note(request.getDataset(), takes);
        const response = CStoreResponse.fromRequest(request);
        response.setStatus(Status.Success);
        callback(response);
      });
    }
    client.on("associationRejected", reject);
    client.on("networkError", reject);
    client.on("closed", () => resolve(responses));
    client.send("127.0.0.1", Number(port), "DCMJS", "DICOM-INGEST");
  });
}

const statuses = (responses) => responses.map((response) => response.getStatus());

log.setLevel("silent");
const server = new Server(Peer);
server.listen(Number(ownPort));

const got = {};
const echo = statuses(await ask([new CEchoRequest()]));
const stored = statuses(await ask(files.map((file) => new CStoreRequest(file))));
const matches = await ask([CFindRequest.createStudyFindRequest({ StudyInstanceUID: study, PatientID: "", PatientName: "" })]);
const get = statuses(await ask([CGetRequest.createStudyGetRequest(study)], got));
const move = statuses(await ask([CMoveRequest.createStudyMoveRequest("DCMJS", study)]));
await ended;
server.close();

const dataSets = (responses) => responses.filter((each) => each.hasDataset()).map((each) => each.getDataset().getElements());
const result = {
  echo,
  stored,
  found: dataSets(matches).map(({ PatientID, PatientName }) => ({ PatientID, PatientName: String(PatientName) })),
  get,
  got,
  move,
  received,
};
process.stdout.write(JSON.stringify(result), () => process.exit(0));
