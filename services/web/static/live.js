// One connection for all tabs: whoever holds the lock listens, and tells the others.
// A notice carries ids only; what it is about is asked for as any page is.
"use strict";
(() => {
  const tabs = new BroadcastChannel("live");
  const said = document.getElementById("sagt");

  function listen() {
    const source = new EventSource("/live");
    source.onopen = tell;
    for (const name of ["message", "notice"]) source.addEventListener(name, tell);
    source.onerror = () => {
      if (source.readyState === EventSource.CLOSED) setTimeout(listen, 2000);
    };
  }

  function tell() {
    tabs.postMessage("more");
    refresh();
  }

  function refresh() {
    htmx.trigger(document.body, "live");
    const list = document.querySelector("[data-live]");
    if (list) renew(list);
  }

  const ids = (root) => new Set([...root.querySelectorAll("[data-id]")].map((row) => row.dataset.id));

  async function renew(list) {
    const answer = await fetch(list.dataset.live);
    if (!answer.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").body;
    const before = ids(list);
    const added = [...ids(fresh)].filter((id) => !before.has(id)).length;
    const words = added === 1 ? "1 ny överlämning" : `${added} nya överlämningar`;
    if (list.contains(document.activeElement)) {
      if (added) offer(words);
    } else {
      list.replaceChildren(...fresh.childNodes);
    }
    if (added) said.textContent = words;
  }

  // Somebody is working in the list: nothing moves under her hand.
  function offer(words) {
    const bar = document.getElementById("nya");
    bar.querySelector("a").textContent = `Visa ${words}`;
    bar.hidden = false;
  }

  // A box that changes while a hand is on it keeps the focus, and says what it became.
  let held = false;
  document.addEventListener("htmx:beforeSwap", (event) => {
    held = event.detail.target.contains(document.activeElement);
  });
  document.addEventListener("htmx:load", (event) => {
    const box = event.detail.elt;
    if (!box.dataset || !box.dataset.said) return;
    said.textContent = box.dataset.said;
    if (held) box.querySelector("[tabindex]").focus();
  });

  tabs.onmessage = refresh;
  if (navigator.locks) navigator.locks.request("live", () => new Promise(listen));
  else listen();
})();
