/* SPDX-License-Identifier: Apache-2.0 */
/* The whole canal over time: a map of every level, from the cisterns down to the sac, where the dataset records them. */
'use strict';
(function () {
  const T = thecasim;
  const STEPS = 254, NONE = 255, ROW = 9, TITLE = 18;
  const DECADES = 2; /* below the most that this patient has: what a steady infusion spans from tip to cisterns, and little more */
  /* Levels that the axis names, as far as the tip's own leaves room. */
  const NAMED = ['cisternal', 'c4', 't1', 't4', 't8', 't12', 'l3', 'sac'];

  function levelName(name) { return name === 'cisternal' ? 'cisterns' : name === 'sac' ? 'sac' : name.toUpperCase(); }

  /* The canal of a record, once: {low, first, step, count, bytes}; null where none was recorded. */
  function canal(data, record) {
    if (!record.c) return null;
    if (!record.canal) {
      const raw = atob(record.c[4]), bytes = new Uint8Array(raw.length);
      for (let i = 0; i < raw.length; i++) bytes[i] = raw.charCodeAt(i);
      record.canal = { low: record.c[0], high: record.c[1], first: record.c[2], step: record.c[3] || 1, count: bytes.length / data.levels.length, bytes };
    }
    return record.canal;
  }

  /* ng/mL; 0 is none or less than the least kept; null: no value. */
  function value(data, c, sample, level) {
    const byte = c.bytes[sample * data.levels.length + level];
    return byte === NONE ? null : byte === 0 ? 0 : c.low * Math.pow(c.high / c.low, (byte - 1) / (STEPS - 1));
  }

  function about(v) { return v === null ? '–' : v === 0 ? '0' : T.number(Number(v.toPrecision(2))); }

  /* What the sample nearest to a day tells of a level, in words. */
  function canalTold(data, record, day, level) {
    const c = canal(data, record);
    if (!c) return '';
    const sample = Math.max(0, Math.min(c.count - 1, Math.round((day - c.first) / c.step))), v = value(data, c, sample, level);
    const text = v === 0 && c.low !== null ? 'less than ' + about(c.low) : 'about ' + about(v);
    return 'at ' + levelName(data.levels[level]) + (record.who[5] === level ? ' (tip) ' : ' ') + text + ' ng/mL on day ' + (c.first + sample * c.step);
  }

  /* A picture of one pixel to a sample and level, the cisterns on top. */
  function picture(data, c, floor) {
    const levels = data.levels.length, canvas = document.createElement('canvas');
    canvas.width = Math.max(1, c.count);
    canvas.height = levels;
    const context = canvas.getContext('2d'), image = context.createImageData(canvas.width, levels);
    for (let k = 0; k < c.count; k++) {
      for (let level = 0; level < levels; level++) {
        const v = value(data, c, k, level), at = 4 * ((levels - 1 - level) * canvas.width + k);
        if (v === null) continue;
        const rgb = T.heatOf(v > floor ? Math.log10(v / floor) / DECADES : 0);
        for (let i = 0; i < 3; i++) image.data[at + i] = rgb[i];
        image.data[at + 3] = 255;
      }
    }
    context.putImageData(image, 0, 0);
    return canvas;
  }

  function axis(context, data, a, top, tip) {
    const rows = data.levels.length, y = (level) => top + (rows - 1 - level) * ROW + ROW / 2;
    const say = (level, text) => { context.fillText(text, a.x - 9, y(level) + 0.5); };
    context.font = '10px system-ui, sans-serif';
    context.textAlign = 'right';
    context.textBaseline = 'middle';
    context.fillStyle = T.colour('--soft');
    for (const name of NAMED) {
      const level = data.levels.indexOf(name);
      if (Math.abs(level - tip) > 1) say(level, levelName(name));
    }
    context.fillStyle = T.colour('--ink');
    context.font = '600 10px system-ui, sans-serif';
    say(tip, 'tip ' + levelName(data.levels[tip]));
    context.beginPath();
    context.moveTo(a.x - 7, y(tip) - 4);
    context.lineTo(a.x - 1, y(tip));
    context.lineTo(a.x - 7, y(tip) + 4);
    context.fill();
    context.textAlign = 'left';
  }

  /* The part of a record's picture that is in view. */
  function paint(context, map, a, v, top, height) {
    const c = map.canal, from = Math.max(v[0], c.first - c.step / 2), to = Math.min(v[1], c.first + (c.count - 0.5) * c.step);
    if (to <= from) return;
    const x = (day) => a.x + ((day - v[0]) / (v[1] - v[0])) * a.w, sample = (day) => (day - c.first) / c.step + 0.5;
    context.imageSmoothingEnabled = false;
    context.drawImage(map.picture, sample(from), 0, Math.max(1e-3, sample(to) - sample(from)), map.picture.height, x(from), top, x(to) - x(from), height);
  }

  function canalMap(host, data, all, hooks) {
    const records = all.filter((r) => r.c), rows = data.levels.length, height = rows * ROW, block = height + TITLE;
    const head = T.element('h4', { text: 'Concentration of ' + data.drug + ' along the canal' }, host);
    const each = Math.min(...records.map((r) => canal(data, r).step));
    head.append(T.element('span', { class: 'unit', text: 'ng/mL, a sample every ' + (each === 1 ? 'day' : each + ' days') + '; marked: the level at which the catheter’s tip was placed' }));
    const canvas = T.element('canvas', { class: 'heat whole', role: 'img', 'aria-label': 'Heat map of the concentration at ' + rows + ' levels from the cisterns to the sac over time, simulated; arrow keys up and down choose a level, the table below has its values' }, host);
    const most = Math.max(...records.map((r) => canal(data, r).high || 0)), floor = most / Math.pow(10, DECADES);
    T.heatScale(host, floor, most);
    const maps = records.map((record) => ({ record, canal: canal(data, record), picture: picture(data, canal(data, record), floor) }));
    const point = (event) => {
      const box = canvas.getBoundingClientRect(), a = hooks.area(), v = hooks.view(), y = event.clientY - box.top;
      const day = v[0] + ((event.clientX - box.left - a.x) / a.w) * (v[1] - v[0]), row = Math.floor(((y % block) - TITLE) / ROW);
      if (day >= v[0] && day <= v[1] && row >= 0 && row < rows) hooks.spot(day, rows - 1 - row);
    };
    canvas.addEventListener('pointermove', point);
    canvas.addEventListener('pointerdown', point);
    return function draw() {
      const a = hooks.area(), v = hooks.view(), context = T.sized(canvas, host.clientWidth, maps.length * block + 2);
      maps.forEach((map, i) => {
        const top = i * block + TITLE;
        if (all.length > 1) T.label(context, data.arms[map.record.a], a.x, top - 5);
        paint(context, map, a, v, top, height);
        context.fillStyle = T.armColour(map.record.a);
        if (all.length > 1) context.fillRect(a.x + a.w + 3, top, 3, height);
        axis(context, data, a, top, map.record.who[5]);
        context.strokeStyle = T.colour('--ink');
        context.strokeRect(a.x + 0.5, top + (rows - 1 - hooks.level()) * ROW + 0.5, a.w - 1, ROW - 1);
      });
      T.cursor(context, hooks, maps.length * block);
    };
  }

  /* Rows of the table: day, arm, then every level from the head down. */
  function canalRows(data, records) {
    const out = [], down = data.levels.map((name, level) => level).reverse();
    for (const record of records) {
      const c = canal(data, record);
      for (let k = 0; c && k < c.count; k++) {
        out.push([T.number(c.first + k * c.step), data.arms[record.a]].concat(down.map((level) => about(value(data, c, k, level)))));
      }
    }
    return out;
  }

  function canalColumns(data) { return [['day', 1], ['arm']].concat(data.levels.slice().reverse().map((name) => [levelName(name), 1])); }

  Object.assign(thecasim, { canalMap, canalTold, canalRows, canalColumns });
})();
