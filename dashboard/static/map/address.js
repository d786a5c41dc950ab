/* Waypost map, part 9b: where the map stands, written into the address of the page and told to the server.
   Neither runs the page: a link copied now opens this picture, a sheet made now prints it. */
"use strict";
(function () {
  const REST_MS = 250, LOOK_MS = 2000;

  function around() {
    try {
      return window.parent !== window && window.parent.location.pathname ? window.parent : null;
    } catch {
      return null;
    }
  }

  waypost.Address = class {
    constructor(map) {
      Object.assign(this, { map, page: around(), path: around()?.location.pathname });
      map.on("moveend resize", () => this._soon());
      if (this.page) setInterval(() => this._write(), LOOK_MS);
    }

    /* Under which secret to tell; empty: the map of a wall screen or of a file, which tells nobody. */
    use(secret) {
      this.secret = secret;
      this._soon();
    }

    _soon() {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => (this._write(), this._tell()), REST_MS);
    }

    get view() {
      const { lat, lng } = this.map.getCenter().wrap();
      return [lat.toFixed(3), lng.toFixed(3), this.map.getZoom()].join(",");
    }

    /* Only while the page is still the one that the map was made for. */
    _write() {
      const { page, path, secret } = this;
      if (!page || !secret || !this.map._loaded || page.location.pathname !== path) return;
      const { search, hash } = page.location, said = `view=${encodeURIComponent(this.view)}`;
      const there = /(^\?|&)view=[^&]*/.exec(search);
      const next = there ? search.replace(there[0], there[1] + said) : `${search ? `${search}&` : "?"}${said}`;
      if (next !== search) page.history.replaceState(page.history.state, "", path + next + hash);
    }

    _tell() {
      const size = this.map.getSize(), said = `${this.view},${size.x},${size.y}`;
      if (!this.page || !this.secret || !size.x || !size.y) return;
      const asked = `/waypost/stands/${this.secret}?at=${encodeURIComponent(said)}`;
      if (asked !== this.asked) fetch((this.asked = asked), { method: "POST", keepalive: true }).catch(() => (this.asked = ""));
    }
  };
})();
