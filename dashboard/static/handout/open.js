/* A map in one file, last part: the page around the map. Text only ever becomes textContent. */
(async () => {
  const { told, state, box, zoom, deepest } = await book;
  const make = waypost.element, at = (id) => document.getElementById(id);
  document.documentElement.lang = told.language;
  document.documentElement.dir = told.rtl ? "rtl" : "ltr";
  document.title = told.title;

  if (told.banner) at("head").before(make("div", "banner", told.banner));
  at("title").textContent = told.title;
  const said = at("said");
  said.append(make("b", "", told.audience), ` · ${[told.date, told.release, told.late].join(" · ")}`);

  const legend = at("legend");
  if (told.layer) legend.append(make("h2", "", `${told.layer} (${told.unit})`));
  for (const { colour, kind, label } of told.legend) {
    const row = make("div", "sign"), sign = make("i", kind);
    if (colour) sign.style.background = colour;
    row.append(sign, make("span", "", label));
    legend.append(row);
  }
  for (const { title, rows } of told.signs) {
    const alone = rows.length === 1;
    if (title && !alone) legend.append(make("h3", "", title));
    const keys = make("div", "keys");
    for (const [source, words] of rows) {
      const one = make("span", "key");
      one.append(Object.assign(new Image(), { src: source, alt: "" }), make("span", "", words || title));
      keys.append(one);
    }
    legend.append(keys);
  }
  for (const note of told.notes) legend.append(make("p", "said", note));
  legend.append(make("h2", "", told.words.sources));
  for (const { text, late } of told.sources) {
    const line = make("p", "said", text);
    if (late) line.append(" ", make("span", "late", late));
    legend.append(line);
  }

  for (const { title, columns, rows } of told.tables) {
    const fold = make("details", ""), frame = make("div", "table"), table = make("table", "");
    const head = make("tr", ""), body = make("tbody", "");
    head.append(...columns.map((name) => Object.assign(make("th", "", name), { scope: "col" })));
    for (const row of rows) {
      const line = make("tr", "");
      line.append(...row.map((value) => make("td", "", value)));
      body.append(line);
    }
    const top = make("thead", "");
    top.append(head);
    table.append(top, body);
    frame.append(table);
    fold.append(make("summary", "", `${title} (${rows.length})`), frame);
    at("tables").append(fold);
  }
  at("disclaimer").textContent = told.disclaimer;

  /* Hexagons say their value, not only their class. */
  const hexes = L.WaypostHexes.prototype, { _nearest: nearest, hit } = hexes;
  const digits = new Intl.NumberFormat(told.locale, { maximumSignificantDigits: 3, numberingSystem: "latn", style: told.share ? "percent" : "decimal" });
  hexes._nearest = function (tile, x, y) {
    const i = nearest.call(this, tile, x, y);
    this._over = valuesOf.get(tile.classes.buffer)?.[i];
    return i;
  };
  hexes.hit = function (latlng) {
    const found = hit.call(this, latlng), value = this._over;
    if (found && Number.isFinite(value)) {
      const text = digits.format(value);
      found.details = [[told.words.value, told.share ? text : `${text} ${told.unit}`]];
    }
    return found;
  };

  const [west, south, east, north] = box;
  const map = L.map("map", { minZoom: zoom.least, maxZoom: zoom.most, maxBounds: [[south, west], [north, east]], maxBoundsViscosity: 1, attributionControl: true });
  waypost.start(map);
  waypost.apply(JSON.stringify(state));
  document.documentElement.dataset.ready = String(deepest);
})();
