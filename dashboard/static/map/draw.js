/* Waypost map, part 7: drawing one polygon, and the scale bar. */
"use strict";
(function () {
  const CLOSE_PX = L.Browser.mobile ? 24 : 14;
  const SAME_PX = 5;
  const MOST_CORNERS = 200;

  const BUTTON = "M5 7 12 3.500 20 9 17 20 6 17z"; // a polygon

  /* Click or tap adds a corner; double click, Enter or the first corner closes; Backspace takes a
     corner back; Esc ends. Fires "click" on its layer with the polygon. */
  L.WaypostDraw = L.Control.extend({
    options: { position: "topleft" },

    initialize(layer, texts, options) {
      L.setOptions(this, options);
      Object.assign(this, { _layer: layer, _texts: texts, _corners: [], active: false });
    },

    onAdd(map) {
      this._map = map;
      const bar = waypost.element("div", "leaflet-bar waypost-draw"), button = waypost.element("button", "waypost-button");
      const icon = document.createElementNS("http://www.w3.org/2000/svg", "svg");
      const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
      icon.setAttribute("viewBox", "0 0 24 24");
      path.setAttribute("d", BUTTON);
      icon.append(path);
      button.type = "button";
      button.title = this._texts.draw;
      button.setAttribute("aria-label", this._texts.draw);
      button.append(icon);
      bar.append(button);
      L.DomEvent.disableClickPropagation(bar);
      L.DomEvent.on(button, "click", () => (this.active ? this.stop() : this.start()));
      this._button = button;
      return bar;
    },

    onRemove() {
      this.stop();
    },

    setTexts(texts) {
      this._texts = texts;
      this._button.title = texts.draw;
      this._button.setAttribute("aria-label", texts.draw);
    },

    start() {
      this.active = true;
      this._corners = [];
      this._layer.clearLayers();
      this._hint = waypost.element("div", "waypost-hint", this._texts.draw_hint);
      this._map.getContainer().append(this._hint);
      this._listen("on");
      this._map.doubleClickZoom.disable();
      this._dress(true);
      this._map.getContainer().focus();
    },

    stop() {
      if (!this.active) return;
      this.active = false;
      this._hint.remove();
      this._listen("off");
      this._dress(false);
      this._layer.clearLayers();
      setTimeout(() => this._map && this._map.doubleClickZoom.enable(), 300);
    },

    finish() {
      const corners = this._corners;
      this.stop();
      if (corners.length < 3) return;
      this.show(corners);
      const ring = [...corners, corners[0]].map((corner) => [corner.lng, corner.lat]);
      this.options.report(this._layer, L.latLngBounds(corners).getCenter(), {
        type: "Feature",
        geometry: { type: "Polygon", coordinates: [ring] },
        properties: { kind: "drawn" },
      });
    },

    show(corners) {
      this._layer.clearLayers();
      if (corners.length) this._outline(L.polygon, corners, { fillOpacity: 0.06 });
    },

    _listen(way) {
      this._map[way]("click", this._click, this);
      this._map[way]("dblclick", this.finish, this);
      this._map[way]("mousemove", this._follow, this);
      L.DomEvent[way](this._map.getContainer(), "keydown", this._key, this);
    },

    _dress(active) {
      this._map.getContainer().classList.toggle("waypost-drawing", active);
      this._button.classList.toggle("waypost-active", active);
      this._button.setAttribute("aria-pressed", String(active));
    },

    _near(a, b, pixels) {
      return this._map.latLngToLayerPoint(a).distanceTo(this._map.latLngToLayerPoint(b)) < pixels;
    },

    _click({ latlng }) {
      const corners = this._corners;
      if (corners.length > 2 && this._near(latlng, corners[0], CLOSE_PX)) return this.finish();
      if (corners.length && this._near(latlng, corners[corners.length - 1], SAME_PX)) return;
      if (corners.length < MOST_CORNERS) corners.push(latlng);
      this._sketch();
    },

    _follow({ latlng }) {
      if (this._corners.length) this._sketch(latlng);
    },

    _key(event) {
      if (event.key === "Escape") this.stop();
      else if (event.key === "Enter") this.finish();
      else if (event.key === "Backspace") {
        this._corners.pop();
        this._sketch();
      } else return;
      L.DomEvent.stop(event);
    },

    _sketch(pointer) {
      this._layer.clearLayers();
      this._outline(L.polyline, pointer ? [...this._corners, pointer] : this._corners, { dashArray: "4 4" });
      this._corners.forEach((corner, i) =>
        L.circleMarker(corner, {
          pane: "waypost-sketch", interactive: false, radius: i ? 4 : 7, color: "#fff", weight: 2, fillColor: "#7b3294", fillOpacity: 1,
        }).addTo(this._layer),
      );
    },

    _outline(shape, corners, options) {
      const common = { pane: "waypost-sketch", interactive: false, fillColor: "#7b3294" };
      shape(corners, { ...common, color: "#fff", weight: 5, fillOpacity: 0 }).addTo(this._layer);
      shape(corners, { ...common, color: "#7b3294", weight: 2.5, ...options }).addTo(this._layer);
    },
  });

  /* Kilometres and nautical miles. */
  L.WaypostScale = L.Control.Scale.extend({
    options: { maxWidth: 110 },

    setTexts(texts) {
      this._texts = texts;
      this._update();
    },

    _updateMetric(metres) {
      if (!this._texts) return;
      const round = this._getRoundNum(metres), { kilometres, metres: small } = this._texts;
      this._updateScale(this._mScale, round < 1000 ? `${round} ${small}` : `${round / 1000} ${kilometres}`, round / metres);
    },

    _updateImperial(metres) {
      if (!this._texts) return;
      const miles = metres / 1852, round = miles >= 1 ? this._getRoundNum(miles) : Math.ceil(miles * 10) / 10;
      this._updateScale(this._iScale, `${round} ${this._texts.nautical_miles}`, round / miles);
    },
  });
})();
