/* Waypost map, part 4: places as symbols on one canvas, with counts where they stand too close. */
"use strict";
(function () {
  const SIZE = 22;
  const SQUARE = 60; // pixels; more than CROWD places in one square become a count
  const CROWD = 4;
  const OPEN_ZOOM = 14;

  function groups(places, view, zoom) {
    const found = new Map();
    for (const place of places) {
      const x = place.x * view.size, y = place.y * view.size;
      if (x < view.x - SIZE || y < view.y - SIZE || x > view.x + view.width + SIZE || y > view.y + view.height + SIZE)
        continue;
      const key = zoom >= OPEN_ZOOM ? place.key : Math.floor(x / SQUARE) * 1e6 + Math.floor(y / SQUARE);
      if (!found.has(key)) found.set(key, []);
      found.get(key).push(place);
    }
    return [...found.values()];
  }

  function mean(values) {
    return values.reduce((sum, value) => sum + value, 0) / values.length;
  }

  const radiusOf = (count) => 11 + 2.2 * Math.log10(count) ** 1.5;

  function bubble(places, world) {
    return { places, crowd: true, world, x: mean(places.map((p) => p.x)) + world, y: mean(places.map((p) => p.y)) };
  }

  /* Counts whose circles would touch become one; size is the width of the world in pixels. */
  waypost.merged = function (bubbles, size) {
    const kept = [];
    for (let next of [...bubbles].sort((a, b) => b.places.length - a.places.length)) {
      for (let i = 0; i < kept.length; i++) {
        const { places, world, x, y } = kept[i], reach = radiusOf(places.length) + radiusOf(next.places.length) + 2;
        if (world !== next.world || Math.hypot(x - next.x, y - next.y) * size > reach) continue;
        next = bubble([...places, ...next.places], next.world);
        kept.splice(i, 1);
        i = -1; // the larger one may touch what the smaller ones did not
      }
      kept.push(next);
    }
    return kept;
  };

  L.WaypostPlaces = L.WaypostCanvas.extend({
    options: { pane: "waypost-places" },

    initialize(theme, texts) {
      L.WaypostCanvas.prototype.initialize.call(this);
      Object.assign(this, { _theme: theme, _texts: texts, _sets: new Map(), _marks: [] });
    },

    /* states: [{kind, url, selected}], drawn in this order. Old places stay until new ones are here. */
    setStates(states) {
      const before = this._sets;
      this._sets = new Map(states.map((state) => [state.kind, { places: [], ...before.get(state.kind), ...state }]));
      const chosen = states.find((state) => state.selected);
      this._selected = chosen && `${chosen.kind} ${chosen.selected}`;
      for (const { kind, url } of states) if (!before.has(kind) || before.get(kind).url !== url) this._fetch(kind, url);
      return this.redraw();
    },

    setTexts(texts) {
      this._texts = texts;
    },

    /* Ask again for what could not be fetched. */
    again() {
      for (const { kind, url, places } of this._sets.values()) if (!places.length) this._fetch(kind, url);
    },

    _fetch(kind, url) {
      waypost.fetchJson(url).then(
        (answer) => {
          const set = this._sets.get(kind);
          if (!set || set.url !== url) return;
          set.places = ((answer && answer.places) || []).map((place) => {
            const [x, y] = waypost.mercator(place.lat, place.lon);
            return { ...place, x, y, kind, key: `${kind} ${place.id}` };
          });
          this.redraw();
        },
        (error) => console.warn(String(error)),
      );
    },

    hit(latlng) {
      const zoom = this._map.getZoom(), point = this._map.project(latlng, zoom), size = 256 * 2 ** zoom;
      let best = null, nearest = SIZE * 0.75;
      for (const found of this._marks) {
        const away = Math.hypot(found.x * size - point.x, found.y * size - point.y);
        if (away < nearest) [best, nearest] = [found, away];
      }
      if (!best) return null;
      return best.crowd ? this._crowd(best) : this._place(best.places[0]);
    },

    _place(place) {
      return {
        layer: this,
        latlng: L.latLng(place.lat, place.lon),
        lines: [place.label || place.name],
        details: place.detail || [],
        select: () => {
          this._selected = place.key;
          this.redraw();
        },
        feature: {
          type: "Feature",
          geometry: { type: "Point", coordinates: [place.lon, place.lat] },
          properties: { kind: "place", place_kind: place.kind, id: String(place.id) },
        },
      };
    },

    /* A count is no place: it opens instead of being picked. */
    _crowd({ places, x, y }) {
      const names = places.slice(0, 5).map((place) => [place.label || place.name, ""]);
      if (places.length > 5) names.push(["…", ""]);
      return {
        layer: this,
        latlng: waypost.unmercator(x, y),
        lines: [this._texts.places.replace("{count}", String(places.length))],
        details: names,
        open: () => {
          const corners = places.map((place) => [place.lat, place.lon]);
          this._map.flyToBounds(corners, { maxZoom: Math.min(this._map.getZoom() + 3, OPEN_ZOOM), padding: [40, 40], duration: 0.4 });
        },
      };
    },

    _paint(context, view) {
      const all = [...this._sets.values()].flatMap((set) => set.places), bubbles = [];
      const west = Math.floor(view.box[0]), east = Math.floor(view.box[2]);
      this._marks = [];
      for (let world = west; world <= east; world++)
        for (const places of groups(all, { ...view, x: view.x - world * view.size }, this._zoom)) {
          if (places.length > CROWD) bubbles.push(bubble(places, world));
          else for (const place of places) this._marks.push({ places: [place], x: place.x + world, y: place.y });
        }
      this._marks.push(...waypost.merged(bubbles, view.size));
      this._marks.sort((a, b) => a.y - b.y);
      for (const found of this._marks) {
        const x = found.x * view.size - view.x, y = found.y * view.size - view.y;
        if (found.crowd) this._badge(context, found.places.length, x, y);
        else this._symbol(context, found.places[0], x, y);
      }
      this._tell();
    },

    /* Names of the ground keep clear of what stands here. */
    _tell() {
      const taken = this._marks.map(({ x, y, crowd, places }) => [x, y, crowd ? radiusOf(places.length) + 2 : SIZE / 2 + 2]);
      if (String(taken) === String(this._map.waypostTaken || "")) return;
      this._map.waypostTaken = taken;
      this._map.fire("waypost-taken");
    },

    _symbol(context, place, x, y) {
      if (place.key === this._selected) {
        for (const [colour, width] of [[this._theme.paper, 6], [this._theme.ink, 3]]) {
          context.beginPath();
          context.arc(x, y, SIZE * 0.82, 0, 2 * Math.PI);
          Object.assign(context, { strokeStyle: colour, lineWidth: width });
          context.stroke();
        }
      }
      context.drawImage(waypost.symbol(place.symbol, SIZE), x - SIZE / 2 - 2, y - SIZE / 2 - 2, SIZE + 4, SIZE + 4);
    },

    _badge(context, count, x, y) {
      context.beginPath();
      context.arc(x, y, radiusOf(count), 0, 2 * Math.PI);
      Object.assign(context, { fillStyle: "#22313d", strokeStyle: "#fff", lineWidth: 2 });
      context.fill();
      context.stroke();
      Object.assign(context, { fillStyle: "#fff", font: "600 11px system-ui, sans-serif", textAlign: "center", textBaseline: "middle" });
      context.fillText(count < 10000 ? count : `${Math.round(count / 1000)}k`, x, y + 0.5);
    },
  });
})();
