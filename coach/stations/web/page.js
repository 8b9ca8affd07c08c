"use strict";
const T = JSON.parse(document.getElementById("texts").textContent);
const $ = (id) => document.getElementById(id), body = document.body;
const STALE = 5000, WATCHDOG = 12000, AGAIN = 2000, HOLD = 1200;  // ms
const STANDS = 1;  // m/s; who is slower is not drawn
let entering = false, source = null, heard = 0, made = 0, opening = false, closed = false, due = 0, plan = [], trace = [], last = null;

for (const each of document.querySelectorAll("[data-text]")) each.textContent = T[each.dataset.text];
const put = (id, text) => { const e = $(id); if (e.textContent !== text) e.textContent = text; };
const fill = (text, slots) => text.replace(/\{(\w+)\}/g, (_, name) => slots[name]);
const post = (path, told) => fetch(path, {method: "POST", body: JSON.stringify(told), signal: AbortSignal.timeout(4000)});

// The stream: opened anew by our own timer, because a browser gives up for good after some errors and keeps dead sockets.
function drop() { if (source) source.close(); source = null; }
function later(ms) { clearTimeout(due); due = setTimeout(open, ms); }

async function open() {
  if (document.hidden || entering) return;
  if (opening) { later(100); return; }  // what is asked for now may be answered otherwise than a moment ago
  opening = true; drop();
  try {
    const answer = await fetch("/state", {cache: "no-store", signal: AbortSignal.timeout(4000)});
    if (answer.status === 401) { body.dataset.view = "door"; heard = 0; put("banner", ""); return; }
    if (!answer.ok) throw answer;
    show(await answer.json());
    source = new EventSource("/events");
    source.onmessage = (event) => show(JSON.parse(event.data));
    source.addEventListener("end", () => { closed = true; drop(); later(10000); });
    source.onerror = () => { if (source && source.readyState === 2) later(AGAIN); };
    closed = false;
  } catch { later(closed ? 10000 : AGAIN); } finally { opening = false; age(); }
}

async function enter(key) {
  entering = true;
  try {
    const answer = await post("/enter", {key});
    entering = false;
    if (answer.ok) { put("banner", ""); open(); return; }
    body.dataset.view = "door";
    put("banner", answer.status === 429 ? T.locked : T.wrong);
  } catch { put("banner", T.lost); setTimeout(() => enter(key), AGAIN); }
}

function begin() {
  const key = location.hash.slice(1);
  if (!key) { open(); return; }
  history.replaceState(null, "", "/");
  enter(key);
}

function age() {
  if (document.hidden || body.dataset.view === "door") return;
  const now = Date.now(), over = last && (last.lobby || (last.state && last.state.phase === "done"));
  const old = last && last.state && !over && now - made > STALE;
  body.classList.toggle("stale", Boolean(old));
  const silent = heard && now - heard > WATCHDOG;
  if (silent && source) { drop(); later(0); }
  put("banner", old ? fill(T.stale, {seconds: Math.round((now - made) / 1000)}) : !over && !heard && !opening ? T.lost : last && last.told && !last.lobby ? last.told.warning : "");
}

// What is shown
function show(told) {
  heard = Date.now(); made = heard - told.age * 1000;
  if (told.plan) { plan = told.plan; trace = told.trace; }
  else if (told.state && told.state.phase === "running") trace.push([told.state.place, told.state.speed]);
  last = told;
  if (told.lobby) lobby(told.lobby);
  else if (told.state) run(told.state, told.told);
  age();
}

function run(state, told) {
  Object.assign(body.dataset, {view: "run", phase: state.phase, side: state.side || "", signal: state.phase === "done" ? "" : state.signal, target: state.target ? "some" : "none"});
  for (const name of ["phase", "elapsed", "distance", "heart", "signal", "off", "target", "segment", "left", "next", "ahead", "unit"]) put(name, told[name]);
  const lost = state.phase === "running" && state.signal === "none";
  put("number", state.phase === "paused" ? told.phase : told.pace); put("edges", told.band);
  if (lost) put("off", told.signal);
  body.dataset.lost = lost ? "yes" : "";
  body.dataset.soon = state.phase === "running" && state.seconds_left !== null && state.seconds_left <= 60 ? "yes" : "";
  put("pause", T[{ready: "start", paused: "go_on"}[state.phase] || "pause"]);
  if (state.phase === "done") put("segment", state.name);
  document.title = state.phase === "running" ? `${told.pace} ${told.unit}` : told.phase;
  $("done").firstChild.style.width = `${100 * (state.phase === "done" ? 1 : state.done)}%`;
  $("done").setAttribute("aria-valuenow", Math.round(100 * state.done));
  $("done").setAttribute("aria-label", told.segment);
  gauge(state, told); curve(state); said(state.said);
}

function gauge(state, told) {
  $("gauge").setAttribute("aria-label", `${told.off || told.target}`);
  if (!state.target) return;
  const half = Math.max((state.high || state.target) - state.target, state.target - (state.low || state.target), .03 * state.target);
  const at = (speed) => Math.min(100, Math.max(0, 50 + 50 * (speed - state.target) / (3 * half)));
  const from = state.low === null ? 0 : at(state.low), to = state.high === null ? 100 : at(state.high);
  $("band").style.left = `${from}%`; $("band").style.width = `${to - from}%`;
  $("pointer").style.left = `${Math.min(98, Math.max(2, at(state.speed || 0)))}%`;
  $("pointer").style.display = state.speed > STANDS ? "" : "none";
}

function curve(state) {
  const speeds = [];
  for (const [, points] of plan) for (const [, target, low, high] of points) for (const each of [target, low, high]) if (each) speeds.push(each);
  for (const [, speed] of trace) if (speed > STANDS) speeds.push(speed);
  const asked = plan.flatMap(([, points]) => points.map((point) => point[1])).filter(Boolean);  // who walks leaves the curve below
  const least = speeds.length ? Math.max(Math.min(...speeds) * .96, asked.length ? Math.min(...asked) * .75 : 0) : 0, most = speeds.length ? Math.max(...speeds) * 1.04 : 5;
  const x = (place) => (1000 * place).toFixed(1), y = (speed) => (200 - 200 * Math.min(1, Math.max(0, (speed - least) / (most - least)))).toFixed(1);
  let band = "", target = "", ran = "", before = null;
  for (const [, points] of plan) {
    const given = points.filter((point) => point[1]);
    if (!given.length) continue;
    target += "M" + given.map((p) => `${x(p[0])} ${y(p[1])}`).join("L");
    band += "M" + [...given.map((p) => `${x(p[0])} ${y(p[3] || p[1])}`), ...given.map((p) => `${x(p[0])} ${y(p[2] || p[1])}`).reverse()].join("L") + "Z";
  }
  for (const [place, speed] of trace) {
    if (speed > STANDS) ran += `${before !== null && place >= before ? "L" : "M"}${x(place)} ${y(speed)}`;
    before = speed > STANDS ? place : null;
  }
  $("c-band").setAttribute("d", band); $("c-target").setAttribute("d", target); $("c-run").setAttribute("d", ran);
  $("c-here").setAttribute("x1", x(state.place)); $("c-here").setAttribute("x2", x(state.place));
  $("curve").style.visibility = target || state.place > 0 ? "" : "hidden";  // a free run goes nowhere on it
  $("curve").setAttribute("aria-label", fill(T.curve, {percent: Math.round(100 * state.place)}));
}

function said(words) {
  const list = $("said"), key = words.map((each) => each.at).join();
  if (list.dataset.shown === key) return;
  list.dataset.shown = key;
  const known = new Set([...list.children].map((each) => each.dataset.at));
  for (const each of words) {
    if (known.has(String(each.at))) continue;
    const item = document.createElement("li");
    item.dataset.at = each.at; item.textContent = each.text;
    list.prepend(item);
  }
  while (list.children.length > Math.max(1, words.length)) list.lastChild.remove();
}

function lobby(told) {
  body.dataset.view = "lobby"; body.dataset.phase = "ready";
  put("greeting", told.greeting);
  document.title = told.greeting;
  const lines = (items, make) => items.map(make);
  $("devices").replaceChildren(...lines(told.devices, (text) => Object.assign(document.createElement("li"), {textContent: text})));
  const key = JSON.stringify(told.workouts);
  if ($("workouts").dataset.shown === key) return;
  $("workouts").dataset.shown = key;
  $("workouts").replaceChildren(...lines(told.workouts, (each) => {
    const button = document.createElement("button"), about = document.createElement("small");
    button.textContent = each.name; about.textContent = each.about; button.append(about);
    button.classList.toggle("today", each.today);
    button.addEventListener("click", () => send(button, "/choose", {workout: each.id}));
    return button;
  }));
}

// Buttons
async function send(button, path, told) {
  button.disabled = true;
  try {
    const answer = await post(path, told);
    if (answer.status === 401) { later(0); return; }
    if (!answer.ok && answer.status !== 409) throw answer;
    button.classList.add("sent");
    if (navigator.vibrate) navigator.vibrate(30);
    setTimeout(() => button.classList.remove("sent"), 600);
  } catch { put("banner", T.failed); } finally { button.disabled = false; }
}
const press = (button, key) => send(button, "/press", {key});
for (const button of document.querySelectorAll("nav [data-key]")) {
  button.addEventListener("click", () => press(button, button.id === "pause" && body.dataset.phase === "paused" ? "resume" : button.dataset.key));
}

let holding = 0, asked = 0;
const end = $("end"), name = end.lastElementChild;
function hold(event) {
  if (event.repeat || (event.key && event.key !== "Enter" && event.key !== " ")) return;
  end.classList.add("held");
  clearTimeout(holding);
  holding = setTimeout(() => { release(); press(end, "quit"); }, HOLD);
}
function release() { clearTimeout(holding); end.classList.remove("held"); name.textContent = T.end; }
for (const each of ["pointerdown", "keydown"]) end.addEventListener(each, hold);
for (const each of ["pointerup", "pointerleave", "pointercancel", "keyup", "blur"]) end.addEventListener(each, release);
end.addEventListener("contextmenu", (event) => event.preventDefault());
end.addEventListener("click", (event) => {  // a screen reader cannot hold: it clicks twice
  if (event.detail !== 0 || event.pointerType) return;
  if (Date.now() - asked < 4000) press(end, "quit"); else { asked = Date.now(); name.textContent = T.again; }
});

document.querySelector("form").addEventListener("submit", (event) => { event.preventDefault(); enter($("numbers").value); });
document.addEventListener("visibilitychange", () => { if (document.hidden) { drop(); clearTimeout(due); } else later(0); });
for (const each of ["pageshow", "online", "focus"]) addEventListener(each, (event) => { if (each !== "focus" || !source) later(0); });
addEventListener("hashchange", begin);
setInterval(age, 1000);
if (navigator.wakeLock) document.addEventListener("click", () => navigator.wakeLock.request("screen").catch(() => {}), {once: true});
begin();
