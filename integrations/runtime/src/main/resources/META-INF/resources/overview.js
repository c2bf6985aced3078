"use strict";

// Whatever comes from an image is set as text, never as markup.

const ROOT = "/dicom-web";
const PAGE = 50;
const TAGS = {
  StudyDate: "00080020",
  AccessionNumber: "00080050",
  ModalitiesInStudy: "00080061",
  StudyDescription: "00081030",
  PatientName: "00100010",
  PatientID: "00100020",
  StudyInstanceUID: "0020000D",
  NumberOfStudyRelatedSeries: "00201206",
  NumberOfStudyRelatedInstances: "00201208",
};

const byId = (id) => document.getElementById(id);
const asked = new URLSearchParams(location.search);
let shown = 0;

function element(name, text, className) {
  const node = document.createElement(name);
  node.textContent = text;
  if (className) {
    node.className = className;
  }
  return node;
}

function text(study, keyword) {
  const values = study[TAGS[keyword]]?.Value ?? [];
  return values
    .map((value) => {
      if (value === null || typeof value !== "object") {
        return value ?? "";
      }
      return (value.Alphabetic ?? value.Ideographic ?? value.Phonetic ?? "").replaceAll("^", " ").trim();
    })
    .join(", ");
}

function date(value) {
  return value.replace(/^(\d{4})(\d{2})(\d{2})$/, "$1-$2-$3");
}

function row(study) {
  const line = document.createElement("tr");
  const patient = element("th", text(study, "PatientName") || "(no name)");
  patient.scope = "row";
  const link = element("a", "JSON");
  link.href = `${ROOT}/studies/${encodeURIComponent(text(study, "StudyInstanceUID"))}/metadata`;
  link.setAttribute("aria-label", `Metadata of study ${text(study, "StudyInstanceUID")}`);
  const metadata = document.createElement("td");
  metadata.append(link);
  line.append(
    patient,
    element("td", text(study, "PatientID")),
    element("td", date(text(study, "StudyDate"))),
    element("td", text(study, "ModalitiesInStudy")),
    element("td", text(study, "StudyDescription")),
    element("td", text(study, "AccessionNumber")),
    element("td", text(study, "NumberOfStudyRelatedSeries"), "number"),
    element("td", text(study, "NumberOfStudyRelatedInstances"), "number"),
    metadata,
  );
  return line;
}

/** The matching keys for what the form has put into this page's address. */
function matchingKeys() {
  const keys = new URLSearchParams();
  for (const name of ["PatientID", "PatientName", "AccessionNumber"]) {
    const value = asked.get(name)?.trim();
    if (value) {
      keys.set(name, value);
    }
  }
  const from = asked.get("from")?.replaceAll("-", "") ?? "";
  const to = asked.get("to")?.replaceAll("-", "") ?? "";
  if (from || to) {
    keys.set("StudyDate", from === to ? from : `${from}-${to}`);
  }
  return keys;
}

async function json(address) {
  const response = await fetch(address, { headers: { Accept: "application/json, application/dicom+json" } });
  if (response.status === 204) {
    return [];
  }
  if (!response.ok && !address.startsWith("/q/")) {
    throw new Error(`${response.status} ${response.statusText}`);
  }
  return response.json();
}

async function showStudies() {
  const message = byId("message");
  const keys = matchingKeys();
  const searching = keys.size > 0;
  keys.set("includefield", "StudyDescription");
  keys.set("limit", PAGE);
  keys.set("offset", shown);
  byId("caption").textContent = searching ? "Studies found" : "Latest studies";
  message.textContent = "Searching …";
  try {
    const rows = (await json(`${ROOT}/studies?${keys}`)).map(row);
    byId("studies").append(...rows);
    shown += rows.length;
    byId("more").hidden = rows.length < PAGE;
    message.textContent = shown ? "" : searching ? "No study matches." : "Nothing is stored yet.";
  } catch (problem) {
    // a process that only sends on what others have
    document.body.classList.toggle("without-studies", problem.message.startsWith("404 "));
    message.textContent = `The search failed: ${problem.message}`;
  }
}

function bytes(number) {
  const units = ["B", "KB", "MB", "GB", "TB", "PB"];
  let value = number;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${value.toLocaleString("en", { maximumFractionDigits: value < 10 && unit ? 1 : 0 })} ${units[unit]}`;
}

async function showTotals() {
  try {
    const totals = await json("/imaging/statistics");
    const entry = (name, value) => {
      const group = document.createElement("div");
      group.append(element("dt", name), element("dd", value));
      return group;
    };
    const count = (value) => (value ?? 0).toLocaleString("en");
    byId("totals").replaceChildren(
      entry("patients", count(totals.patients)),
      entry("studies", count(totals.studies)),
      entry("series", count(totals.series)),
      entry("instances", count(totals.instances)),
      entry("stored", bytes(totals.bytes ?? 0)),
    );
  } catch (problem) {
    byId("totals").replaceChildren(element("p", `The totals are not known: ${problem.message}`));
  }
}

async function showState() {
  const checks = { storage: "Storage", database: "Database", "query service": "Query service" };
  const state = byId("state");
  try {
    const health = await json("/q/health/ready");
    state.replaceChildren(
      ...Object.entries(checks).flatMap(([key, name]) => {
        const check = health.checks.find((each) => each.name.toLowerCase().startsWith(key));
        if (!check || check.data?.used === false) {
          return [];
        }
        const up = check?.status === "UP";
        const free = check?.data?.freeMegabytes;
        const room = free === undefined ? "" : `, ${bytes(free * 1e6)} free`;
        return element("li", `${name} ${up ? "ready" : "not ready"}${room}`, up ? "up" : "down");
      }),
    );
  } catch (problem) {
    state.replaceChildren(element("li", "The application does not answer", "down"));
  }
}

/** Rows of a section that is there only while it has some. Each value is text, a number, or none. */
function showRows(section, rows) {
  section.hidden = rows.length === 0;
  section.querySelector("tbody").replaceChildren(
    ...rows.map(([name, ...values]) => {
      const line = document.createElement("tr");
      const head = element("th", name);
      head.scope = "row";
      line.append(
        head,
        ...values.map((value) =>
          typeof value === "number"
            ? element("td", value.toLocaleString("en"), "number")
            : element("td", value ?? ""),
        ),
      );
      return line;
    }),
  );
}

function time(value) {
  return value?.replace(/^(.{10})T(.{8}).*$/, "$1 $2");
}

function duration(seconds) {
  const units = { d: 86400, h: 3600, min: 60, s: 1 };
  const [unit, length] = Object.entries(units).find(([, each]) => seconds >= each) ?? ["s", 1];
  return `${Math.floor(seconds / length)} ${unit}`;
}

async function showDeliveries() {
  try {
    const deliveries = await json("/imaging/deliveries");
    showRows(
      byId("deliveries"),
      deliveries.map((each) => [
        each.subscription,
        (each.types.join(", ") || "all") + (each.provider ? ` of ${each.provider}` : ""),
        each.delivered,
        each.pending,
        each.pending ? duration(each.lag) : "",
        each.dead,
        time(each.failingSince),
        each.lastError,
      ]),
    );
    const dead = deliveries.some((each) => each.dead) ? await json("/imaging/dead-letters") : [];
    const ofBroker = await json("/imaging/broker/dead-letters");
    showRows(byId("dead-letters"), [
      ...dead.slice(0, PAGE).map((each) => [
        each.subscription,
        each.type,
        each.subject,
        time(each.died),
        each.attempts,
        each.lastError,
      ]),
      ...ofBroker.slice(0, PAGE).map((each) => [each.subscription ? `${each.subscription} of NATS` : "NATS", each.type, each.subject, time(each.died), "", each.reason]),
    ]);
    byId("dead").textContent = `Dead letters (${dead.length + ofBroker.length})`;
  } catch (problem) {
    // what is shown stays; the totals say that the application does not answer
  }
}

function refresh() {
  showTotals();
  showDeliveries();
  showState();
}

for (const input of byId("search").querySelectorAll("input")) {
  input.value = asked.get(input.name) ?? "";
}
byId("more").addEventListener("click", showStudies);
refresh();
showStudies();
setInterval(refresh, 10_000);
