// The console for people. What servers and code say is only ever set as text.

const keyName = "airlock-key";
const at = (id) => document.getElementById(id);
const shown = new Map();
let running;

/** Makes an element. Children are elements or text. */
function element(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

/** Asks the server; an answer that is a problem is thrown with its words. */
async function ask(path, options = {}) {
  const key = sessionStorage.getItem(keyName);
  const headers = { ...options.headers, ...(key && { authorization: `Bearer ${key}` }) };
  const response = await fetch(path, { ...options, headers });
  if (response.status === 401) showLogin();
  if (response.ok || response.status === 503 && path === "/readyz") return response;
  const problem = await response.json().catch(() => ({}));
  const detail = problem.detail ?? `Cannot ask the server: it answered ${response.status}`;
  throw new Error([detail, problem.hint].filter(Boolean).join(". "));
}

async function askJson(path, options) {
  return await (await ask(path, options)).json();
}

function send(path, body) {
  return askJson(path, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
}

function showLogin() {
  sessionStorage.removeItem(keyName);
  at("login").hidden = false;
  at("main").hidden = true;
}

/** Runs something a person asked for, and shows what went wrong. */
async function attempt(action) {
  at("trouble").hidden = true;
  try {
    await action();
  } catch (error) {
    showTrouble(error);
  }
}

function showTrouble(error) {
  at("trouble").textContent = error.message;
  at("trouble").hidden = false;
}

/** Replaces a list only where it changed, so that nothing is lost under a person's hands. */
function render(id, items, toElement) {
  const text = JSON.stringify(items);
  if (shown.get(id) === text) return;
  shown.set(id, text);
  at(id).replaceChildren(...items.map(toElement));
}

function row(...cells) {
  return element("tr", {}, ...cells.map((cell) => element("td", {}, cell)));
}

function mark(text, isGood) {
  return element("span", { className: isGood ? "good" : "bad" }, text);
}

function serverRow(server) {
  const state = server.reason ? `${server.state}: ${server.reason}` : server.state;
  const reconnect = element("button", { type: "button" }, "Reconnect");
  reconnect.onclick = () =>
    attempt(async () => {
      await ask(`/v1/servers/${encodeURIComponent(server.name)}/reconnect`, { method: "POST" });
      await refreshCatalog();
    });
  const quarantined = server.quarantined.length;
  const tools = quarantined > 0 ? `${server.tools} (${quarantined} refused)` : `${server.tools}`;
  const isReady = server.state === "ready";
  return row(server.name, mark(state, isReady), tools, server.transport, reconnect);
}

function toolItem(tool) {
  const signature = element("code", {}, tool.signature ?? tool.name);
  return element("li", {}, signature, element("p", {}, tool.summary));
}

function approvalItem(approval) {
  const decide = (decision, label) => {
    const button = element("button", { type: "button" }, label);
    button.onclick = () =>
      attempt(async () => {
        await send(`/v1/approvals/${encodeURIComponent(approval.id)}`, { decision });
        await refreshRuns();
      });
    return button;
  };
  return element(
    "li",
    {},
    element("code", {}, approval.tool),
    element("p", {}, approval.reason),
    element("pre", {}, JSON.stringify(approval.arguments, null, 2)),
    decide("approve", "Approve"),
    decide("deny", "Deny"),
  );
}

function runRow(run) {
  const open = element("button", { type: "button" }, run.id);
  open.onclick = () =>
    attempt(async () => {
      const report = await askJson(`/v1/runs/${encodeURIComponent(run.id)}`);
      print(JSON.stringify(report, null, 2));
    });
  const status = run.error ? `${run.status}: ${run.error.message}` : run.status;
  const isGood = ["succeeded", "running", "queued", "waiting"].includes(run.status);
  const { wallMs, calls } = run.usage;
  const time = `${Math.round(wallMs)} ms`;
  const takenIn = new Date(run.createdAt).toLocaleString();
  return row(open, mark(status.slice(0, 300), isGood), takenIn, time, `${calls}`);
}

function print(text) {
  at("output").hidden = false;
  at("output").textContent = text;
}

async function refreshRuns() {
  const [runs, approvals] = await Promise.all([
    askJson("/v1/runs?limit=20"),
    askJson("/v1/approvals"),
  ]);
  render("runs", runs.items, runRow);
  render("approval-list", approvals.items, approvalItem);
  at("approvals").hidden = approvals.items.length === 0;
}

async function refreshCatalog() {
  const query = at("query").value.trim();
  const search = query ? `q=${encodeURIComponent(query)}&limit=20` : "limit=100";
  const [servers, tools] = await Promise.all([
    askJson("/v1/servers"),
    askJson(`/v1/tools?${search}`),
  ]);
  render("servers", servers.items, serverRow);
  render("tools", tools.items, toolItem);
}

async function refreshReady() {
  const { status, reason, isolation } = await askJson("/readyz");
  const layers = Object.entries(isolation).map(([name, value]) =>
    `${name}: ${typeof value === "object" ? JSON.stringify(value) : value}`
  );
  const state = status === "ready" ? "Ready" : `Not ready: ${reason ?? "starting"}`;
  at("ready").textContent = [state, ...layers].join(" · ");
}

/** Reads server-sent events; EventSource could not send the key. */
async function* eventsOf(path) {
  const reader = (await ask(path)).body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  while (true) {
    const { done, value } = await reader.read();
    if (done) return;
    const frames = (text + value).split("\n\n");
    text = frames.pop();
    for (const frame of frames) {
      const event = /^event: (.*)$/m.exec(frame)?.[1];
      const data = /^data: (.*)$/m.exec(frame)?.[1];
      if (event && data) yield { event, data: JSON.parse(data) };
    }
  }
}

/** What happens in a run, in a line; nothing for its end. */
function lineOf({ event, data }) {
  switch (event) {
    case "log":
      return `${data.level}: ${data.text}\n`;
    case "call":
      return `call ${data.seq}: ${data.tool} ${data.status}\n`;
    case "progress":
      return `progress: ${[data.done, data.total].filter((n) => n !== undefined).join(" / ")}\n`;
    case "approval":
      return `waits for an approval: ${data.tool}\n`;
    default:
      return "";
  }
}

async function runCode() {
  print("");
  const { id } = await send("/v1/runs", { code: at("code").value, wait: false });
  running = id;
  at("stop").hidden = false;
  for await (const happened of eventsOf(`/v1/runs/${encodeURIComponent(id)}/events`)) {
    at("output").append(lineOf(happened));
    if (happened.event === "approval") await refreshRuns();
    if (happened.event === "end") {
      const { status, result, error, content } = happened.data;
      at("output").append(`${status}\n`, JSON.stringify(result ?? error ?? content, null, 2) ?? "");
    }
  }
}

at("runner").onsubmit = (event) => {
  event.preventDefault();
  at("run").disabled = true;
  attempt(runCode).then(() => attempt(refreshRuns)).finally(() => {
    at("run").disabled = false;
    at("stop").hidden = true;
  });
};

at("stop").onclick = () =>
  attempt(() => ask(`/v1/runs/${encodeURIComponent(running)}/cancel`, { method: "POST" }));

at("login").onsubmit = (event) => {
  event.preventDefault();
  sessionStorage.setItem(keyName, at("key").value.trim());
  at("key").value = "";
  at("login").hidden = true;
  at("main").hidden = false;
  begin();
};

at("query").oninput = () => attempt(refreshCatalog);

async function begin() {
  await attempt(() => Promise.all([refreshReady(), refreshCatalog(), refreshRuns()]));
}

setInterval(() => {
  if (!document.hidden && !at("main").hidden) refreshRuns().catch(showTrouble);
}, 3_000);

begin();
