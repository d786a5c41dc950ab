/* Waypost map, part 5b: marks of a page on top of all names: numbers in circles, named positions. */
"use strict";
L.WaypostMarks = L.WaypostCanvas.extend({
  options: { pane: "waypost-marks" },

  initialize(theme) {
    L.WaypostCanvas.prototype.initialize.call(this);
    Object.assign(this, { _theme: theme, _points: [] });
  },

  show(features) {
    this._points = features.map(({ geometry, properties }) => {
      const [lon, lat] = geometry.coordinates;
      return { at: waypost.mercator(lat, lon), name: String((properties && properties.name) || "") };
    });
    this.redraw();
  },

  _paint(context, view) {
    for (let world = Math.floor(view.box[0]); world <= Math.floor(view.box[2]); world++)
      for (const { at, name } of this._points)
        this._mark(context, (at[0] + world) * view.size - view.x, at[1] * view.size - view.y, name);
  },

  _mark(context, x, y, name) {
    const short = name.length < 3, { paper, ink, marked } = this._theme;
    context.beginPath();
    context.arc(x, y, short ? 10 : 5, 0, 2 * Math.PI);
    Object.assign(context, { fillStyle: paper, strokeStyle: marked, lineWidth: 2.5 });
    context.fill();
    context.stroke();
    Object.assign(context, { font: "600 12px sans-serif", textBaseline: "middle", textAlign: short ? "center" : "left" });
    Object.assign(context, { strokeStyle: paper, fillStyle: ink, lineWidth: 3 });
    if (!short) context.strokeText(name, x + 9, y);
    context.fillText(name, short ? x : x + 9, y);
  },
});
