/* Waypost map, part 5: lines and areas from GeoJSON, projected once and painted on a canvas. */
"use strict";
(function () {
  const BEND_PX = 0.6; // points nearer than this to the last one are left out

  /* Sides that only close a polygon at the edge of its file must not look like a coast. */
  function isCut([lon0, lat0], [lon1, lat1], [west, south, east, north]) {
    const on = (a, b, side) => Math.abs(a - side) < 1e-6 && Math.abs(b - side) < 1e-6;
    return on(lon0, lon1, west) || on(lon0, lon1, east) || on(lat0, lat1, south) || on(lat0, lat1, north);
  }

  function boundsOf(lines) {
    const box = [Infinity, Infinity, -Infinity, -Infinity];
    for (const line of lines)
      for (const [lon, lat] of line) {
        box[0] = Math.min(box[0], lon);
        box[1] = Math.min(box[1], lat);
        box[2] = Math.max(box[2], lon);
        box[3] = Math.max(box[3], lat);
      }
    return box;
  }

  function linesOf({ type, coordinates }) {
    if (type === "LineString") return [coordinates];
    if (type === "MultiLineString" || type === "Polygon") return coordinates;
    return type === "MultiPolygon" ? coordinates.flat() : [];
  }

  function project(line, closed, edge, properties) {
    const flat = new Float64Array(2 * line.length), cut = new Uint8Array(line.length);
    const box = [Infinity, Infinity, -Infinity, -Infinity];
    line.forEach(([lon, lat], i) => {
      const [x, y] = waypost.mercator(lat, lon);
      flat.set([x, y], 2 * i);
      if (closed && i && isCut(line[i - 1], line[i], edge)) cut[i] = 1;
      box[0] = Math.min(box[0], x);
      box[1] = Math.min(box[1], y);
      box[2] = Math.max(box[2], x);
      box[3] = Math.max(box[3], y);
    });
    return { flat, cut, box, closed, properties };
  }

  waypost.shapes = {
    /* {lines, edge}: projected lines, and the box in degrees that the file covers. */
    read(collection) {
      const features = (collection && collection.features) || [];
      const edge = (collection && collection.bbox) || boundsOf(features.flatMap((f) => linesOf(f.geometry)));
      const lines = features.flatMap((feature) => {
        const closed = feature.geometry.type.endsWith("Polygon");
        return linesOf(feature.geometry).map((line) => project(line, closed, edge, feature.properties || {}));
      });
      return { lines, edge };
    },

    /* Adds the lines in view to the current path; stroke leaves out the sides of the file's edge. */
    trace(context, lines, view, stroke) {
      for (let world = Math.floor(view.box[0]); world <= Math.floor(view.box[2]); world++)
        this.traceIn(context, lines, view, world, stroke);
    },

    traceIn(context, lines, view, world, stroke) {
      for (const line of lines) {
        const [west, north, east, south] = line.box;
        if (east + world < view.box[0] || west + world > view.box[2] || south < view.box[1] || north > view.box[3]) continue;
        this._line(context, line, view, world, stroke);
      }
    },

    _line(context, { flat, cut, closed }, view, world, stroke) {
      let lastX = Infinity, lastY = Infinity, down = false;
      for (let i = 0; i < cut.length; i++) {
        const x = (flat[2 * i] + world) * view.size - view.x, y = flat[2 * i + 1] * view.size - view.y;
        const jump = stroke && cut[i], corner = cut[i] || cut[i + 1];
        if (!corner && down && i < cut.length - 1 && Math.abs(x - lastX) < BEND_PX && Math.abs(y - lastY) < BEND_PX) continue;
        if (down && !jump) context.lineTo(x, y);
        else context.moveTo(x, y);
        [lastX, lastY, down] = [x, y, true];
      }
      if (closed && !stroke) context.closePath();
    },
  };

  const OUTLINES = {
    route: (theme) => [{ color: theme.paper, width: 6 }, { color: "#0a6aa6", width: 3 }],
    road: (theme) => [{ color: theme.border, width: 1.4 }],
    track: (theme) => [{ color: theme.ink, width: 1.2, dash: [6, 3] }],
    area: (theme) => [{ color: theme.border, width: 1.1, dash: [1.5, 3] }],
    zone: () => [{ color: "#7b3294", width: 2, dash: [8, 4] }],
    line: (theme) => [{ color: theme.border, width: 1.8 }],
    selected: (theme) => [{ color: theme.paper, width: 6 }, { color: "#7b3294", width: 3 }],
    gap: () => [{ color: "#b3243c", width: 2.4, dash: [2, 3] }],
    pattern: (theme) => [{ color: theme.paper, width: 4 }, { color: theme.planned, width: 2 }],
    effort: (theme) => [{ color: theme.paper, width: 4.5 }, { color: theme.shared, width: 2.4, dash: [7, 3] }],
    error: (theme) => [{ color: theme.paper, width: 4 }, { color: theme.marked, width: 2, dash: [3, 3] }],
  };

  /* Routes, roads and outlines; each feature names its style, an unknown style is drawn as a road. */
  L.WaypostOutlines = L.WaypostCanvas.extend({
    options: { pane: "waypost-outlines" },

    initialize(url, theme) {
      L.WaypostCanvas.prototype.initialize.call(this);
      Object.assign(this, { _theme: theme, _groups: [], _marks: new L.WaypostMarks(theme) });
      waypost.fetchJson(url).then(
        (answer) => {
          const { lines } = waypost.shapes.read(answer);
          lines.forEach((line) => line.cut.fill(0));
          this._marks.show(((answer && answer.features) || []).filter(({ geometry }) => geometry.type === "Point"));
          this._groups = Object.keys(OUTLINES).map((style) => [
            style, lines.filter(({ properties }) => (OUTLINES[properties.style] ? properties.style : "road") === style),
          ]);
          this.redraw();
        },
        (error) => console.warn(String(error)),
      );
    },

    onAdd(map) {
      L.WaypostCanvas.prototype.onAdd.call(this, map);
      this._marks.addTo(map);
    },

    onRemove(map) {
      this._marks.remove();
      L.WaypostCanvas.prototype.onRemove.call(this, map);
    },

    setTheme(theme) {
      this._marks.setTheme(theme);
      return L.WaypostCanvas.prototype.setTheme.call(this, theme);
    },

    _paint(context, view) {
      for (const [style, lines] of this._groups)
        for (const { color, width, dash } of OUTLINES[style](this._theme)) {
          context.beginPath();
          waypost.shapes.trace(context, lines, view, true);
          Object.assign(context, { strokeStyle: color, lineWidth: width, lineJoin: "round" });
          context.setLineDash(dash || []);
          context.stroke();
        }
      context.setLineDash([]);
    },
  });
})();
