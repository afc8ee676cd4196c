(() => {
  "use strict";
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const form = document.getElementById("filters");
  const status = document.getElementById("status");
  const none = document.getElementById("none");
  const cards = all("article.shipment");
  const rows = all("details.rows tbody tr");
  const groups = all("section.group");
  const clearedTitle = document.getElementById("cleared");

  // Cards of clear shipments are there because decisions clear their findings.
  const isCleared = (card) => card.dataset.v === "clear";
  const cleared = cards.filter(isCleared).length;
  const flagged = cards.length - cleared;

  const counts = new Map(groups.map((group) => [group, group.querySelector(".group-count").textContent]));

  // The text of a card without case and accents; made when first asked for.
  const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const texts = new Map();
  const textOf = (node) => {
    let text = texts.get(node);
    if (text === undefined) {
      text = fold(node.textContent);
      texts.set(node, text);
    }
    return text;
  };
  const words = (node, name) => (node.dataset[name] || "").split(" ");

  const read = () => ({
    q: form.elements.q.value.trim(),
    v: all("input[name=v]:checked", form).map((box) => box.value),
    r: form.elements.r.value,
    l: form.elements.l.value,
    d: form.elements.d.value,
  });

  const apply = () => {
    const want = read();
    const parts = fold(want.q).split(/\s+/).filter(Boolean);
    const has = (node) => parts.every((part) => textOf(node).includes(part));
    let shown = 0;
    let clearedShown = 0;
    for (const card of cards) {
      const fits =
        (want.v.length === 0 || want.v.includes(card.dataset.v)) &&
        (!want.r || words(card, "r").includes(want.r)) &&
        (!want.l || words(card, "l").includes(want.l)) &&
        (!want.d || card.dataset.d === want.d) &&
        (parts.length === 0 || has(card));
      card.hidden = !fits;
      if (fits && isCleared(card)) clearedShown += 1;
      else if (fits) shown += 1;
    }
    // Rows know their text only: other filters leave none of them.
    const other = Boolean(want.r || want.l || want.d);
    let rowsShown = 0;
    for (const row of rows) {
      const verdict = row.closest("section.group").id;
      const fits = !other && (want.v.length === 0 || want.v.includes(verdict)) && (parts.length === 0 || has(row));
      row.hidden = !fits;
      rowsShown += fits ? 1 : 0;
    }
    for (const group of groups) {
      const left = all("article.shipment:not([hidden]), details.rows tbody tr:not([hidden])", group).length;
      group.hidden = left === 0;
      const count = group.querySelector(".group-count");
      count.textContent = want.q || want.v.length > 0 || other ? `${left} of ${counts.get(group)}` : counts.get(group);
    }
    if (parts.length > 0) {
      for (const table of all("details.rows")) {
        const hits = all("tbody tr:not([hidden])", table).length;
        if (hits > 0 && hits <= 50) table.open = true;
      }
    }
    const filtered = want.q || want.v.length > 0 || other;
    status.textContent = filtered
      ? `${shown} of ${flagged} flagged shown` +
        (cleared > 0 ? `, ${clearedShown} of ${cleared} cleared by decision` : "") +
        (rows.length > 0 ? `, ${rowsShown} of ${rows.length} table rows` : "")
      : `${flagged} flagged` + (cleared > 0 ? `, ${cleared} cleared by decision` : "");
    status.classList.toggle("filtered", Boolean(filtered));
    if (clearedTitle) clearedTitle.hidden = clearedShown === 0;
    none.hidden = shown + clearedShown + rowsShown > 0 || !filtered;
  };

  // The filter stands in the address, so that a view can be sent to a colleague.
  const write = () => {
    const want = read();
    const query = new URLSearchParams();
    for (const [key, value] of Object.entries(want)) {
      if (value.length > 0) query.set(key, String(value));
    }
    const text = query.toString();
    history.replaceState(null, "", text ? "#?" + text : "#");
  };
  const restore = () => {
    if (!location.hash.startsWith("#?")) return false;
    const query = new URLSearchParams(location.hash.slice(2));
    form.elements.q.value = query.get("q") || "";
    const verdicts = (query.get("v") || "").split(",");
    for (const box of all("input[name=v]", form)) box.checked = verdicts.includes(box.value);
    for (const name of ["r", "l", "d"]) form.elements[name].value = query.get(name) || "";
    return true;
  };
  const reveal = () => {
    const target = location.hash.length > 1 && !location.hash.startsWith("#?") && document.getElementById(location.hash.slice(1));
    if (!target) return;
    for (let node = target; node; node = node.parentElement) {
      if (node.tagName === "DETAILS") node.open = true;
    }
    const inside = target.querySelector(":scope > details");
    if (inside) inside.open = true;
    target.scrollIntoView();
  };

  let timer = 0;
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => { write(); apply(); }, 120);
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(() => { write(); apply(); }, 0));
  none.querySelector("a").addEventListener("click", (event) => { event.preventDefault(); form.reset(); });
  const setOpen = (open) => {
    for (const card of cards) {
      if (!card.hidden) for (const part of all("details", card)) part.open = open && !part.classList.contains("more");
    }
  };
  const actions = { open: () => setOpen(true), close: () => setOpen(false), print: () => window.print() };
  for (const button of all("button[data-do]", form)) {
    button.addEventListener("click", () => actions[button.dataset.do]());
  }

  // On paper everything that is shown is open.
  let closed = [];
  window.addEventListener("beforeprint", () => {
    closed = all("details:not([open])");
    for (const part of closed) part.open = true;
  });
  window.addEventListener("afterprint", () => {
    for (const part of closed) part.open = false;
  });
  window.addEventListener("hashchange", () => { if (restore()) apply(); else reveal(); });

  form.hidden = false;
  const sent = restore();
  apply();
  if (sent) form.scrollIntoView();
  else reveal();
})();
