/* Waypost map, part 1: what all parts share. No part reads text as HTML: strings become textContent. */
"use strict";
window.waypost = {
  themes: {
    light: {
      water: "#d8e5ec", land: "#eae6dc", coast: "#66808e", river: "#a9c3d0", border: "#5c6770", graticule: "rgba(70,92,106,.35)", note: "#56656f",
      text: "#26323b", halo: "rgba(255,255,255,.9)", ink: "#111820", paper: "#ffffff",
      hatchPaper: "#f4f5f6", hatchInk: "#6a747c", gap: "rgba(255,255,255,.45)", honeycomb: "rgba(70,92,106,.32)",
      planned: "#0a6aa6", shared: "#7b3294", marked: "#b3243c",
    },
    dark: {
      water: "#0d141a", land: "#18212a", coast: "#6d808d", river: "#35505f", border: "#93a1ac", graticule: "rgba(170,190,204,.28)", note: "#9fb0bb",
      text: "#e3eaef", halo: "rgba(13,20,26,.9)", ink: "#ffffff", paper: "#0d141a",
      hatchPaper: "#2a3640", hatchInk: "#b4c1ca", gap: "rgba(13,20,26,.4)", honeycomb: "rgba(190,205,216,.24)",
      planned: "#6cbcf0", shared: "#d3a6ec", marked: "#ff8a9c",
    },
  },

  /* Bottom to top; all let the pointer through, the stage finds what lies under it. */
  panes: {
    "waypost-land": 150, "waypost-tiles": 160, "waypost-hexes": 220, "waypost-borders": 320, "waypost-graticule": 330,
    "waypost-outlines": 350, "waypost-selection": 380, "waypost-labels": 410, "waypost-places": 420,
    "waypost-marks": 460,
    "waypost-sketch": 480,
  },

  pixelRatio: () => Math.min(window.devicePixelRatio || 1, 2),

  /* Web Mercator, 0 to 1 from the north-west. */
  mercator(lat, lon) {
    const sine = Math.sin((Math.max(-85.05, Math.min(85.05, lat)) * Math.PI) / 180);
    return [lon / 360 + 0.5, 0.5 - Math.atanh(sine) / (2 * Math.PI)];
  },

  unmercator: (x, y) =>
    L.latLng((Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180) / Math.PI, (x - 0.5) * 360),

  fetchJson: (url) =>
    fetch(url).then((answer) => {
      if (answer.status === 204) return null;
      if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
      return answer.json();
    }),

  element(tag, className, text) {
    const node = document.createElement(tag);
    if (className) node.className = className;
    if (text !== undefined) node.textContent = text;
    return node;
  },

  insidePolygon(x, y, flat) {
    let inside = false;
    for (let i = 0, j = flat.length - 2; i < flat.length; j = i, i += 2) {
      const [xi, yi, xj, yj] = [flat[i], flat[i + 1], flat[j], flat[j + 1]];
      if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) inside = !inside;
    }
    return inside;
  },
};

/* A canvas over the view that moves with the map and is painted again when the map rests.
   Subclasses write _paint(context, view): view.x and view.y are the Mercator position of the canvas
   corner in world pixels, view.size the width of the world, view.box the canvas in Mercator units. */
L.WaypostCanvas = L.Renderer.extend({
  options: { padding: 0.25 },

  _initContainer() {
    this._container = L.DomUtil.create("canvas", "waypost-canvas");
    this._context = this._container.getContext("2d");
  },

  _destroyContainer() {
    cancelAnimationFrame(this._frame);
    this._container.remove();
    delete this._container;
  },

  _update() {
    if (this._map._animatingZoom && this._bounds) return;
    L.Renderer.prototype._update.call(this);
    const size = this._bounds.getSize(), ratio = waypost.pixelRatio();
    Object.assign(this._container, { width: size.x * ratio, height: size.y * ratio });
    Object.assign(this._container.style, { width: `${size.x}px`, height: `${size.y}px` });
    L.DomUtil.setPosition(this._container, this._bounds.min);
    this._repaint();
  },

  redraw() {
    if (!this._map || !this._container) return this;
    cancelAnimationFrame(this._frame);
    this._frame = requestAnimationFrame(() => this._map && !this._map._animatingZoom && this._repaint());
    return this;
  },

  setTheme(theme) {
    this._theme = theme;
    return this.redraw();
  },

  _repaint() {
    const ratio = waypost.pixelRatio(), context = this._context, size = this._bounds.getSize();
    const corner = this._map.getPixelOrigin().add(this._bounds.min);
    const world = 256 * 2 ** this._zoom;
    const box = [corner.x / world, corner.y / world, (corner.x + size.x) / world, (corner.y + size.y) / world];
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, size.x, size.y);
    this._paint(context, { x: corner.x, y: corner.y, size: world, box, width: size.x, height: size.y });
  },

  _updatePaths() {},
  _onZoomEnd() {},
});
