/* Waypost map, part 2: hexagons from binary tiles (the format stands in dashboard/tiles.py). */
"use strict";
(function () {
  const UNKNOWN = 254;
  const FLUSH = 128; // one path with thousands of hexagons fills in more than linear time
  const GAPS_FROM_PX = 3.9; // smaller hexagons touch: lines between them would wash their colour out
  const SEAM_PX = 0.35;
  const EDGE_OF_WORLD = 1281.3 / 40075; // edge of resolution 0 in widths of the world
  const KEPT_TILES = 300;
  const SWAP_PATIENCE_MS = 2000;

  /* Two planes of differences, x and y, as positions: x0, y0, x1, y1... Int16 wraps as the format says. */
  function positions(plane, count, lag) {
    const flat = new Int16Array(2 * count);
    for (let axis = 0; axis < 2; axis++)
      for (let i = 0, k = axis; i < count; i++, k += 2) flat[k] = plane[axis * count + i] + (i < lag ? 0 : flat[k - 2 * lag]);
    return flat;
  }

  function parse(buffer) {
    const head = new DataView(buffer);
    const count = head.getUint32(0, true), exact = head.getUint8(5) === 1;
    const tile = { count, res: head.getUint8(4), unit: head.getUint16(6, true) };
    let at = 8;
    const take = (Type, length) => {
      const part = new Type(buffer, at, length);
      at += length * Type.BYTES_PER_ELEMENT;
      return part;
    };
    if (!exact) tile.shape = take(Int16Array, 12);
    tile.centres = positions(take(Int16Array, 2 * count), count, 1);
    tile.classes = take(Uint8Array, count);
    if (exact) {
      const counts = take(Uint8Array, count);
      tile.starts = new Uint32Array(count + 1);
      for (let i = 0; i < count; i++) tile.starts[i + 1] = tile.starts[i] + 2 * counts[i];
      tile.vertices = positions(take(Int16Array, tile.starts[count]), tile.starts[count] / 2, 6);
      for (let i = 0; i < count; i++)
        for (let k = tile.starts[i]; k < tile.starts[i + 1]; k++) tile.vertices[k] += tile.centres[2 * i + (k % 2)];
    }
    tile.byClass = new Map();
    tile.classes.forEach((cls, i) => {
      if (!tile.byClass.has(cls)) tile.byClass.set(cls, []);
      tile.byClass.get(cls).push(i);
    });
    return tile;
  }

  /* Vertices of one cell in units from the tile's corner: x0, y0, x1, y1... */
  function hexagon(tile, i) {
    if (!tile.shape) return tile.vertices.subarray(tile.starts[i], tile.starts[i + 1]);
    const x = tile.centres[2 * i], y = tile.centres[2 * i + 1];
    return Array.from(tile.shape, (offset, k) => offset + (k % 2 ? y : x));
  }

  /* Diagonal lines: told apart from every class also in greyscale and by colour-blind readers. */
  function hatch(context, theme, ratio) {
    const step = Math.round(6 * ratio), cell = document.createElement("canvas");
    cell.width = cell.height = step;
    const pen = cell.getContext("2d");
    pen.fillStyle = theme.hatchPaper;
    pen.fillRect(0, 0, step, step);
    pen.strokeStyle = theme.hatchInk;
    pen.lineWidth = 1.1 * ratio;
    for (const shift of [-step, 0, step]) {
      pen.moveTo(shift - 1, step + 1);
      pen.lineTo(shift + step + 1, -1);
    }
    pen.stroke();
    return context.createPattern(cell, "repeat");
  }

  /* One address with its look: old pixels keep their own until the new ones are ready. */
  class Edition {
    constructor(state) {
      Object.assign(this, state);
      this.kept = new Map();
    }

    load({ x, y, z }) {
      const key = `${z}/${x}/${y}`;
      if (!this.kept.has(key)) {
        if (this.kept.size >= KEPT_TILES) this.kept.delete(this.kept.keys().next().value);
        const loading = fetch(this.url.replace("{z}", z).replace("{x}", x).replace("{y}", y)).then((answer) => {
          if (answer.status === 204) return null;
          if (!answer.ok) throw new Error(`tile ${key}: ${answer.status}`);
          return answer.arrayBuffer().then(parse);
        });
        loading.catch(() => this.kept.delete(key));
        this.kept.set(key, loading);
      }
      return this.kept.get(key);
    }

    sameTiles(other) {
      return this.url === other.url;
    }
  }

  L.WaypostHexes = L.GridLayer.extend({
    options: { pane: "waypost-hexes", maxDataZoom: 13, updateWhenZooming: false, keepBuffer: 1, opacity: 0.8 },

    /* state: {url, palette, labels, unknown, title, hidden, opacity}; theme: one of waypost.themes */
    initialize(state, theme, options) {
      L.setOptions(this, options);
      this._theme = theme;
      this._edition = new Edition(state);
      this.options.opacity = state.opacity;
    },

    setState(state) {
      const next = new Edition(state), before = this._edition;
      this._edition = next;
      this.setOpacity(state.opacity);
      if (next.sameTiles(before)) {
        next.kept = before.kept;
        this._shown().forEach((tile) => tile.el.drawn && this._show(tile.el, next, tile.el.drawn.tile));
      } else this._swap(next);
      return this;
    },

    setHidden(hidden) {
      return this.setState({ ...this._state(), hidden });
    },

    setTheme(theme) {
      this._theme = theme;
      return this.setState(this._state());
    },

    createTile(coords, done) {
      const canvas = L.DomUtil.create("canvas"), edition = this._edition;
      canvas.width = canvas.height = 256 * waypost.pixelRatio();
      canvas.cut = this._cut(coords);
      edition.load(canvas.cut).then(
        (tile) => {
          const now = this._edition.sameTiles(edition) ? this._edition : edition;
          if (now === this._edition || !canvas.drawn) this._show(canvas, now, tile);
          done(null, canvas);
        },
        (error) => done(error, canvas),
      );
      return canvas;
    },

    /* The cell under a position: {edition, cls, res, latlng, ring} or null. */
    cellAt(latlng) {
      const zoom = this._tileZoom;
      if (zoom === undefined || !this._map) return null;
      const point = this._map.project(latlng, zoom);
      const record = this._tiles[`${Math.floor(point.x / 256)}:${Math.floor(point.y / 256)}:${zoom}`];
      const drawn = record && record.el.drawn;
      if (!drawn || !drawn.tile) return null;
      const { tile, edition } = drawn, cut = record.el.cut;
      const scale = tile.unit / cut.stretch;
      const x = (point.x - record.coords.x * 256) * scale + cut.left * tile.unit;
      const y = (point.y - record.coords.y * 256) * scale + cut.top * tile.unit;
      const i = this._nearest(tile, x, y);
      if (i < 0 || edition.hidden.includes(tile.classes[i])) return null;
      const place = (ux, uy) =>
        this._map.unproject(
          L.point(
            record.coords.x * 256 + (ux / tile.unit - cut.left) * cut.stretch,
            record.coords.y * 256 + (uy / tile.unit - cut.top) * cut.stretch,
          ),
          zoom,
        );
      const flat = hexagon(tile, i), ring = [];
      for (let k = 0; k < flat.length; k += 2) ring.push(place(flat[k], flat[k + 1]));
      return {
        edition, ring, cls: tile.classes[i], res: tile.res,
        latlng: place(tile.centres[2 * i], tile.centres[2 * i + 1]),
      };
    },

    hit(latlng) {
      const cell = this.cellAt(latlng);
      if (!cell) return null;
      const { edition, cls, res } = cell, centre = cell.latlng.wrap(), spot = latlng.wrap();
      return {
        layer: this,
        latlng: cell.latlng,
        ring: cell.ring,
        lines: [cls === UNKNOWN ? edition.unknown : edition.labels[cls] || "", edition.title],
        feature: {
          type: "Feature",
          geometry: { type: "Point", coordinates: [centre.lng, centre.lat] },
          properties: { kind: "hex", res, cls, spot: [spot.lng, spot.lat] },
        },
      };
    },

    _state() {
      const { kept, ...state } = this._edition;
      return state;
    },

    _shown() {
      return Object.values(this._tiles || {});
    },

    /* Where a map tile lies in its data tile: the same tile, or a part of it beyond maxDataZoom. */
    _cut({ x, y, z }) {
      const deeper = Math.max(0, z - this.options.maxDataZoom), stretch = 2 ** deeper, world = 2 ** (z - deeper);
      const column = Math.floor(x / stretch), row = Math.floor(y / stretch);
      return {
        z: z - deeper, x: ((column % world) + world) % world, y: row, stretch,
        left: ((x - column * stretch) * 256) / stretch, top: ((y - row * stretch) * 256) / stretch,
      };
    },

    /* All visible tiles change in one frame, as soon as the new ones are here. */
    _swap(next) {
      const tiles = this._shown();
      const loads = tiles.map(({ el }) => next.load(el.cut));
      const patience = new Promise((resolve) => setTimeout(resolve, SWAP_PATIENCE_MS));
      Promise.race([Promise.allSettled(loads), patience]).then(() =>
        loads.forEach((load, i) =>
          load.then(
            (tile) => this._edition.sameTiles(next) && this._show(tiles[i].el, this._edition, tile),
            () => {}, // the old pixels stay
          ),
        ),
      );
    },

    _nearest(tile, x, y) {
      const reach = tile.shape ? 1.2 * Math.hypot(tile.shape[0], tile.shape[1]) : Infinity;
      for (let i = 0; i < tile.count; i++) {
        if (Math.abs(tile.centres[2 * i] - x) > reach || Math.abs(tile.centres[2 * i + 1] - y) > reach) continue;
        if (waypost.insidePolygon(x, y, hexagon(tile, i))) return i;
      }
      return -1;
    },

    _show(canvas, edition, tile) {
      canvas.drawn = { edition, tile };
      const context = canvas.getContext("2d");
      context.clearRect(0, 0, canvas.width, canvas.height);
      if (tile) this._draw(context, canvas, edition, tile);
    },

    _draw(context, canvas, edition, tile) {
      const ratio = canvas.width / 256, { left, top, stretch } = canvas.cut;
      const scale = (ratio * stretch) / tile.unit, dx = left * stretch * ratio, dy = top * stretch * ratio;
      const radius = (EDGE_OF_WORLD / 7 ** (tile.res / 2)) * 256 * 2 ** canvas.cut.z * stretch; // at the equator, in pixels
      const gaps = radius > GAPS_FROM_PX, grow = gaps ? 1 : 1 + SEAM_PX / radius;
      context.lineWidth = 0.7 * ratio;
      for (const [cls, cells] of tile.byClass) {
        if (edition.hidden.includes(cls)) continue;
        const zero = edition.none && cls === 0; // an observed zero is a honeycomb, what nobody looked at is bare land
        context.strokeStyle = zero ? this._theme.honeycomb : this._theme.gap;
        context.fillStyle = cls === UNKNOWN ? hatch(context, this._theme, ratio) : edition.palette[cls] || "#808080";
        for (let start = 0; start < cells.length; start += FLUSH) {
          context.beginPath();
          for (const i of cells.slice(start, start + FLUSH)) this._trace(context, tile, i, grow, scale, dx, dy);
          context.fill();
          if (gaps) context.stroke();
        }
      }
    },

    _trace(context, tile, i, grow, scale, dx, dy) {
      const { shape, vertices } = tile, x = tile.centres[2 * i], y = tile.centres[2 * i + 1];
      const flat = shape || vertices, from = shape ? 0 : tile.starts[i], to = shape ? 12 : tile.starts[i + 1];
      const left = shape ? 0 : x, top = shape ? 0 : y;
      for (let k = from; k < to; k += 2) {
        const px = (x + (flat[k] - left) * grow) * scale - dx, py = (y + (flat[k + 1] - top) * grow) * scale - dy;
        if (k === from) context.moveTo(px, py);
        else context.lineTo(px, py);
      }
      context.closePath();
    },
  });
})();
