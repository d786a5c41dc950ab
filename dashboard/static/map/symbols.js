/* Waypost map, part 3: symbols of places, our own drawing on a 24 x 24 grid, white on a plate.
   The plate tells the family (square: crossing, circle: service, ...); its fill and the mark tell the
   status, so that open, restricted and closed differ without colour. */
"use strict";
(function () {
  /* Paths are stroked unless they are listed as filled. */
  const GLYPHS = {
    land: "M5 18V9.5M19 18V9.5M5 11h14M9 11l-2.5 3M14 11l-2.5 3M19 11l-2.5 3",
    sea: "M12 6v12M9 9h6M6 13.5c.5 3 3 4.5 6 4.5s5.5-1.500 6-4.500M12 6a1.300 1.300 0 1 0 0-.1",
    air: "M12 4.500v15M12 10.500l-7 4M12 10.500l7 4M12 17.500l-2.800 2M12 17.500l2.800 2",
    health: "M12 6v12M6 12h12",
    shelter: "M5 12.500 12 6l7 6.500M7.500 11v7h9v-7",
    food: "M6 12h12c0 4-2.500 6-6 6s-6-2-6-6M9.500 9c-1-1.200 1-1.800 0-3M13.500 9c-1-1.200 1-1.800 0-3",
    wash: "M12 5c3 4 5 6.300 5 9a5 5 0 0 1-10 0c0-2.700 2-5 5-9z",
    protection: "M12 5l6 2v5c0 3.500-2.500 6-6 7.500C8.500 18 6 15.500 6 12V7z",
    education: "M12 7.500v10.500M12 7.500C10 6 7.500 6 5 6.500V17c2.500-.5 5-.5 7 1M12 7.500c2-1.500 4.500-1.500 7-1V17c-2.500-.5-5-.5-7 1",
    logistics: "M6 8.500 12 5.500l6 3v7l-6 3-6-3zM6 8.500l6 3 6-3M12 11.500v7",
    other: "M12 9.500a2.500 2.500 0 1 0 .01 0z",
    site: "M4.500 18 12 6.500 19.500 18zM12 11.500 9.500 18M12 11.500l2.500 6.500",
    incident: "M12 8v5.500M12 16.500v.2",
    boat: "M5 14h14l-2.500 4.500h-9zM12 14V5.500M12 6.500l5 5h-5",
    helicopter: "M4.500 7h15M12 7v3M7.500 14a4.500 4 0 0 1 4.500-4c3 0 5.500 2 6 5.500h-8a2.500 2.500 0 0 1-2.500-1.500zM7.500 13 4 11.500M8 18.500h9",
    truck: "M4 8h9v8H4zM13 11h4l3 3v2h-7M7.500 17.800a1 1 0 1 0 .01 0zM16.500 17.800a1 1 0 1 0 .01 0z",
  };
  const PLATES = {
    square: "M4 1.500h16A2.500 2.500 0 0 1 22.500 4v16a2.500 2.500 0 0 1-2.500 2.500H4A2.500 2.500 0 0 1 1.500 20V4A2.500 2.500 0 0 1 4 1.500z",
    circle: "M12 1a11 11 0 1 0 .01 0z",
    tent: "M12 1.500 23.500 22H.5z",
    diamond: "M12 0 24 12 12 24 0 12z",
    hexagon: "M12 .5 22.500 6.250v11.500L12 23.500 1.500 17.750V6.250z",
  };
  /* fill, glyph colour; a mark lies over the glyph. */
  const STATUS = {
    open: { fill: "#0b6b57", ink: "#fff" },
    restricted: { fill: "#f2b134", ink: "#1b1b1b", mark: "half" },
    closed: { fill: "#9d1c2e", ink: "#fff", mark: "cross" },
    unknown: { fill: "#fff", ink: "#4a555e", mark: "dashed" },
  };
  const SECTORS = {
    health: "#b3243c", shelter: "#7a4b12", food: "#8a5a00", wash: "#0a6aa6", protection: "#5b3d91",
    education: "#2d6a2d", logistics: "#41505c", other: "#5d6770",
  };
  const SINGLE = {
    site: { plate: "tent", glyph: "other", fill: "#2b4c7e", ink: "#fff", low: true },
    landmark: { plate: "circle", glyph: "other", fill: "#26323b", ink: "#fff" },
    incident: { plate: "diamond", glyph: "incident", fill: "#c2410c", ink: "#fff" },
    "sar-sea": { plate: "hexagon", glyph: "boat", fill: "#12436d", ink: "#fff" },
    "sar-air": { plate: "hexagon", glyph: "helicopter", fill: "#12436d", ink: "#fff" },
    "sar-land": { plate: "hexagon", glyph: "truck", fill: "#12436d", ink: "#fff" },
  };

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
