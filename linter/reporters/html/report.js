"use strict";
// Reads the data block and draws with textContent alone: nothing that a scanned file says is ever parsed as HTML.
(() => {
  const SEVERITIES = ["critical", "high", "medium", "low", "info"];
  const CHUNK = 100;
  const data = JSON.parse(document.getElementById("data").textContent);
  const root = document.documentElement;
  const $ = (selector, from = document) => from.querySelector(selector);
  const $$ = (selector, from = document) => [...from.querySelectorAll(selector)];
  root.classList.add("js");

  const make = (tag, attributes = {}, ...children) => {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (name === "onclick") node.addEventListener("click", value);
      else if (value !== null && value !== false) node.setAttribute(name, value === true ? "" : value);
    }
    node.append(...children.filter((child) => child !== null && child !== ""));
    return node;
  };
  const plural = (count, word) => `${count.toLocaleString("en")} ${word}${count === 1 ? "" : "s"}`;
  const badge = (severity) => make("span", { class: `badge s-${severity}` }, severity);

  // ---- theme
  const preferred = matchMedia("(prefers-color-scheme: dark)");
  const theme = (name) => { root.dataset.theme = name; };
  theme(preferred.matches ? "dark" : "light");
  preferred.addEventListener("change", (event) => theme(event.matches ? "dark" : "light"));
  const themeButton = $("#theme");
  themeButton.hidden = false;
  themeButton.addEventListener("click", () => theme(root.dataset.theme === "dark" ? "light" : "dark"));

  // ---- tabs: plain links to sections, so they work without this script too
  const panels = $$("main section.panel");
  const show = (id, focus = false) => {
    const chosen = panels.find((panel) => panel.id === id) || panels[0];
    for (const panel of panels) panel.classList.toggle("current", panel === chosen);
    for (const link of $$("nav.tabs a")) {
      if (link.hash === `#${chosen.id}`) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
    if (focus) $("h2", chosen).focus();
  };
  for (const link of $$("nav.tabs a")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      history.replaceState(null, "", link.hash);
      show(link.hash.slice(1), true);
      if (root.scrollTop > $("nav.tabs").offsetTop) scrollTo({ top: $("nav.tabs").offsetTop });
    });
  }

  // ---- findings
  for (const item of data.findings) {
    const rule = data.rules[item.rule] || {};
    item.workload = (item.subject || "").split("#")[0] || item.path;
    item.category = rule.category || "";
    item.text = [item.message, item.rule, item.path, item.subject, item.evidence, rule.title, item.severity, item.category,
      (rule.standards || []).join(" "), (rule.aliases || []).join(" ")].join("\n").toLowerCase();
  }
  const rank = (item) => SEVERITIES.indexOf(item.severity);
  const confidence = { high: 0, medium: 1, low: 2 };
  const order = (a, b) => rank(a) - rank(b) || confidence[a.confidence] - confidence[b.confidence] || a.index - b.index;
  data.findings.forEach((item, index) => { item.index = index; });
  const sorted = [...data.findings].sort(order);

  const search = $("#search");
  const accepted = $("#accepted");
  const category = $("#category");
  const list = $("#list");
  const state = { rule: "", path: "", id: "" };

  const chosenSeverities = () => new Set($$("input[name=severity]:checked").map((input) => input.value));
  const matching = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const severities = chosenSeverities();
    return sorted.filter((item) =>
      (accepted.checked || item.status === "active")
      && (!severities.size || severities.has(item.severity))
      && (!category.value || item.category === category.value)
      && (!state.rule || item.rule === state.rule)
      && (!state.path || item.path === state.path)
      && (!state.id || item.id === state.id)
      && words.every((word) => item.text.includes(word)));
  };

  const GROUPS = {
    rule: { key: (item) => item.rule, name: (key) => (data.rules[key] || {}).title || key, hint: (key) => key },
    path: { key: (item) => item.path, name: (key) => key },
    workload: { key: (item) => item.workload, name: (key) => key },
    severity: { key: (item) => item.severity, name: (key) => key },
  };

  const counts = (items) => {
    const span = make("span", { class: "muted" });
    const parts = SEVERITIES.map((severity) => [severity, items.filter((item) => item.severity === severity).length]);
    const several = parts.filter(([, count]) => count);
    if (several.length > 1) span.textContent = several.map(([severity, count]) => `${count} ${severity}`).join(", ");
    return span;
  };

  const code = (text) => {
    // a rule's prose may hold `inline code`
    const pieces = text.split("`");
    if (pieces.length % 2 === 0) return [text];
    return pieces.map((piece, index) => (index % 2 ? make("code", {}, piece) : piece));
  };

  const excerptOf = (item) => {
    const box = make("pre", { class: "excerpt", tabindex: "0", "aria-label": `Lines of ${item.path}` });
    item.excerpt.lines.forEach((line, index) => {
      const number = item.excerpt.first + index;
      const span = item.marks[index];
      const row = make("div", span ? { class: "hit" } : {}, make("span", { class: "no" }, String(number)));
      if (span) row.append(line.slice(0, span[0]), make("mark", {}, line.slice(span[0], span[1])), line.slice(span[1]));
      else row.append(line);
      box.append(row);
    });
    return box;
  };

  const definition = (dl, term, ...content) => {
    if (content.length) dl.append(make("dt", {}, term), make("dd", {}, ...content));
  };
  const references = (dl, rule) => {
    const names = [...(rule.standards || []), ...(rule.aliases || [])];
    if (names.length) definition(dl, "Known as", ...names.map((name) => make("span", { class: "chip" }, name)));
    const links = rule.links || [];
    if (links.length) {
      definition(dl, "Read", ...links.flatMap((url) => [make("a", { href: url, rel: "noopener noreferrer" }, url), make("br")]));
    }
  };
  // A group by rule has told what its findings share
  const detailOf = (item, by) => {
    const rule = by === "rule" ? {} : data.rules[item.rule] || {};
    const box = make("div", { class: "detail" });
    if (item.excerpt) box.append(excerptOf(item));
    else if (item.evidence) box.append(make("pre", { class: "excerpt", tabindex: "0" }, make("div", {}, item.evidence)));
    const dl = make("dl");
    if (item.status !== "active") definition(dl, "Accepted", `${item.status}${item.reason ? `: ${item.reason}` : ""}`);
    if (rule.why) definition(dl, "Why", ...code(rule.why));
    if (rule.fix) definition(dl, "Fix", ...code(rule.fix));
    if (item.fix) definition(dl, "Autofix", ...code(item.fix));
    for (const other of item.related || []) definition(dl, "See also", make("code", {}, other.place), ` ${other.message}`);
    if (item.subject) definition(dl, "In", make("code", {}, item.subject));
    if (item.instances) definition(dl, "Instances", ...item.instances.map((name) => make("code", { class: "chip" }, name)));
    definition(dl, "Rule", make("button", { class: "link mono", type: "button", onclick: () => only({ rule: item.rule }) }, item.rule),
      ` ${item.severity}, confidence ${item.confidence}${item.origin ? `, said by ${item.origin}` : ""}`);
    references(dl, rule);
    definition(dl, "Identity", make("a", { href: `#f-${item.id}`, class: "mono" }, item.id));
    box.append(dl);
    return box;
  };

  const findingOf = (item, by) => {
    const place = by === "path" ? `${item.line}:${item.column}` : `${item.path}:${item.line}`;
    const node = make("details", { class: `finding${item.status === "active" ? "" : " accepted"}`, id: `f-${item.id}` },
      make("summary", {}, badge(item.severity), make("span", { class: "text" }, item.message), make("span", { class: "place" }, place)));
    node.addEventListener("toggle", () => {
      if (node.open && !$(".detail", node)) node.append(detailOf(item, by));
    });
    return node;
  };

  const watcher = new IntersectionObserver((entries) => {
    for (const entry of entries) if (entry.isIntersecting) entry.target.click();
  }, { rootMargin: "600px" });
  // Adds items a chunk at a time, as the reader comes near the end
  const fill = (box, items, draw, from = 0) => {
    const end = Math.min(from + CHUNK, items.length);
    box.append(...items.slice(from, end).map(draw));
    if (end < items.length) {
      const more = make("button", { class: "more", type: "button" }, `Show more (${(items.length - end).toLocaleString("en")} left)`);
      more.addEventListener("click", () => { watcher.unobserve(more); more.remove(); fill(box, items, draw, end); });
      box.append(more);
      watcher.observe(more);
    }
  };

  const groupOf = (key, items, by, open) => {
    const spec = GROUPS[by];
    const worst = items[0].severity;
    const summary = make("summary", {}, badge(worst), make("span", { class: "name" }, spec.name(key)),
      spec.hint ? make("code", { class: "muted" }, spec.hint(key)) : null, counts(items), make("span", { class: "count" }, String(items.length)));
    const node = make("details", { class: "group" }, summary);
    const build = () => {
      if (node.dataset.built) return;
      node.dataset.built = "yes";
      const rule = by === "rule" ? data.rules[key] : null;
      if (rule) {
        const dl = make("dl");
        if (rule.why) definition(dl, "Why", ...code(rule.why));
        if (rule.fix) definition(dl, "Fix", ...code(rule.fix));
        references(dl, rule);
        if (dl.childElementCount) node.append(make("div", { class: "about detail" }, dl));
      }
      fill(node, items, (item) => findingOf(item, by));
    };
    node.addEventListener("toggle", () => { if (node.open) build(); });
    node.build = build;
    if (open) { node.open = true; build(); }
    return node;
  };

  const grouping = () => $("input[name=group]:checked").value;
  const draw = () => {
    const items = matching();
    const by = grouping();
    const groups = new Map();
    for (const item of items) {
      const key = GROUPS[by].key(item);
      if (!groups.has(key)) groups.set(key, []);
      groups.get(key).push(item);
    }
    const entries = [...groups.entries()].sort(([, a], [, b]) => rank(a[0]) - rank(b[0]) || b.length - a.length);
    watcher.disconnect();
    let shown = 0;
    list.replaceChildren();
    fill(list, entries.map((entry, index) => [...entry, index]), ([key, found, index]) => {
      const open = index === 0 || (entries.length <= 12 && shown < 40);
      shown += found.length;
      return groupOf(key, found, by, open);
    });
    if (!items.length) list.append(make("p", { class: "nothing" }, data.findings.length ? "No finding matches." : "No findings."));
    const filters = [state.rule && `rule ${state.rule}`, state.path && `file ${state.path}`, state.id && "the one linked to"].filter(Boolean);
    $("#shown").textContent = `${plural(items.length, "finding")} in ${plural(groups.size, "group")}${filters.length ? `, only ${filters.join(" and ")}` : ""}`;
    $("#reset").hidden = !(filters.length || search.value || category.value || chosenSeverities().size);
  };

  let pending = 0;
  const soon = () => { clearTimeout(pending); pending = setTimeout(draw, 80); };
  search.addEventListener("input", soon);
  $("#toolbar").addEventListener("submit", (event) => event.preventDefault());
  for (const input of $$("#toolbar input:not([type=search]), #toolbar select")) input.addEventListener("change", draw);
  const reset = () => {
    search.value = "";
    category.value = "";
    Object.assign(state, { rule: "", path: "", id: "" });
    for (const input of $$("input[name=severity]")) input.checked = false;
  };
  $("#reset").addEventListener("click", () => { reset(); draw(); search.focus(); });
  const only = (filter) => {
    reset();
    Object.assign(state, { rule: filter.rule || "", path: filter.path || "" });
    if (filter.category) category.value = filter.category;
    for (const input of $$("input[name=severity]")) input.checked = input.value === filter.severity;
    history.replaceState(null, "", "#findings");
    show("findings", true);
    draw();
  };
  for (const button of $$("[data-only]")) {
    button.disabled = false;
    button.addEventListener("click", () => only({ [button.dataset.only]: button.dataset.value }));
  }
  const expandAll = (most) => {
    for (const group of $$(".group", list)) {
      if ($$(".finding", list).length >= most) break;
      group.build();
      group.open = true;
    }
    for (let more = $(".more", list); more && $$(".finding", list).length < most; more = $(".more", list)) more.click();
    for (const finding of $$(".finding", list).slice(0, most)) {
      const item = byId.get(finding.id.slice(2));
      if (item && !$(".detail", finding)) finding.append(detailOf(item, grouping()));
      finding.open = true;
    }
  };
  const byId = new Map(data.findings.map((item) => [item.id, item]));
  $("#expand").addEventListener("click", () => expandAll(300));
  addEventListener("beforeprint", () => { theme("light"); expandAll(500); });
  addEventListener("keydown", (event) => {
    if (event.key === "/" && !/^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName)) {
      event.preventDefault();
      show("findings");
      search.focus();
    }
  });

  const arrive = () => {
    const hash = decodeURIComponent(location.hash.slice(1));
    const item = hash.startsWith("f-") ? byId.get(hash.slice(2)) : null;
    show(item ? "findings" : hash || document.body.dataset.start);
    if (!item) return;
    reset();
    if (item.status !== "active") accepted.checked = true;
    state.id = item.id;
    draw();
    for (const group of $$(".group", list)) { group.build(); group.open = true; }
    const node = document.getElementById(hash);
    if (node) { node.open = true; node.scrollIntoView({ block: "center" }); $("summary", node).focus({ preventScroll: true }); }
  };
  addEventListener("hashchange", arrive);
  draw();
  const first = $(".group[open] .finding", list);
  if (first) { first.append(detailOf(byId.get(first.id.slice(2)), grouping())); first.open = true; }
  arrive();
  root.dataset.ready = "yes";
})();
