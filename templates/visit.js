// What is typed in the forms of a visit waits on the device: where there is no connection it is kept enciphered under the account's
// key of the day, and sent, a form after the other, once there is one. Signatures are drawn here. The page works without this.
(() => {
  "use strict";
  const bar = document.querySelector("[data-waits]");
  if (!bar) return;
  const words = JSON.parse(bar.dataset.words);
  const status = bar.querySelector("[data-status]");
  const forms = [...document.querySelectorAll("form[data-saves]")];
  const place = `ocop-visit-${bar.dataset.place}`;
  const days = bar.dataset.days.trim().split(" ");
  const keys = bar.dataset.keys.trim().split(" ");
  const aDay = 24 * 60 * 60 * 1000;
  const isRefused = document.querySelector(".summary") !== null;
  const version = Number(bar.dataset.version);
  const done = new URLSearchParams(location.search).get("done");
  const tell = (text, waits = false) => {
    status.textContent = text;
    status.classList.toggle("waits", waits);
  };

  // ---- Keeping it on the device, only enciphered.
  const bytes = (hexadecimal) => Uint8Array.from(hexadecimal.match(/../g), (pair) => parseInt(pair, 16));
  const base64 = (buffer) => btoa(Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join(""));
  const unbase64 = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const keyOf = async (key) => crypto.subtle.importKey("raw", bytes(key), "AES-GCM", false, ["encrypt", "decrypt"]);
  // What was typed in each form, which of them were sent off in their order, the one that is under way with the version that it
  // was typed at, and the version of the page that was here last.
  let state = { typed: {}, queue: [], sent: null, of: 0, seen: 0 };
  let isKept = true;
  let keeping = Promise.resolve();
  const keep = () => {
    const write = async () => {
      try {
        if (Object.keys(state.typed).length === 0 && state.queue.length === 0 && !state.sent) {
          localStorage.removeItem(place);
        } else {
          const iv = crypto.getRandomValues(new Uint8Array(12));
          const told = new TextEncoder().encode(JSON.stringify(state));
          const kept = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await keyOf(keys[0]), told);
          localStorage.setItem(place, JSON.stringify({ at: new Date().toISOString(), day: days[0], iv: base64(iv), kept: base64(kept) }));
        }
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
      return JSON.parse(new TextDecoder().decode(opened));
    } catch { return null; }
  };

  // ---- What stands in a form.
  const formOf = (verb) => forms.find((form) => form.dataset.verb === verb);
  // The version stays that of when it was typed: what somebody else did meanwhile is then told instead of written over.
  const OF_THE_PAGE = ["csrf", "key"];
  const versionOf = (typed) => Number(new Map(typed).get("version") ?? 0);
  const fields = (form) => [...new FormData(form)].filter(([name]) => !OF_THE_PAGE.includes(name));
  const fill = (form, typed) => {
    const values = new Map(typed);
    for (const input of form.elements) {
      if (!input.name || OF_THE_PAGE.includes(input.name)) continue;
      const value = values.get(input.name);
      if (input.type === "radio" || input.type === "checkbox") input.checked = value === input.value;
      else input.value = value ?? "";
      if (input.type === "hidden") input.dispatchEvent(new Event("redraw"));
    }
  };

  // ---- Drawing signatures: lines of points in a field of 1000 by 400.
  const WIDTH = 1000;
  const HEIGHT = 400;
  const MOST_POINTS = 800;
  for (const input of document.querySelectorAll("form[data-saves] input[type=hidden][name$='.strokes']")) {
    const canvas = document.createElement("canvas");
    Object.assign(canvas, { width: WIDTH / 2, height: HEIGHT / 2, className: "signing" });
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", words.sign);
    const clear = document.createElement("button");
    Object.assign(clear, { type: "button", className: "button quiet", textContent: words.clear });
    input.after(canvas, clear);
    const pen = canvas.getContext("2d");
    let strokes = [];
    const draw = () => {
      pen.clearRect(0, 0, canvas.width, canvas.height);
      Object.assign(pen, { lineWidth: 3, lineCap: "round", lineJoin: "round" });
      for (const { points } of strokes) {
        pen.beginPath();
        points.forEach(({ x, y }, index) => (index === 0 ? pen.moveTo(x / 2, y / 2) : pen.lineTo(x / 2, y / 2)));
        pen.stroke();
      }
    };
    const save = () => {
      input.value = strokes.length > 0 ? JSON.stringify(strokes) : "";
      input.dispatchEvent(new Event("change", { bubbles: true }));
    };
    input.addEventListener("redraw", () => {
      try { strokes = JSON.parse(input.value); } catch { strokes = []; }
      draw();
    });
    const at = ({ clientX, clientY }) => {
      const box = canvas.getBoundingClientRect();
      const within = (share, most) => Math.round(Math.min(Math.max(share, 0), 1) * most);
      return { x: within((clientX - box.left) / box.width, WIDTH), y: within((clientY - box.top) / box.height, HEIGHT) };
    };
    let drawn = null;
    canvas.addEventListener("pointerdown", (event) => {
      if (strokes.length >= 50) return;
      canvas.setPointerCapture(event.pointerId);
      drawn = { points: [at(event)] };
      strokes.push(drawn);
    });
    canvas.addEventListener("pointermove", (event) => {
      const count = strokes.reduce((sum, stroke) => sum + stroke.points.length, 0);
      if (!drawn || count >= MOST_POINTS) return;
      drawn.points.push(at(event));
      draw();
    });
    for (const name of ["pointerup", "pointercancel"]) canvas.addEventListener(name, () => { if (drawn) { drawn = null; save(); } });
    clear.addEventListener("click", () => { strokes = []; draw(); save(); });
  }

  // ---- Sending: where the page answers, the form is sent as it is without a script.
  let passing = false;
  let timer = 0;
  let pause = 1000;
  let going = false;
  let isBusy = false;
  document.addEventListener("input", ({ target }) => { if (!target.closest("form[data-saves]")) isBusy = true; });
  const again = () => {
    clearTimeout(timer);
    timer = setTimeout(go, pause);
    pause = Math.min(pause * 2, 30000);
  };
  const offline = () => {
    tell((isKept ? words.offline : words.fragile).replace("{}", state.queue.length), true);
    again();
  };
  const go = async () => {
    if (going || passing || state.queue.length === 0) return;
    going = true;
    try {
      const giveUp = new AbortController();
      const patience = setTimeout(() => giveUp.abort(), 20000);
      let answer;
      try {
        answer = await fetch(location.pathname, { cache: "no-store", redirect: "manual", signal: giveUp.signal });
      } catch { return offline(); } finally { clearTimeout(patience); }
      if (answer.type === "opaqueredirect") {
        tell(words.signed_out, true);
        const link = document.createElement("a");
        link.href = `/desk/sign-in?${new URLSearchParams({ next: location.pathname })}`;
        link.textContent = words.sign_in;
        return status.append(" ", link);
      }
      const [verb] = state.queue;
      const form = formOf(verb);
      if (!form) {
        // It is told once; what is the next version of what was typed is most likely that itself.
        state.queue.shift();
        const typed = state.typed[verb] ?? [];
        if (typed.length > 0 && version === versionOf(typed) + 1) delete state.typed[verb];
        else {
          tell(words.closed, true);
          const list = document.createElement("ul");
          for (const value of typed.filter(([name]) => name !== "version").map(([, value]) => value)) {
            if (value !== "" && !value.startsWith("[")) list.append(Object.assign(document.createElement("li"), { textContent: value }));
          }
          status.after(list);
        }
        return await keep();
      }
      // Whoever fills in another form meanwhile is not taken away from it; that one leads to this page anew.
      if (isBusy) return again();
      // What answers in the service's place, as networks of halls do, is no page of it.
      if (!answer.ok || !(await answer.text()).includes(bar.dataset.place)) return offline();
      tell(words.sending);
      if (state.typed[verb]) fill(form, state.typed[verb]);
      state.queue.shift();
      state.sent = verb;
      state.of = versionOf(state.typed[verb] ?? fields(form));
      await keep();
      passing = true;
      form.requestSubmit();
      return undefined;
    } finally { going = false; }
  };

  for (const form of forms) {
    const { verb } = form.dataset;
    const typed = () => {
      state.typed[verb] = fields(form);
      keep();
    };
    form.addEventListener("input", typed);
    form.addEventListener("change", typed);
    form.addEventListener("submit", (event) => {
      if (passing) return;
      event.preventDefault();
      state.typed[verb] = fields(form);
      if (!state.queue.includes(verb)) state.queue.push(verb);
      pause = 1000;
      keep().then(go);
    });
  }
  addEventListener("online", () => { pause = 1000; go(); });
  addEventListener("focus", go);
  addEventListener("beforeunload", (event) => {
    if (!passing && !isKept && Object.keys(state.typed).length > 0) event.preventDefault();
  });
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });

  const begin = async () => {
    state = (await kept()) ?? state;
    const { sent } = state;
    if (sent) {
      // Done, refused with what was typed on the page, or never heard of, so that it is sent once more.
      if (done === sent && version > state.of) delete state.typed[sent];
      else if (!isRefused) state.queue.unshift(sent);
      if (isRefused) state.queue = [];
      state.sent = null;
      await keep();
    }
    // The next version is of a step that was just done here: what else was typed is of it too.
    if (done && version === state.seen + 1) {
      for (const typed of Object.values(state.typed)) {
        for (const field of typed) if (field[0] === "version" && Number(field[1]) === state.seen) field[1] = String(version);
      }
    }
    state.seen = version;
    if (Object.keys(state.typed).length > 0) await keep();
    for (const form of forms) {
      const { verb } = form.dataset;
      if (state.typed[verb] && !(isRefused && verb === sent)) fill(form, state.typed[verb]);
    }
    for (const input of document.querySelectorAll("form[data-saves] input[name$='.strokes']")) input.dispatchEvent(new Event("redraw"));
    if (state.queue.length > 0) go(); else if (!isRefused && forms.length > 0) tell(words.ready);
  };
  begin();
})();
