/* Waypost map, part 9: what the map says about itself: its date, a lost server, how fingers move it. */
"use strict";
(function () {
  const ASK_EVERY_MS = 15000;
  const HINT_MS = 1600;

  /* The date that is drawn, and what is missing at that date. Always text. */
  waypost.Label = class {
    constructor(container) {
      this.node = waypost.element("div", "waypost-label");
      container.append(this.node);
    }

    say(text) {
      this.node.textContent = text || "";
      this.node.hidden = !text;
    }
  };

  /* Asks the server whether it is there; while it is not, the map shows what it has and says so. */
  waypost.Pulse = class {
    constructor(container, back) {
      Object.assign(this, { back, lost: false, seen: new Date(), texts: {} });
      this.node = waypost.element("div", "waypost-lost");
      this.node.setAttribute("role", "alert");
      this.node.hidden = true;
      container.append(this.node);
      setInterval(() => this.ask(), ASK_EVERY_MS);
      waypost.onCovered(() => this.ask());
    }

    ask() {
      if (this.asking) return;
      this.asking = true;
      const patience = AbortSignal.timeout ? AbortSignal.timeout(8000) : undefined;
      fetch("/_stcore/health", { cache: "no-store", signal: patience })
        .then((answer) => this._hear(answer.ok), () => this._hear(false))
        .finally(() => (this.asking = false));
    }

    _hear(alive) {
      if (alive) this.seen = new Date();
      const before = this.lost;
      this.lost = !alive;
      this.node.hidden = alive;
      if (!alive) waypost.uncover();
      if (!alive) this.node.textContent = (this.texts.lost || "").replace("{time}", this.seen.toTimeString().slice(0, 5));
      if (before && alive) this.back();
    }
  };

  /* When its server goes, Streamlit lays a dialog over the page and makes all below it inert, our map too.
     While our own notice stands on the map, that dialog is closed; Streamlit goes on trying by itself. */
  const DIALOG = "[data-testid=stDialog]";
  waypost.uncover = () => page()?.querySelector(`${DIALOG} button[aria-label=Close]`)?.click();

  waypost.onCovered = function (ask) {
    const body = page()?.body, look = () => page()?.querySelector(DIALOG) && ask();
    if (body) new MutationObserver(look).observe(body, { childList: true });
  };

  /* The page around the frame; null if the map stands alone or the page is not ours. */
  function page() {
    try {
      return window.parent === window ? null : window.parent.document;
    } catch {
      return null;
    }
  }

  /* On a touch screen one finger scrolls the page, two move the map. */
  waypost.calmTouch = function (map, words) {
    const container = map.getContainer(), hint = waypost.element("div", "waypost-two");
    let timer;
    container.append(hint);
    map.dragging.disable();
    L.DomEvent.on(container, "touchmove", (event) => {
      if (event.touches.length !== 1) return hint.classList.remove("waypost-shown");
      hint.textContent = words();
      hint.classList.add("waypost-shown");
      clearTimeout(timer);
      timer = setTimeout(() => hint.classList.remove("waypost-shown"), HINT_MS);
    });
  };

  waypost.isTouch = () => window.matchMedia("(pointer: coarse)").matches;

  /* The frame changes its size when its style arrives and when the page does; the centre stays. */
  waypost.watchSize = (map) => new ResizeObserver(() => map.invalidateSize({ animate: false })).observe(map.getContainer());

  /* On paper the map is a picture of what the screen shows, scaled to the width of an upright A4 sheet:
     nothing has to be fetched or cut, and a page of paper has no height that a map could fill. */
  const PAPER_PX = 680, PAPER_HIGH_PX = 620, MOST_SCALE = 1.3;

  waypost.watchPrint = function () {
    const root = document.documentElement, frame = page() && window.frameElement;
    const set = (name, value) => root.style.setProperty(`--waypost-${name}`, value);
    const before = () => {
      if (root.classList.contains("waypost-print")) return;
      const { innerWidth: wide, innerHeight: high } = window;
      const scale = Math.min(PAPER_PX / wide, PAPER_HIGH_PX / high, MOST_SCALE);
      set("wide", `${wide}px`);
      set("high", `${high}px`);
      set("scale", String(scale));
      root.classList.add("waypost-print");
      if (frame) frame.style.setProperty("--wp-print-wide", `${Math.floor(wide * scale)}px`);
      if (frame) frame.style.setProperty("--wp-print-high", `${Math.floor(high * scale)}px`);
    };
    const after = () => {
      root.classList.remove("waypost-print");
      root.style.removeProperty("--waypost-high");
    };
    for (const each of frame ? [window, window.parent] : []) {
      each.addEventListener("beforeprint", before);
      each.addEventListener("afterprint", after);
    }
  };

  /* Two maps that show the same place: the one that moves takes the other along. */
  waypost.link = function (leader, other) {
    let following = false;
    const lead = (from, to) => () => {
      if (following || from._animatingZoom) return;
      following = true;
      to.setView(from.getCenter(), from.getZoom(), { animate: false });
      following = false;
    };
    const pulls = [[leader, lead(leader, other)], [other, lead(other, leader)]];
    for (const [map, pull] of pulls) map.on("move moveend", pull);
    const settle = () => {
      following = true;
      other.invalidateSize({ pan: false, animate: false });
      other.setView(leader.getCenter(), leader.getZoom(), { animate: false });
      following = false;
    };
    const watch = new ResizeObserver(settle);
    watch.observe(other.getContainer());
    leader.on("resize", settle);
    return () => {
      watch.disconnect();
      leader.off("resize", settle);
      pulls.forEach(([map, pull]) => map.off("move moveend", pull));
    };
  };
})();
