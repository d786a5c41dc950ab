/* Waypost map, part 3: symbols of places, our own drawing on a 24 x 24 grid, white on a plate.
   The plate tells the family (square: crossing, circle: service, ...); its fill and the mark tell the
   status, so that open, restricted and closed differ without colour. */
"use strict";
(function () {
  /* symbols.json, which printed sheets read too, stands before this part. */
  const { glyphs: GLYPHS, plates: PLATES, status: STATUS, sectors: SECTORS, single: SINGLE } = waypost.symbolTable;

  /* "crossing-land-open", "service-health", "site", "incident", "sar-air"; anything else is a dot. */
  function meaning(symbol) {
    const [family, kind, status] = String(symbol).split("-");
    if (family === "crossing")
      return { plate: "square", glyph: ["land", "sea", "air"].includes(kind) ? kind : "other", ...(STATUS[status] || STATUS.unknown) };
    if (family === "service")
      return { plate: "circle", glyph: SECTORS[kind] ? kind : "other", fill: SECTORS[kind] || SECTORS.other, ink: "#fff" };
    return SINGLE[symbol] || { plate: "circle", glyph: "other", fill: SECTORS.other, ink: "#fff" };
  }

  function draw(pen, look) {
    const plate = new Path2D(PLATES[look.plate]);
    pen.lineJoin = pen.lineCap = "round";
    pen.lineWidth = 3;
    pen.strokeStyle = "#fff";
    pen.stroke(plate);
    pen.fillStyle = look.fill;
    pen.fill(plate);
    pen.lineWidth = look.mark === "dashed" ? 1.8 : 1;
    pen.strokeStyle = look.mark === "dashed" ? "#4a555e" : "rgba(0,0,0,.55)";
    if (look.mark === "dashed") pen.setLineDash([3.2, 2.6]);
    pen.stroke(plate);
    pen.setLineDash([]);
    pen.strokeStyle = look.ink;
    pen.lineWidth = 2;
    pen.save();
    if (look.low) pen.translate(0, 3);
    pen.stroke(new Path2D(GLYPHS[look.glyph]));
    pen.restore();
    if (look.mark === "half") mark(pen, "M1.500 22.500h21l0-4.500H1.500z", look.ink, true);
    if (look.mark === "cross") {
      mark(pen, "M3.500 3.500l17 17M20.500 3.500l-17 17", "#9d1c2e", false, 5);
      mark(pen, "M3.500 3.500l17 17M20.500 3.500l-17 17", "#fff", false, 2.6);
    }
  }

  function mark(pen, path, colour, filled, width) {
    pen.fillStyle = pen.strokeStyle = colour;
    pen.lineWidth = width || 1;
    if (filled) pen.fill(new Path2D(path));
    else pen.stroke(new Path2D(path));
  }

  const kept = new Map();

  /* A small canvas with the symbol, drawn once per size. */
  waypost.symbol = function (symbol, size) {
    const ratio = waypost.pixelRatio(), key = `${symbol}|${size}|${ratio}`;
    if (!kept.has(key)) {
      const canvas = document.createElement("canvas"), pen = canvas.getContext("2d");
      canvas.width = canvas.height = Math.ceil((size + 4) * ratio);
      pen.scale((size * ratio) / 24, (size * ratio) / 24);
      pen.translate(48 / size, 48 / size);
      draw(pen, meaning(symbol));
      kept.set(key, canvas);
    }
    return kept.get(key);
  };
})();
