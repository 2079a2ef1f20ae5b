// What the desk's pages do beside what they do without this: warn before something typed is lost, send photographs one after
// the other, add up while one types. Every page works without it.
(() => {
  "use strict";
  const forms = [...document.querySelectorAll("form[data-verb]")].filter((form) => form.dataset.verb !== "sign-out" && !("saves" in form.dataset));

  // What came back refused is not kept anywhere yet.
  const touched = new Set();
  const refused = document.querySelector(".summary");
  let leads = false;
  for (const form of forms) {
    const touch = () => touched.add(form);
    if (refused && form.querySelector(".fault")) touch();
    form.addEventListener("input", touch);
    form.addEventListener("change", touch);
    form.addEventListener("submit", () => { leads = [...touched].every((other) => other === form); });
  }
  addEventListener("pageshow", () => { leads = false; });
  addEventListener("beforeunload", (event) => {
    if (touched.size > 0 && !leads) event.preventDefault();
  });

  // What could not be sent from here waits for a day at most (`sheet.js`, `visit.js`), whoever opens a page of the desk then.
  const aDay = 24 * 60 * 60 * 1000;
  try {
    for (const place of Object.keys(localStorage).filter((place) => /^ocop-(marks|visit)-/.test(place))) {
      const at = Date.parse(JSON.parse(localStorage.getItem(place)).at);
      if (!(Date.now() - at < aDay)) localStorage.removeItem(place);
    }
  } catch { /* What cannot be read here cannot be kept here either. */ }

  // A photograph is sent as soon as it is taken, once an option was chosen; the next one is taken from the same place.
  const memory = "ocop-one-by-one";
  const remember = (value) => { try { sessionStorage.setItem(memory, value); } catch { /* It is only a comfort. */ } };
  const remembered = () => { try { return sessionStorage.getItem(memory); } catch { return null; } };
  for (const camera of document.querySelectorAll("input[data-one-by-one]")) {
    const form = camera.form;
    camera.addEventListener("change", () => {
      const chosen = form.querySelector("input[type=radio]:checked");
      if (camera.files.length === 0 || !chosen || chosen.value === "") return;
      remember(location.pathname);
      form.requestSubmit();
    });
    if (remembered() === location.pathname) {
      remember("");
      if (refused) continue;
      camera.scrollIntoView({ block: "center" });
      camera.focus({ preventScroll: true });
    }
  }

  // The room of who leads a session is kept fresh: each event tells whether it is still as it was shown.
  const room = document.getElementById("room");
  if (room && "EventSource" in window) {
    const steps = document.getElementById("room-steps");
    const cut = document.getElementById("room-cut");
    let typing = false;
    steps.addEventListener("input", () => { typing = true; });
    const renew = async () => {
      const answer = await fetch(location.pathname, { headers: { accept: "text/html" } });
      if (answer.redirected || !answer.ok) return location.reload();
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.getElementById("room");
      room.dataset.seen = fresh.dataset.seen;
      room.replaceChildren(...fresh.childNodes);
      if (!typing && !steps.contains(document.activeElement)) steps.replaceChildren(...page.getElementById("room-steps").childNodes);
    };
    const source = new EventSource(room.dataset.events);
    source.addEventListener("message", ({ data }) => {
      cut.hidden = true;
      if (data !== room.dataset.seen) renew().catch(() => { cut.hidden = false; });
    });
    let failures = 0;
    source.addEventListener("open", () => { failures = 0; });
    source.addEventListener("error", () => { failures += 1; if (failures > 2) cut.hidden = false; });
  }

  // The same reading of sums as the service's.
  const read = (text) => {
    const folded = text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replaceAll("đ", "d").trim();
    const parts = /^([\d.,\s]*)(|k|nghin|ngan|thousand|tr|trieu|million|ty|ti|billion)(?:\s*(?:d|₫|vnd|dong))?$/u.exec(folded);
    if (!parts) return 0;
    const number = parts[1].trim();
    const worth = { k: 1e3, n: 1e3, th: 1e3, tr: 1e6, m: 1e6, ty: 1e9, ti: 1e9, b: 1e9 };
    const times = worth[parts[2].slice(0, 2)] ?? worth[parts[2].slice(0, 1)] ?? 1;
    if (times > 1 && /^\d+[.,]\d{1,2}$/.test(number)) return Math.round(Number(number.replace(",", ".")) * times);
    if (times > 1 && number.includes(",")) return 0;
    const groups = number.split(/[.,\s]/);
    const fits = groups.every((group, place) => /^\d+$/.test(group) && (place === 0 || group.length === 3));
    return fits ? Number(groups.join("")) * times : 0;
  };
  const write = (sum) => new Intl.NumberFormat(document.documentElement.lang).format(sum);
  const money = (row) => [...row.querySelectorAll("input[data-money]")];
  for (const table of document.querySelectorAll("table[data-sums]")) {
    const rows = [...table.tBodies[0].rows];
    table.addEventListener("input", () => {
      const columns = [];
      let total = 0;
      for (const row of rows) {
        const sums = money(row).map((input) => read(input.value));
        sums.forEach((sum, place) => { columns[place] = (columns[place] ?? 0) + sum; });
        const sum = sums.reduce((left, right) => left + right, 0);
        row.querySelector(".sum").textContent = write(sum);
        total += sum;
      }
      const feet = [...table.tFoot.querySelectorAll(".sum")];
      columns.concat(total).forEach((sum, place) => { if (feet[place]) feet[place].textContent = write(sum); });
    });
  }

  // A stamp's code is read by the camera where the browser can, one picture after the other until a code is in it.
  const scans = "BarcodeDetector" in window && navigator.mediaDevices ? document.querySelectorAll("input[data-scan]") : [];
  for (const input of scans) {
    const button = document.createElement("button");
    Object.assign(button, { type: "button", className: "scan", textContent: input.dataset.scan });
    input.after(button);
    const video = document.createElement("video");
    Object.assign(video, { muted: true, playsInline: true });
    const stop = () => {
      video.srcObject?.getTracks().forEach((track) => track.stop());
      video.srcObject = null;
      video.remove();
    };
    button.addEventListener("click", async () => {
      if (video.srcObject) return stop();
      try {
        video.srcObject = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
        button.after(video);
        await video.play();
      } catch {
        // Without a camera the code is typed.
        stop();
        return input.focus();
      }
      const detector = new BarcodeDetector({ formats: ["qr_code"] });
      while (video.srcObject) {
        const [found] = await detector.detect(video).catch(() => []);
        if (found) {
          input.value = found.rawValue;
          input.dispatchEvent(new Event("input", { bubbles: true }));
          stop();
          input.focus();
        } else {
          await new Promise((again) => setTimeout(again, 200));
        }
      }
    });
  }
})();
