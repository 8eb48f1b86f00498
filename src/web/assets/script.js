"use strict";
// Everything here is a convenience: without it the page works by forms and reloads.
(() => {
  // Copy buttons.
  for (const button of document.querySelectorAll("button[data-copy]")) {
    if (!navigator.clipboard) continue;
    button.hidden = false;
    const text = button.textContent;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(button.dataset.copy);
      button.textContent = document.body.dataset.copied;
      setTimeout(() => { button.textContent = text; }, 2000);
    });
  }

  // Progress of first readings: asked for every two seconds while there is one.
  const live = document.querySelector("[data-progress]");
  const show = (all) => {
    let under_way = false;
    for (const bar of document.querySelectorAll("progress[data-connection]")) {
      const known = all[bar.dataset.connection];
      if (!known) continue;
      bar.value = known.done;
      bar.max = Math.max(known.of, 1);
      const text = document.getElementById(bar.id + "-text");
      if (text) text.textContent = known.text;
      under_way ||= known.done < known.of;
    }
    return under_way;
  };
  const ask = async () => {
    let under_way = true;
    try {
      const answer = await fetch(live.dataset.progress, { headers: { accept: "application/json" } });
      if (!answer.ok) return;
      under_way = show(await answer.json());
    } catch {
      // The bridge is away for a moment; the next turn asks again.
    }
    if (under_way) setTimeout(ask, 2000);
    else setTimeout(() => location.reload(), 1000);
  };
  if (live && document.querySelector("progress[data-connection]")) setTimeout(ask, 1000);
  // Nothing is known yet of what is read: the next page shows it.
  else if (live) setTimeout(() => location.reload(), 2000);

  // Consent in a window of its own; where it is blocked, in this one.
  for (const form of document.querySelectorAll("form[data-popup]")) {
    form.addEventListener("submit", () => {
      const popup = window.open("", "davbridge-consent", "width=560,height=720");
      if (popup) form.target = "davbridge-consent";
    });
  }
  // What came of it is told to the page that opened the window.
  const outcome = document.querySelector("[data-done], [data-told]");
  if (outcome && window.name === "davbridge-consent") {
    new BroadcastChannel("davbridge").postMessage(outcome.dataset.told ?? "");
    if ("close" in outcome.dataset) window.close();
  }
  const opener = document.querySelector("form[data-popup]");
  const hear = ({ data }) => {
    if (!data) {
      location.assign(document.querySelector(".product").href);
      return;
    }
    document.querySelector("p.alarm[data-heard]")?.remove();
    const told = document.createElement("p");
    told.className = "alarm";
    told.dataset.heard = "";
    told.setAttribute("role", "alert");
    told.textContent = data;
    opener.before(told);
  };
  if (opener && window.name !== "davbridge-consent") {
    new BroadcastChannel("davbridge").addEventListener("message", hear);
  }
})();
