/* Waypost map, part 6: land, boundaries, graticule and names, all from files of this server. */
"use strict";
(function () {
  const DEPTHS = [[0, 3], [2, 5], [4, 7], [6, Infinity]]; // squares and deepest zoom, as in dashboard/basemap/pieces.py
  const KEPT_PIECES = 200;
  const STEPS = [30, 20, 10, 5, 2, 1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005];
  const STEP_PX = 120;

  /* Lines of a piece as waypost.shapes draws them, in Mercator units. */
  function read(piece, z, x, y) {
    const { extent, towns, ...parts } = piece || { extent: 1 }, scale = 1 / (extent * 2 ** z);
    const place = (ux, uy) => [(x * extent + ux) * scale, (y * extent + uy) * scale];
    const found = { towns: [] };
    for (const [part, lines] of Object.entries(parts))
      found[part] = lines.map((moves) => line(moves, extent, place, part === "land" || part === "lakes"));
    for (const [ux, uy, rank, name] of towns || []) {
      const [px, py] = place(ux, uy);
      found.towns.push({ x: px, y: py, rank, name });
    }
    return found;
  }

  /* A side along the edge of the square is a cut, not a coast. */
  function line(moves, extent, place, closed) {
    const count = moves.length / 2 + (closed ? 1 : 0), flat = new Float64Array(2 * count), cut = new Uint8Array(count);
    const box = [Infinity, Infinity, -Infinity, -Infinity], edge = (a, b) => a === b && (a === 0 || a === extent);
    let ux = 0, uy = 0;
    for (let i = 0; i < count; i++) {
      const lastX = ux, lastY = uy, back = closed && i === count - 1;
      ux = back ? moves[0] : ux + moves[2 * i];
      uy = back ? moves[1] : uy + moves[2 * i + 1];
      if (closed && i && (edge(ux, lastX) || edge(uy, lastY))) cut[i] = 1;
      const [x, y] = place(ux, uy);
      flat.set([x, y], 2 * i);
      box[0] = Math.min(box[0], x);
      box[1] = Math.min(box[1], y);
      box[2] = Math.max(box[2], x);
      box[3] = Math.max(box[3], y);
    }
    return { flat, cut, box, closed };
  }

  /* The squares of one address, asked for when a view needs them. */
  class Pieces {
    constructor() {
      Object.assign(this, { users: [], kept: new Map(), url: "" });
    }

    setUrl(url) {
      if (url === this.url) return;
      Object.assign(this, { url, kept: new Map() });
      this.redraw();
    }

    redraw() {
      this.users.forEach((user) => user.redraw());
    }

    /* What is in a view: each square, or the nearest larger one that is here, to be cut to the square. */
    cover(view, zoom) {
      const depth = DEPTHS.findIndex(([, deepest]) => zoom <= deepest), [z] = DEPTHS[depth], n = 2 ** z, found = [];
      for (let x = Math.floor(view.box[0] * n); x <= Math.floor(view.box[2] * n); x++)
        for (let y = Math.max(0, Math.floor(view.box[1] * n)); y <= Math.min(n - 1, Math.floor(view.box[3] * n)); y++) {
          const world = Math.floor(x / n), column = x - world * n, own = this._piece(z, column, y);
          if (own) found.push({ ...own, world });
          else {
            const larger = this._larger(depth, column, y);
            if (larger) found.push({ ...larger, world, square: [x / n - world, y / n, (x + 1) / n - world, (y + 1) / n] });
          }
        }
      return found;
    }

    _piece(z, x, y) {
      const key = `${z}/${x}/${y}`;
      if (!this.url) return null;
      if (!this.kept.has(key)) {
        const { kept, url } = this;
        if (kept.size >= KEPT_PIECES) kept.delete(kept.keys().next().value);
        kept.set(key, null);
        waypost.fetchJson(url.replace("{z}", z).replace("{x}", x).replace("{y}", y)).then(
          (piece) => {
            kept.set(key, read(piece, z, x, y));
            if (kept === this.kept) this.redraw();
          },
          (error) => {
            kept.set(key, undefined); // not asked for again before again()
            console.warn(String(error));
          },
        );
      }
      return this.kept.get(key);
    }

    _larger(depth, x, y) {
      for (let i = depth - 1; i >= 0; i--) {
        const shift = DEPTHS[depth][0] - DEPTHS[i][0], piece = this.kept.get(`${DEPTHS[i][0]}/${x >> shift}/${y >> shift}`);
        if (piece) return piece;
      }
      return null;
    }

    /* What failed is asked for once more. */
    again() {
      for (const [key, piece] of this.kept) if (piece === undefined) this.kept.delete(key);
      this.redraw();
    }
  }

  const Painted = L.WaypostCanvas.extend({
    initialize(pieces, theme) {
      L.WaypostCanvas.prototype.initialize.call(this);
      Object.assign(this, { _theme: theme, _pieces: pieces });
      pieces.users.push(this);
    },

    /* Whole squares in one path, so that no seam shows where they meet. */
    _trace(context, view, part, stroke, draw) {
      const cover = this._pieces.cover(view, this._zoom).filter((piece) => piece[part]);
      context.beginPath();
      for (const piece of cover) if (!piece.square) waypost.shapes.traceIn(context, piece[part], view, piece.world, stroke);
      draw();
      for (const piece of cover.filter(({ square }) => square)) {
        const [west, north, east, south] = piece.square, { size } = view;
        context.save();
        context.beginPath();
        context.rect((west + piece.world) * size - view.x, north * size - view.y, (east - west) * size, (south - north) * size);
        context.clip();
        context.beginPath();
        waypost.shapes.traceIn(context, piece[part], view, piece.world, stroke);
        draw();
        context.restore();
      }
    },
  });

  const Land = Painted.extend({
    options: { pane: "waypost-land" },

    _paint(context, view) {
      for (const [part, colour] of [["land", this._theme.land], ["lakes", this._theme.water]]) {
        context.fillStyle = colour;
        this._trace(context, view, part, false, () => context.fill("evenodd"));
      }
      Object.assign(context, { strokeStyle: this._theme.river, lineWidth: 1 });
      this._trace(context, view, "rivers", true, () => context.stroke());
    },
  });

  /* Above the hexagons, so that one sees where the land ends. */
  const Coast = Painted.extend({
    options: { pane: "waypost-borders" },

    _paint(context, view) {
      Object.assign(context, { strokeStyle: this._theme.coast, lineWidth: 0.8 });
      for (const part of ["land", "lakes"]) this._trace(context, view, part, true, () => context.stroke());
    },
  });

  const Borders = Painted.extend({
    options: { pane: "waypost-borders" },

    _paint(context, view) {
      Object.assign(context, { strokeStyle: this._theme.border, lineWidth: 1.1 });
      for (const [part, dash] of [["settled", []], ["disputed", [5, 4]]]) {
        context.setLineDash(dash);
        this._trace(context, view, part, true, () => context.stroke());
      }
      context.setLineDash([]);
    },
  });

  const Graticule = L.WaypostCanvas.extend({
    options: { pane: "waypost-graticule" },
    _compass: ["N", "S", "E", "W"],

    setTexts({ compass }) {
      this._compass = compass.split(" ");
      this.redraw();
    },

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
        const text = x > corner.x + 60 ? degrees(turned, this._compass[2], this._compass[3], step) : "";
        found.push({ line: [x, 0, x, view.height], text, at: [x, corner.y + 4], align: ["center", "top"] });
      }
      return found;
    },

    _parallels(view, step, right) {
      const found = [];
      const { lat: north } = waypost.unmercator(0, Math.max(view.box[1], 0)), { lat: south } = waypost.unmercator(0, Math.min(view.box[3], 1));
      for (let lat = Math.ceil(south / step) * step; lat < north; lat += step) {
        const y = waypost.mercator(lat, 0)[1] * view.size - view.y;
        found.push({ line: [0, y, view.width, y], text: degrees(lat, this._compass[0], this._compass[1], step), at: [right - 4, y - 2], align: ["right", "bottom"] });
      }
      return found;
    },
  });

  function degrees(value, positive, negative, step) {
    const digits = step < 1 ? Math.ceil(-Math.log10(step) - 1e-9) : 0, text = Math.abs(value).toFixed(digits);
    if (Number(text) === 0 || Math.abs(value) === 180) return `${text}°`;
    return `${text}°${value > 0 ? positive : negative}`;
  }

  /* Where a name may stand, in pixels from its town: beside it, or clear of a symbol that lies on it. */
  const SPOTS = [[6, 0], [-6, 0], [17, 0], [-17, 0], [0, 22], [0, -22]];

  const meet = (a, b) => a[0] < b[2] && a[2] > b[0] && a[1] < b[3] && a[3] > b[1];

  const Names = Painted.extend({
    options: { pane: "waypost-labels" },

    onAdd(map) {
      Painted.prototype.onAdd.call(this, map);
      map.on("waypost-taken", this.redraw, this);
    },

    onRemove(map) {
      map.off("waypost-taken", this.redraw, this);
      Painted.prototype.onRemove.call(this, map);
    },

    _paint(context, view) {
      const marks = (this._map.waypostTaken || []).map(([mx, my, reach]) => {
        const x = mx * view.size - view.x, y = my * view.size - view.y;
        return [x - reach, y - reach, x + reach, y + reach];
      });
      const taken = [...marks];
      context.textBaseline = "middle";
      context.textAlign = "left";
      context.lineJoin = "round";
      for (const { x, y, place } of this._inView(view)) this._name(context, place, x, y, taken, marks);
    },

    _inView(view) {
      const found = [];
      for (const { towns, world, square } of this._pieces.cover(view, this._zoom))
        for (const place of towns) {
          if (place.rank > this._zoom) continue;
          if (square && (place.x < square[0] || place.x >= square[2] || place.y < square[1] || place.y >= square[3])) continue;
          const x = (place.x + world) * view.size - view.x, y = place.y * view.size - view.y;
          if (x >= 0 && y >= 0 && x <= view.width && y <= view.height) found.push({ x, y, place });
        }
      return found.sort((a, b) => a.place.rank - b.place.rank);
    },

    /* Names of higher rank come first; one that would lie over another or over a place is moved, or left out. */
    _name(context, { name, rank }, x, y, taken, marks) {
      context.font = rank <= this._zoom - 3 ? "600 12.5px system-ui, sans-serif" : "500 11.5px system-ui, sans-serif";
      const width = context.measureText(name).width, meets = (box) => (other) => meet(box, other);
      const spot = SPOTS.map(([side, down]) => [x + (side < 0 ? side - width : side > 0 ? side : -width / 2), y + down])
        .find(([left, middle]) => !taken.some(meets([left - 3, middle - 9, left + width + 4, middle + 9])));
      const dot = [x - 3, y - 3, x + 3, y + 3];
      if (!spot) return;
      taken.push([spot[0] - 3, spot[1] - 9, spot[0] + width + 4, spot[1] + 9]);
      Object.assign(context, { strokeStyle: this._theme.halo, fillStyle: this._theme.text, lineWidth: 3 });
      if (!marks.some(meets(dot))) {
        taken.push(dot);
        context.beginPath();
        context.arc(x, y, 1.9, 0, 2 * Math.PI);
        context.stroke();
        context.fill();
      }
      context.strokeText(name, ...spot);
      context.fillText(name, ...spot);
    },
  });

  /* Tiles from elsewhere, only if the deployment says so. They lie over our land, which stays where they fail;
     our names give way to theirs as long as any is there. */
  const Online = L.TileLayer.extend({
    options: { pane: "waypost-tiles" },

    onAdd(map) {
      L.TileLayer.prototype.onAdd.call(this, map);
      this.on("tileload tileerror tileunload", this._settle, this);
    },

    onRemove(map) {
      L.TileLayer.prototype.onRemove.call(this, map);
      map.getContainer().classList.remove("waypost-online");
    },

    _settle() {
      const there = Object.values(this._tiles).some(({ el }) => el.naturalWidth > 0);
      if (this._map) this._map.getContainer().classList.toggle("waypost-online", there);
    },

    setTheme() {},
  });

  /* ground: {url, tiles}, addresses with {z}, {x} and {y}: of our pieces, and of online tiles or "". */
  L.WaypostBasemap = L.LayerGroup.extend({
    initialize(ground, theme) {
      const pieces = (this._pieces = new Pieces());
      L.LayerGroup.prototype.initialize.call(this, [
        new Land(pieces, theme),
        new Coast(pieces, theme),
        (this._graticule = new Graticule().setTheme(theme)),
        new Borders(pieces, theme),
        new Names(pieces, theme),
      ]);
      this._theme = theme;
      this.setGround(ground);
    },

    onAdd(map) {
      L.LayerGroup.prototype.onAdd.call(this, map);
      this.setTheme(this._theme);
    },

    setGround(ground) {
      this._pieces.setUrl(ground ? ground.url : "");
      const tiles = ground ? ground.tiles : "";
      if (tiles === this._tiles) return;
      this._tiles = tiles;
      if (this._online) this.removeLayer(this._online);
      this._online = tiles ? new Online(tiles) : null;
      if (this._online) this.addLayer(this._online);
    },

    setTheme(theme) {
      this._theme = theme;
      if (this._map) this._map.getContainer().style.background = theme.water;
      return this.invoke("setTheme", theme);
    },

    setTexts(texts) {
      this._graticule.setTexts(texts);
    },

    again() {
      this._pieces.again();
      if (this._online) this._online.redraw();
    },
  });
})();
