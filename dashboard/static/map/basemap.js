/* Waypost map, part 6: land, boundaries, graticule and names, all from files of this server. */
"use strict";
(function () {
  const DETAIL_ZOOM = 7;
  const STEPS = [30, 20, 10, 5, 2, 1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005];
  const STEP_PX = 120;

  /* A coarse file for the world and a finer one for the area of work, asked for when first needed. */
  class Source {
    constructor(coarseUrl, detailUrl) {
      Object.assign(this, { detailUrl, users: [] });
      this._load("coarse", coarseUrl);
    }

    _load(part, url) {
      this[part] = { lines: [] };
      waypost.fetchJson(url).then(
        (answer) => {
          this[part] = waypost.shapes.read(answer);
          this.users.forEach((user) => user.redraw());
        },
        (error) => console.warn(String(error)),
      );
    }

    needDetail() {
      if (!this.detail) this._load("detail", this.detailUrl);
    }
  }

  /* The finer file replaces the coarse one inside its box; nothing is drawn twice. */
  const TwoScales = L.WaypostCanvas.extend({
    initialize(source, theme) {
      L.WaypostCanvas.prototype.initialize.call(this);
      Object.assign(this, { _theme: theme, _source: source });
      source.users.push(this);
    },

    _paint(context, view) {
      const wanted = this._zoom >= DETAIL_ZOOM;
      if (wanted) this._source.needDetail();
      const { coarse, detail } = this._source;
      if (!wanted || !detail.lines.length) return this._lines(context, coarse.lines, view);
      const box = this._boxOf(detail.edge, view);
      for (const [lines, outside] of [[coarse.lines, true], [detail.lines, false]]) {
        context.save();
        context.beginPath();
        if (outside) context.rect(0, 0, view.width, view.height);
        context.rect(...box);
        context.clip("evenodd");
        this._lines(context, lines, view);
        context.restore();
      }
    },

    _boxOf([west, south, east, north], view) {
      const [x0, y0] = waypost.mercator(north, west), [x1, y1] = waypost.mercator(south, east);
      return [x0 * view.size - view.x, y0 * view.size - view.y, (x1 - x0) * view.size, (y1 - y0) * view.size];
    },
  });

  const Land = TwoScales.extend({
    options: { pane: "waypost-land" },

    _lines(context, lines, view) {
      context.beginPath();
      waypost.shapes.trace(context, lines, view, false);
      context.fillStyle = this._theme.land;
      context.fill("evenodd");
    },
  });

  /* Above the hexagons, so that one sees where the land ends. */
  const Coast = TwoScales.extend({
    options: { pane: "waypost-borders" },

    _lines(context, lines, view) {
      context.beginPath();
      waypost.shapes.trace(context, lines, view, true);
      Object.assign(context, { strokeStyle: this._theme.coast, lineWidth: 0.8 });
      context.stroke();
    },
  });

  const Borders = TwoScales.extend({
    options: { pane: "waypost-borders" },

    _lines(context, lines, view) {
      for (const [disputed, dash] of [[false, []], [true, [5, 4]]]) {
        context.beginPath();
        waypost.shapes.trace(context, lines.filter((l) => (l.properties.kind !== "settled") === disputed), view, true);
        Object.assign(context, { strokeStyle: this._theme.border, lineWidth: 1.1 });
        context.setLineDash(dash);
        context.stroke();
      }
      context.setLineDash([]);
    },
  });

  const Graticule = L.WaypostCanvas.extend({
    options: { pane: "waypost-graticule" },

    _paint(context, view) {
      const step = STEPS.findLast((s) => (s / 360) * view.size >= STEP_PX) || STEPS[0];
      const corner = this._map.containerPointToLayerPoint([0, 0]).subtract(this._bounds.min);
      const size = this._map.getSize();
      const labels = [...this._meridians(view, step, corner), ...this._parallels(view, step, corner.x + size.x)];
      context.beginPath();
      for (const { line } of labels) {
        context.moveTo(line[0], line[1]);
        context.lineTo(line[2], line[3]);
      }
      Object.assign(context, { strokeStyle: this._theme.graticule, lineWidth: 0.5 });
      context.stroke();
      Object.assign(context, { font: "10px system-ui, sans-serif", strokeStyle: this._theme.halo, lineWidth: 2.5, fillStyle: this._theme.note });
      for (const { text, at, align } of labels) {
        [context.textAlign, context.textBaseline] = align;
        context.strokeText(text, ...at);
        context.fillText(text, ...at);
      }
    },

    _meridians(view, step, corner) {
      const found = [], east = (view.box[2] - 0.5) * 360;
      for (let lon = Math.ceil(((view.box[0] - 0.5) * 360) / step) * step; lon < east; lon += step) {
        const x = waypost.mercator(0, lon)[0] * view.size - view.x, turned = ((((lon + 180) % 360) + 360) % 360) - 180;
        const text = x > corner.x + 60 ? degrees(turned, "E", "W", step) : "";
        found.push({ line: [x, 0, x, view.height], text, at: [x, corner.y + 4], align: ["center", "top"] });
      }
      return found;
    },

    _parallels(view, step, right) {
      const found = [];
      const { lat: north } = waypost.unmercator(0, Math.max(view.box[1], 0)), { lat: south } = waypost.unmercator(0, Math.min(view.box[3], 1));
      for (let lat = Math.ceil(south / step) * step; lat < north; lat += step) {
        const y = waypost.mercator(lat, 0)[1] * view.size - view.y;
        found.push({ line: [0, y, view.width, y], text: degrees(lat, "N", "S", step), at: [right - 4, y - 2], align: ["right", "bottom"] });
      }
      return found;
    },
  });

  function degrees(value, positive, negative, step) {
    const digits = step < 1 ? Math.ceil(-Math.log10(step) - 1e-9) : 0, text = Math.abs(value).toFixed(digits);
    if (Number(text) === 0 || Math.abs(value) === 180) return `${text}°`;
    return `${text}°${value > 0 ? positive : negative}`;
  }

  const Names = L.WaypostCanvas.extend({
    options: { pane: "waypost-labels" },

    initialize(url, theme) {
      L.WaypostCanvas.prototype.initialize.call(this);
      Object.assign(this, { _theme: theme, _names: [] });
      waypost.fetchJson(url).then(
        (answer) => {
          this._names = answer.features
            .map(({ geometry: { coordinates: [lon, lat] }, properties: { name, rank } }) => {
              const [x, y] = waypost.mercator(lat, lon);
              return { x, y, name, rank };
            })
            .sort((a, b) => a.rank - b.rank);
          this.redraw();
        },
        (error) => console.warn(String(error)),
      );
    },

    _paint(context, view) {
      const taken = [];
      context.textBaseline = "middle";
      context.lineJoin = "round";
      for (let world = Math.floor(view.box[0]); world <= Math.floor(view.box[2]); world++)
        for (const place of this._names) {
          if (place.rank > this._zoom) break;
          const x = (place.x + world) * view.size - view.x, y = place.y * view.size - view.y;
          if (x < 0 || y < 0 || x > view.width || y > view.height) continue;
          this._name(context, place, x, y, taken);
        }
    },

    /* Names of higher rank come first; a name that would lie over another one is left out. */
    _name(context, { name, rank }, x, y, taken) {
      context.font = rank <= this._zoom - 3 ? "600 12.5px system-ui, sans-serif" : "500 11.5px system-ui, sans-serif";
      const width = context.measureText(name).width, box = [x - 4, y - 9, x + width + 10, y + 9];
      if (taken.some((other) => box[0] < other[2] && box[2] > other[0] && box[1] < other[3] && box[3] > other[1])) return;
      taken.push(box);
      context.beginPath();
      context.arc(x, y, 1.9, 0, 2 * Math.PI);
      Object.assign(context, { strokeStyle: this._theme.halo, fillStyle: this._theme.text, lineWidth: 3 });
      context.stroke();
      context.fill();
      context.strokeText(name, x + 6, y);
      context.fillText(name, x + 6, y);
    },
  });

  L.WaypostBasemap = L.LayerGroup.extend({
    initialize(folder, theme) {
      const land = new Source(`${folder}/land.json`, `${folder}/land_detail.json`);
      const borders = new Source(`${folder}/borders.json`, `${folder}/borders_detail.json`);
      L.LayerGroup.prototype.initialize.call(this, [
        new Land(land, theme),
        new Coast(land, theme),
        new Graticule().setTheme(theme),
        new Borders(borders, theme),
        new Names(`${folder}/places.json`, theme),
      ]);
      this._theme = theme;
    },

    onAdd(map) {
      L.LayerGroup.prototype.onAdd.call(this, map);
      this.setTheme(this._theme);
    },

    setTheme(theme) {
      this._theme = theme;
      if (this._map) this._map.getContainer().style.background = theme.water;
      return this.invoke("setTheme", theme);
    },
  });
})();
