/* Waypost map, part 10: the stage. The folium map is built once; every change arrives in apply(). */
"use strict";
(function () {
  let stage = null;

  const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
  const rounded = ({ lat, lng }, zoom) => [Number(lat.toFixed(5)), Number(lng.toFixed(5)), zoom];

  /* Reads or writes; a browser that forbids storage only forgets the view. */
  function memory(key, value) {
    try {
      if (value === undefined) return JSON.parse(sessionStorage.getItem(key));
      sessionStorage.setItem(key, JSON.stringify(value));
    } catch {
      // forgotten
    }
    return null;
  }

  class Stage {
    /* A stage with a leader is the second of two maps side by side. */
    constructor(map, leader) {
      Object.assign(this, { map, leader, state: {}, outlines: new Map() });
      for (const [name, level] of Object.entries(waypost.panes))
        Object.assign(map.createPane(name).style, { zIndex: level, pointerEvents: "none" });
      map.attributionControl.setPrefix("");
      this.selection = L.layerGroup().addTo(map);
      this.sketch = L.layerGroup().addTo(map);
      this.scale = new L.WaypostScale({ position: "bottomleft" }).addTo(map);
      this._furnish(map.getContainer());
      this.label = new waypost.Label(map.getContainer());
      if (!leader) {
        this.pulse = new waypost.Pulse(map.getContainer(), () => this._catchUp());
        waypost.watchSize(map);
        waypost.watchPrint();
        this.address = new waypost.Address(map);
        map.on("resize", () => this._refit());
      }
      if (waypost.isTouch()) waypost.calmTouch(map, () => (this.state.texts ? this.state.texts.two_fingers : ""));
      map.on("click", ({ latlng }) => this._pick(latlng));
      map.on("mousemove", ({ latlng, containerPoint }) => this._hover(latlng, containerPoint));
      map.on("mouseout movestart zoomstart", () => this._hideTip());
      map.on("moveend", () => this._remember());
    }

    _furnish(container) {
      this.tip = waypost.element("div", "waypost-tip");
      this.voice = waypost.element("div", "waypost-voice");
      this.voice.setAttribute("aria-live", "polite");
      container.append(this.tip, this.voice, waypost.element("div", "waypost-cross"), waypost.element("div", "waypost-focus"));
      container.setAttribute("role", "application");
      const keys = (used) => () => container.classList.toggle("waypost-keys", used);
      L.DomEvent.on(container, "pointerdown", keys(false));
      L.DomEvent.on(container, "keydown keyup", keys(true));
      L.DomEvent.on(container, "keydown", (event) => {
        if (event.key === "Enter" && event.target === container) this._pick(this.map.getCenter(), true);
      });
    }

    apply(next) {
      const before = this.state, theme = waypost.themes[next.dark ? "dark" : "light"];
      this.state = next;
      this._view(next);
      if (!same(before.ground, next.ground)) this._ground(next.ground, theme);
      if (before.dark !== next.dark) this._dress(theme, next);
      this._hexes(next.hexes, theme);
      this._outlines(next.outlines, theme);
      this.places = this.places || new L.WaypostPlaces(theme, next.texts).addTo(this.map);
      if (!same(before.places, next.places)) this.places.setStates(next.places);
      this._drawing(before, next);
      this.label.say(next.label);
      this.map.getContainer().classList.toggle("waypost-bare", Boolean(next.bare));
      if (next.bare) this.map.dragging.enable();
      this._twin(next, theme);
      if (!same(before.texts, next.texts)) this._speak(next.texts);
    }

    /* The second map: same view, same places, another date. */
    _twin(next) {
      if (this.leader) return;
      if (!next.twin) {
        if (!this.other) return;
        this.unlink();
        this.other.map.getContainer().remove();
        this.other.map.remove();
        this.other = void document.body.classList.remove("waypost-split");
        this.map.invalidateSize();
        return;
      }
      if (!this.other) this._open();
      this.other.apply({ ...next, ...next.twin, twin: null, name: "", draw: false, drawn: [] });
    }

    _open() {
      const frame = waypost.element("div", "waypost-twin"), { minZoom, maxZoom } = this.map.options;
      document.body.append(frame);
      document.body.classList.add("waypost-split");
      this.map.invalidateSize({ animate: false });
      const map = L.map(frame, { minZoom, maxZoom, zoomControl: false, trackResize: false });
      this.other = new Stage(map, this);
      map.setView(this.map.getCenter(), this.map.getZoom(), { animate: false });
      this.unlink = waypost.link(this.map, map);
    }

    /* The server is there again: what failed is asked for once more. */
    _catchUp() {
      for (const each of [this, this.other]) if (each && each.hexes) each.hexes.redraw();
      for (const each of [this, this.other]) if (each && each.basemap) each.basemap.again();
      if (this.places) this.places.again();
    }

    /* Words change in place; from the right to the left the controls change sides, the map does not. */
    _speak(texts) {
      const { map, scale, tool, places, basemap } = this, container = map.getContainer(), zoom = map.zoomControl;
      const rtl = texts.direction === "rtl", start = rtl ? "right" : "left", end = rtl ? "left" : "right";
      container.lang = texts.language;
      container.classList.toggle("waypost-rtl", rtl);
      if (!this.leader) document.body.classList.toggle("waypost-mirrored", rtl);
      container.setAttribute("aria-label", texts.map);
      [this.tip.dir, this.voice.dir, this.label.node.dir] = [texts.direction, texts.direction, texts.direction];
      if (this.pulse) this.pulse.texts = texts;
      for (const control of [zoom, tool])
        if (control && control.getPosition() !== `top${start}`) control.setPosition(`top${start}`);
      scale.setPosition(`bottom${start}`);
      map.attributionControl.setPosition(`bottom${end}`);
      if (zoom) for (const [button, text] of [[zoom._zoomInButton, texts.zoom_in], [zoom._zoomOutButton, texts.zoom_out]]) {
        button.title = text;
        button.setAttribute("aria-label", text);
      }
      for (const told of [scale, tool, places, basemap]) if (told) told.setTexts(texts);
    }

    /* The browser keeps its view. Python's is taken at the start and at each new turn of Python's. A link
       without a view means the one that this tab had, else all of the operation on this screen. */
    _view({ name, view, turn, area, stands }) {
      if (this.leader) return;
      const first = this.turn === undefined, known = first && name && !view && memory(`waypost.${name}`);
      if (first || turn !== this.turn) {
        const use = view || (Array.isArray(known) ? known : null);
        if (use) this.map.setView([use[0], use[1]], use[2], { animate: !first });
        else this._fit(area);
      }
      this.turn = turn || 0;
      this.address.use(stands);
      this._remember();
    }

    _fit([west, south, east, north]) {
      const map = this.map.fitBounds([[south, west], [north, east]], { animate: false });
      this.fitted = { area: [west, south, east, north], centre: map.getCenter(), zoom: map.getZoom() };
    }

    /* The frame gets its size late, or another one: all of the operation again, unless somebody moved. */
    _refit() {
      if (!this.fitted) return;
      const { area, centre, zoom } = this.fitted, { map } = this;
      const moved = map.project(centre, zoom).distanceTo(map.project(map.getCenter(), zoom));
      if (map.getZoom() !== zoom || moved > 3) this.fitted = null;
      else this._fit(area);
    }

    _remember() {
      if (this.state.name) memory(`waypost.${this.state.name}`, rounded(this.map.getCenter(), this.map.getZoom()));
    }

    /* Who drew the ground is text, though Leaflet takes HTML. */
    _ground(ground, theme) {
      const credit = (text) => waypost.element("i", "", text).innerHTML, { attributionControl: says } = this.map;
      if (this.basemap) this.basemap.setGround(ground);
      else this.basemap = new L.WaypostBasemap(ground, theme).addTo(this.map);
      for (const text of this.credits || []) says.removeAttribution(text);
      this.credits = (ground ? [ground.credit, ground.tiles_credit] : []).filter(Boolean).map(credit);
      for (const text of this.credits) says.addAttribution(text);
    }

    _dress(theme, { dark }) {
      const container = this.map.getContainer();
      container.classList.toggle("waypost-dark", dark);
      for (const layer of [this.basemap, this.hexes, this.places, ...this.outlines.values()])
        if (layer) layer.setTheme(theme);
    }

    _hexes(state, theme) {
      if (!state) {
        if (this.hexes) this.hexes.remove();
        this.hexes = null;
      } else {
        const { selected, max_zoom: maxDataZoom, ...rest } = state;
        if (!this.hexes) {
          this.hexes = new L.WaypostHexes(rest, theme, { maxDataZoom }).addTo(this.map);
          this.hexes.on("tileerror", () => (this.leader || this).pulse.ask());
        }
        else if (!same(this.hexes._state(), rest)) this.hexes.setState(rest);
      }
      this._outline((state && state.selected) || []);
    }

    _outlines(states, theme) {
      const wanted = states.map(({ url }) => url);
      for (const [url, layer] of this.outlines)
        if (!wanted.includes(url)) {
          layer.remove();
          this.outlines.delete(url);
        }
      for (const url of wanted)
        if (!this.outlines.has(url)) this.outlines.set(url, new L.WaypostOutlines(url, theme).addTo(this.map));
    }

    _drawing(before, { draw, drawn, texts }) {
      if (draw && !this.tool)
        this.tool = new L.WaypostDraw(this.sketch, texts, { position: texts.direction === "rtl" ? "topright" : "topleft" }).addTo(this.map);
      if (!draw && this.tool) this.tool = void this.tool.remove();
      if (this.tool) this.tool.options.report = (...what) => this._report(...what);
      if (this.tool && !this.tool.active && !same(before.drawn, drawn))
        this.tool.show(drawn.map(([lon, lat]) => L.latLng(lat, lon)));
      if (!draw) this.sketch.clearLayers();
      if (!draw && drawn.length)
        L.polygon(drawn.map(([lon, lat]) => [lat, lon]), { pane: "waypost-sketch", interactive: false, color: "#7b3294", weight: 2.5, fillOpacity: 0.06 })
          .addTo(this.sketch);
    }

    _outline(ring) {
      this.selection.clearLayers();
      if (!ring.length) return;
      for (const [color, weight] of [["#fff", 5.5], ["#111820", 2.5]])
        L.polygon(ring, { pane: "waypost-selection", interactive: false, fill: false, color, weight }).addTo(this.selection);
    }

    /* A place lies over the hexagon below it. */
    _hit(latlng) {
      return (this.places && this.places.hit(latlng)) || (this.hexes && this.hexes.hit(latlng)) || null;
    }

    _pick(latlng, told = false) {
      if (this.tool && this.tool.active) return;
      const hit = this._hit(latlng);
      if (!hit && told) this._sayNothing();
      if (!hit) return;
      this._hideTip();
      this.quiet = hit.lines.join();
      if (hit.open) return hit.open();
      if (hit.ring) this._outline(hit.ring);
      if (hit.select) hit.select();
      this.voice.textContent = hit.lines.join(", ");
      if (this.leader) this.leader._report(this.leader.selection, hit.latlng, hit.feature);
      else this._report(hit.layer, hit.latlng, hit.feature);
    }

    /* Who chose by keyboard is told that nothing lies there: seen, and heard again each time. */
    _sayNothing() {
      const nothing = { lines: [this.state.texts.nothing] }, { x, y } = this.map.getSize();
      this.voice.textContent = "";
      setTimeout(() => (this.voice.textContent = nothing.lines[0]), 60);
      this._showTip(nothing, { x: x / 2, y: y / 2 });
    }

    /* streamlit-folium listens for "click" on every layer of the map and sends layer.toGeoJSON(). */
    _report(layer, latlng, feature) {
      const view = rounded(this.map.getCenter().wrap(), this.map.getZoom());
      this._remember();
      const sent = { ...feature, properties: { ...feature.properties, view, at: Date.now() } };
      layer.fire("click", { latlng, layer: { toGeoJSON: () => sent } });
    }

    _hover(latlng, at) {
      cancelAnimationFrame(this.frame);
      this.frame = requestAnimationFrame(() => {
        const hit = this.tool && this.tool.active ? null : this._hit(latlng);
        this.map.getContainer().classList.toggle("waypost-over", Boolean(hit));
        if (!hit || hit.lines.join() !== this.quiet) this.quiet = null; // what was clicked stands in the panel
        if (hit && this.quiet === null) this._showTip(hit, at);
        else this._hideTip();
      });
    }

    _showTip({ lines, details }, at) {
      this.tip.replaceChildren(
        ...lines.filter(Boolean).map((line, i) => waypost.element("div", i ? "waypost-tip-note" : "waypost-tip-title", line)),
        ...(details || []).map(([name, value]) => {
          const row = waypost.element("div", "waypost-tip-row");
          row.append(waypost.element("span", "", name), waypost.element("b", "", value));
          return row;
        }),
      );
      this.tip.classList.add("waypost-shown");
      const size = this.map.getSize(), { offsetWidth: width, offsetHeight: height } = this.tip;
      const left = Math.max(4, Math.min(at.x - width / 2, size.x - width - 4));
      const top = at.y - height - 16 > 4 ? at.y - height - 16 : at.y + 22;
      this.tip.style.transform = `translate(${Math.round(left)}px, ${Math.round(top)}px)`;
    }

    _hideTip() {
      cancelAnimationFrame(this.frame);
      this.tip.classList.remove("waypost-shown");
    }
  }

  waypost.start = (map) => {
    stage = waypost.stage = new Stage(map);
  };
  waypost.apply = (text) => stage.apply(JSON.parse(text));
})();
