// A member's sheet saves each mark as it is set. Without a connection it goes on: what was set waits here, is sent in its order,
// once, with the version that it saw, and is kept enciphered under the account's key of the day until it is sent. Another account
// has neither the key nor the place. The page works without this, by its buttons.
(() => {
  "use strict";
  const sheet = document.querySelector(".sheet[data-place]");
  // What came back refused is sent by the buttons, as it is without a script.
  if (!sheet || document.querySelector(".summary")) return;
  const words = JSON.parse(sheet.dataset.words);
  const status = sheet.querySelector("[data-status]");
  const form = document.querySelector("form[data-saves]");
  const place = `ocop-marks-${sheet.dataset.place}`;
  const days = sheet.dataset.days.trim().split(" ");
  const keys = sheet.dataset.keys.trim().split(" ");
  const aDay = 24 * 60 * 60 * 1000;

  const say = (name, value = "") => words[name].replace("{}", value);
  const element = (name, text, attributes = {}) => {
    const made = document.createElement(name);
    if (text !== undefined) made.textContent = text;
    for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, value);
    return made;
  };
  const tell = (text, waits = false) => {
    if (status.textContent !== text) status.textContent = text;
    status.classList.toggle("waits", waits);
  };

  // ---- What stands in a form, as states that can be compared: a mark of each criterion, and the gate.
  const GATE = "gate";
  // What is kept by a criterion's code inherits nothing that could pass for a mark.
  const bare = (...from) => Object.assign(Object.create(null), ...from);
  const fieldsets = (of) => [...of.querySelectorAll("fieldset[data-code]")];
  // As the service keeps it.
  const text = (area) => area.value.trim().normalize();
  const markOf = (fields) => {
    const option = fields.querySelector("input[type=radio]:checked")?.value ?? "";
    const remark = text(fields.querySelector("textarea"));
    const papers = [...fields.querySelectorAll("input[name$='.evidence']")]
      .filter((input) => input.type !== "checkbox" || input.checked)
      .flatMap((input) => input.value.split(/[^0-9]+/)).filter((number) => number !== "");
    return { option, remark, papers };
  };
  const gateOf = (of) => {
    const gate = of.querySelector("#gate");
    return { option: gate?.querySelector(":checked")?.value ?? "", remark: gate ? text(gate.querySelector("textarea")) : "", papers: [] };
  };
  const isNothing = (mark) => !mark || (mark.option === "" && mark.remark === "" && mark.papers.length === 0);
  // Without an option a mark is not one yet.
  const isMark = (mark) => mark.option !== "";
  const stateOf = (of) => {
    const state = bare();
    for (const fields of fieldsets(of)) {
      const mark = markOf(fields);
      if (isMark(mark)) state[fields.dataset.code] = mark;
    }
    const gate = gateOf(of);
    if (!isNothing(gate)) state[GATE] = gate;
    return state;
  };
  const same = (one, other) => JSON.stringify(one ?? null) === JSON.stringify(other ?? null);
  const codesOf = (...states) => [...new Set(states.flatMap((state) => Object.keys(state)))];
  const sameStates = (one, other) => codesOf(one, other).every((code) => same(one[code], other[code]));
  const applied = (state, changes) => {
    const next = bare(state);
    for (const [code, mark] of Object.entries(changes)) {
      if (mark) next[code] = mark; else delete next[code];
    }
    return next;
  };

  // ---- What is known of the sheet on the service, and what waits to be sent there.
  let known = { version: form ? Number(form.elements.version.value) : 0, state: form ? stateOf(form) : {} };
  let waiting = [];
  let sending = false;
  let stopped = !form;
  let isKept = true;
  const wanted = () => waiting.reduce((state, entry) => applied(state, entry.changes), known.state);
  // What was typed beside a criterion that has no option yet.
  const drafts = () => {
    const found = bare();
    for (const fields of form ? fieldsets(form) : []) {
      const mark = markOf(fields);
      if (!isMark(mark) && !isNothing(mark)) found[fields.dataset.code] = mark;
    }
    return found;
  };
  const newKey = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

  // ---- Keeping it on the device: only what waits, only enciphered.
  const bytes = (hexadecimal) => Uint8Array.from(hexadecimal.match(/../g), (pair) => parseInt(pair, 16));
  const base64 = (buffer) => btoa(Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join(""));
  const unbase64 = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const keyOf = async (key) => crypto.subtle.importKey("raw", bytes(key), "AES-GCM", false, ["encrypt", "decrypt"]);
  const forget = () => { try { localStorage.removeItem(place); } catch { /* Nothing is kept there. */ } };
  // Which version this window was told last: a page can be made while a mark that was sent before it is still under way.
  const remember = (version) => { try { sessionStorage.setItem(place, version); } catch { /* It is compared then, side by side. */ } };
  const forgetVersion = () => { try { sessionStorage.removeItem(place); } catch { /* Nothing is kept there. */ } };
  const remembered = () => { try { return Number(sessionStorage.getItem(place)); } catch { return 0; } };
  const today = keyOf(keys[0]).catch(() => null);
  let keeping = Promise.resolve();
  let isNew = false;
  const keep = () => {
    isNew = true;
    const write = async () => {
      // One writing serves all that was set before it.
      if (!isNew) return;
      isNew = false;
      const held = drafts();
      if (waiting.length === 0 && Object.keys(held).length === 0) { forget(); isKept = true; return; }
      try {
        const iv = crypto.getRandomValues(new Uint8Array(12));
        const told = new TextEncoder().encode(JSON.stringify({ known, waiting, drafts: held }));
        const kept = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await today, told);
        localStorage.setItem(place, JSON.stringify({ at: new Date().toISOString(), day: days[0], iv: base64(iv), kept: base64(kept) }));
        isKept = true;
      } catch { isKept = false; }
    };
    keeping = keeping.then(write, write);
    return keeping;
  };
  const kept = async () => {
    try {
      const { at, day, iv, kept: told } = JSON.parse(localStorage.getItem(place));
      if (!(Date.now() - Date.parse(at) < aDay) || !days.includes(day)) return null;
      const key = await keyOf(keys[days.indexOf(day)]);
      const opened = await crypto.subtle.decrypt({ name: "AES-GCM", iv: unbase64(iv) }, key, unbase64(told));
      const isObject = (value) => value !== null && typeof value === "object" && !Array.isArray(value);
      return JSON.parse(new TextDecoder().decode(opened), (_, value) => isObject(value) ? bare(value) : value);
    } catch { return null; }
  };

  // ---- Words for people.
  const time = () => new Intl.DateTimeFormat(document.documentElement.lang, { timeStyle: "medium" }).format(new Date());
  const fieldsOf = (code) => form && fieldsets(form).find((fields) => fields.dataset.code === code);
  const titleOf = (code) => code === GATE ? say("gate") : fieldsOf(code)?.querySelector("legend").firstChild.textContent.trim() ?? code;
  const told = (code, mark) => {
    if (isNothing(mark)) return say("nothing");
    const group = code === GATE ? form?.querySelector("#gate") : fieldsOf(code);
    const radio = group && [...group.querySelectorAll("input[type=radio]")].find((input) => input.value === mark.option);
    const papers = mark.papers.length > 0 ? `${say("papers")} ${mark.papers.join(", ")}` : "";
    const option = mark.option === "" ? "" : radio?.nextElementSibling.textContent ?? mark.told ?? mark.option;
    return [option, mark.remark && `“${mark.remark}”`, papers].filter(Boolean).join("; ");
  };
  const totals = (view) => {
    for (const part of view.parts) sheet.querySelector(`[data-part="${CSS.escape(part.code)}"]`).textContent = part.total;
    sheet.querySelector("[data-total]").textContent = view.total;
    sheet.querySelector("[data-marked]").textContent = say("marked", view.marks.length);
    sheet.querySelector("[data-missing]").textContent = view.complete ? say("complete") : `${say("missing")} ${view.missing.join(", ")}`;
    const unmet = sheet.querySelector("[data-unmet]");
    unmet.querySelector("span").textContent = view.unmet_options.length;
    const line = (least) => element("li", `${titleOf(least.criterion)} (${"★".repeat(least.stars)})`);
    unmet.querySelector("ul").replaceChildren(...view.unmet_options.map(line));
  };

  // ---- Filling the form with a state, where another device said so or where marks waited.
  const fill = (code, mark) => {
    const fields = code === GATE ? form.querySelector("#gate") : fieldsOf(code);
    if (!fields) return;
    const { option, remark, papers } = mark ?? { option: "", remark: "", papers: [] };
    for (const radio of fields.querySelectorAll("input[type=radio]")) radio.checked = radio.value === option;
    fields.querySelector("textarea").value = remark;
    for (const input of fields.querySelectorAll("input[name$='.evidence']")) {
      if (input.type === "checkbox") input.checked = papers.includes(input.value); else input.value = papers.join(", ");
    }
    if (remark !== "" || papers.length > 0) fields.querySelector("details")?.setAttribute("open", "");
  };
  const fillAll = (state) => {
    state = bare(drafts(), state);
    for (const fields of fieldsets(form)) fill(fields.dataset.code, state[fields.dataset.code]);
    fill(GATE, state[GATE]);
    depend();
  };
  // What depends on a criterion without points does not apply: it can be marked once there are some.
  const depend = () => {
    for (const fields of fieldsets(form).filter((fields) => fields.dataset.depends)) {
      const base = fieldsOf(fields.dataset.depends);
      const chosen = base?.querySelector("input[type=radio]:checked");
      fields.disabled = !chosen || "nothing" in chosen.dataset || base.disabled;
    }
  };

  // ---- Sending.
  const body = (state, key) => {
    const fields = new URLSearchParams({ csrf: form.elements.csrf.value, key, version: known.version });
    fieldsets(form).forEach((of, row) => {
      const mark = state[of.dataset.code];
      if (!mark) return;
      fields.append(`marks.${row}.criterion`, of.dataset.code);
      fields.append(`marks.${row}.option`, mark.option);
      fields.append(`marks.${row}.remark`, mark.remark);
      for (const paper of mark.papers) fields.append(`marks.${row}.evidence`, paper);
    });
    fields.append("gate.criterion", state[GATE]?.option ?? "");
    fields.append("gate.reason", state[GATE]?.remark ?? "");
    return fields;
  };
  const count = () => codesOf(...waiting.map((entry) => entry.changes)).length;
  const offline = () => tell(say(isKept ? "offline" : "fragile", count()), true);
  // Why nothing is sent any more, told again as more is set.
  let retell = () => {};
  const stop = (name, ...beside) => {
    stopped = true;
    retell = () => { tell(say(name, count()), true); status.append(...beside); };
    retell();
  };
  const goOn = () => {
    if (!stopped || sheet.querySelector("[data-differs], [data-late]")) return;
    stopped = !form;
    retell = () => {};
    send();
  };
  let pause = 1000;
  let timer = 0;
  const again = () => {
    clearTimeout(timer);
    timer = setTimeout(send, pause);
    pause = Math.min(pause * 2, 30000);
  };
  const send = async () => {
    if (sending || stopped || waiting.length === 0) return;
    sending = true;
    try {
      while (waiting.length > 0 && !stopped) {
        if (!status.classList.contains("waits")) tell(say("sending"));
        const entry = waiting[0];
        const state = applied(known.state, entry.changes);
        const giveUp = new AbortController();
        const patience = setTimeout(() => giveUp.abort(), 20000);
        let response, view;
        try {
          response = await fetch(form.action, {
            method: "POST", body: body(state, entry.key), headers: { Accept: "application/json" }, redirect: "manual", signal: giveUp.signal,
          });
          view = (response.headers.get("content-type") ?? "").includes("json") ? await response.json() : {};
        } catch {
          offline();
          return again();
        } finally { clearTimeout(patience); }
        // What answers in the service's place, as networks of halls do, saved nothing.
        if (response.ok && !Number.isInteger(view.version)) {
          offline();
          return again();
        }
        if (response.ok) {
          known = { version: view.version, state };
          form.elements.version.value = view.version;
          remember(view.version);
          waiting.shift();
          pause = 1000;
          await keep();
          totals(view);
          continue;
        }
        await refused(response, view, entry);
        if (response.status >= 500 || response.status === 429) return again();
      }
      if (waiting.length === 0 && !stopped) settled();
    } finally { sending = false; }
  };
  const settled = () => {
    if (!status.dataset.refused) tell(say("saved", time()));
  };
  const refused = async (response, problem, entry) => {
    if (response.status >= 500 || response.status === 429) return offline();
    if (response.type === "opaqueredirect" || response.status === 401) {
      const next = new URLSearchParams({ next: location.pathname });
      return stop("signed_out", " ", element("a", say("sign_in"), { href: `/desk/sign-in?${next}` }));
    }
    if (response.status === 412) return compare();
    if (response.status === 409) return closed(problem.detail);
    if (response.status === 422) {
      // What the service does not take stays in the form, and is sent with the next change of its criterion.
      waiting.shift();
      await keep();
      const faults = (problem.errors ?? []).map((fault) => fault.detail);
      status.dataset.refused = "";
      tell([say("refused"), ...Object.keys(entry.changes).map(titleOf), ...(faults.length > 0 ? faults : [problem.detail])].join(" "), true);
      return undefined;
    }
    return stop("other", problem.code === "forged_form" ? "" : ` ${problem.detail ?? ""}`);
  };

  // ---- The scoring closed, or the sheet was handed in elsewhere: what came too late can be read here.
  const closed = (detail) => {
    stop("closed");
    if (detail) status.prepend(detail, " ");
    const list = element("ul", undefined, { "data-late": "" });
    for (const entry of waiting) {
      for (const [code, mark] of Object.entries(entry.changes)) list.append(element("li", entry.told?.[code] ?? `${titleOf(code)}: ${told(code, mark)}`));
    }
    const drop = element("button", say("forget"), { type: "button", class: "button quiet" });
    drop.addEventListener("click", () => { waiting = []; forget(); location.reload(); });
    status.after(list, drop);
    if (form) for (const input of form.elements) input.disabled = true;
  };

  // ---- The sheet was changed on another device.
  const compare = async () => {
    stopped = true;
    let page;
    try {
      const response = await fetch(form.action, { headers: { Accept: "text/html" }, redirect: "manual" });
      if (!response.ok) { stopped = false; return refused(response, {}, waiting[0]); }
      page = new DOMParser().parseFromString(await response.text(), "text/html");
    } catch { stopped = false; offline(); return again(); }
    const there = page.querySelector("form[data-saves]");
    if (!there) return closed();
    settle({ version: Number(there.elements.version.value), state: stateOf(there) });
    return undefined;
  };
  const settle = (theirs) => {
    stopped = true;
    const mine = wanted();
    const set = codesOf(...waiting.map((entry) => entry.changes));
    const rows = set.filter((code) => !same(mine[code], theirs.state[code]));
    const take = (chosen) => {
      known = theirs;
      form.elements.version.value = theirs.version;
      waiting = chosen.map((code) => ({ key: newKey(), changes: bare({ [code]: mine[code] ? { ...mine[code] } : null }) }));
      sheet.querySelector("[data-differs]")?.remove();
      stopped = false;
      for (const input of form.elements) input.disabled = false;
      fillAll(wanted());
      return keep().then(() => { if (waiting.length === 0) settled(); else { status.classList.remove("waits"); send(); } });
    };
    if (rows.length === 0) return take([]);
    tell(say("differs"), true);
    for (const input of form.elements) input.disabled = true;
    const table = element("table", undefined, { class: "beside" });
    const head = table.createTHead().insertRow();
    for (const name of ["criterion", "mine", "theirs"]) head.append(element("th", say(name), { scope: "col" }));
    const lines = table.createTBody();
    for (const code of rows) {
      const line = lines.insertRow();
      line.append(element("th", titleOf(code), { scope: "row" }));
      for (const [side, mark] of [["mine", mine[code]], ["theirs", theirs.state[code]]]) {
        const label = element("label", undefined, { class: "choice" });
        const radio = element("input", undefined, { type: "radio", name: `keep-${code}`, value: side });
        radio.checked = side === "mine";
        label.append(radio, element("span", told(code, mark)));
        line.insertCell().append(label);
      }
    }
    const use = element("button", say("settle"), { type: "button", class: "button" });
    use.addEventListener("click", () => {
      const isMine = (code) => table.querySelector(`input[name="keep-${CSS.escape(code)}"]:checked`).value === "mine";
      take(rows.filter(isMine));
    });
    const section = element("section", undefined, { class: "card", "data-differs": "", tabindex: "-1" });
    const scroll = element("div", undefined, { class: "scroll", tabindex: "0", role: "region", "aria-label": say("differs") });
    scroll.append(table);
    section.append(scroll, use);
    sheet.querySelector(".saving").after(section);
    section.focus();
    return undefined;
  };

  // ---- What is set on the page.
  const set = (changes) => {
    const words = Object.entries(changes).map(([code, mark]) => [code, `${titleOf(code)}: ${told(code, mark)}`]);
    waiting.push({ key: newKey(), changes, told: bare(Object.fromEntries(words)) });
    delete status.dataset.refused;
    keep().then(() => { retell(); send(); });
  };
  const changed = (event) => {
    if (stopped && !sending && sheet.querySelector("[data-differs], [data-late]")) return;
    const fields = event.target.closest("fieldset[data-code], #gate");
    if (!fields) return;
    const before = wanted();
    depend();
    const changes = bare();
    if (fields.id === "gate") {
      const gate = gateOf(form);
      // A gate is raised with its reason.
      if (gate.option === "" ? isNothing(gate) : gate.remark !== "") changes[GATE] = isNothing(gate) ? null : gate;
    } else {
      const mark = markOf(fields);
      changes[fields.dataset.code] = isMark(mark) ? { ...mark } : null;
      if (!isMark(mark) && !isNothing(mark)) tell(say("option_first"), true);
      for (const of of fieldsets(form).filter((of) => of.disabled && before[of.dataset.code])) {
        changes[of.dataset.code] = null;
        fill(of.dataset.code, null);
      }
      depend();
    }
    for (const code of Object.keys(changes)) if (same(changes[code] ?? undefined, before[code])) delete changes[code];
    if (Object.keys(changes).length > 0) set(changes); else keep();
  };
  const isBusy = () => waiting.length > 0;
  const begin = async () => {
    const found = await kept();
    if (!form) {
      if (found && found.waiting.length > 0) { waiting = found.waiting; closed(); } else if (found) forget();
      return;
    }
    form.addEventListener("change", changed);
    // Who types a remark and goes away has saved it too.
    let typing = 0;
    form.addEventListener("input", (event) => {
      clearTimeout(typing);
      if (event.target.localName === "textarea") typing = setTimeout(changed, 1000, event);
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const submits = (event.submitter?.getAttribute("formaction") ?? "").endsWith("/submit");
      handIn(submits);
    });
    depend();
    const latest = Math.max(remembered(), found?.known.version ?? 0);
    if (latest > known.version && history.state?.latest !== latest) {
      history.replaceState({ latest }, "");
      location.reload();
      return;
    }
    if (!found) { tell(say("ready")); return; }
    for (const [code, mark] of Object.entries(found.drafts ?? {})) if (!known.state[code]) fill(code, mark);
    waiting = found.waiting;
    const here = known;
    // What was answered while nobody heard it is there already.
    let state = found.known.state;
    let done = here.version === found.known.version ? 0 : -1;
    waiting.forEach((entry, place) => {
      state = applied(state, entry.changes);
      if (done < 0 && here.version === found.known.version + place + 1 && sameStates(state, here.state)) done = place + 1;
    });
    if (done < 0 && waiting.length > 0) { known = found.known; return settle(here); }
    waiting = waiting.slice(Math.max(done, 0));
    fillAll(wanted());
    await keep();
    if (waiting.length > 0) { offline(); send(); } else { tell(say("ready")); }
  };
  const handIn = async (submits) => {
    document.activeElement?.blur?.();
    await keeping;
    await send();
    while (sending) await new Promise((done) => { setTimeout(done, 50); });
    if (!submits) { if (!isBusy() && !stopped) settled(); return; }
    if (isBusy() || stopped) { tell(say("wait"), true); return; }
    if ("refused" in status.dataset) return;
    const own = document.querySelector("form[data-verb=submit]");
    own.elements.version.value = known.version;
    forget();
    forgetVersion();
    own.submit();
  };
  document.querySelector("form[data-verb=sign-out]").addEventListener("submit", forgetVersion);
  addEventListener("online", () => { pause = 1000; send(); });
  // Who signed in again in another window comes back to this one.
  addEventListener("focus", goOn);
  addEventListener("beforeunload", (event) => { if (isBusy() && !isKept) event.preventDefault(); });
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
  begin();
})();
