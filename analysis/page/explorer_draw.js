/* SPDX-License-Identifier: Apache-2.0 */
/* The explorer's pictures: line charts by dygraphs, and beside them what it does not draw: lanes of flags and strips of heat. */
'use strict';
(function () {
  const T = thecasim;
  /* Series, heading, unit; whether it is drawn in steps; whether its axis may begin above 0. */
  const CHARTS = [
    ['dose_ug', 'Dose that left the catheter tip', 'µg/day', true],
    ['ashworth_latent', 'Effect: latent tone on the Ashworth scale', 'points', false],
    ['reservoir_ml', 'Usable volume in the reservoir', 'mL', false],
    ['lumbar_ng_per_ml', 'In lumbar CSF', 'ng/mL', false],
    ['loaded_v', 'Cell of the pump: voltage under the motor’s load', 'V', false, true]
  ];
  /* From the head down. */
  const STRIPS = [
    ['cisternal_ng_per_ml', 'Cisternal CSF', 1], ['effect_site_ng_per_ml', 'Effect site, behind the cord', -1],
    ['tip_ng_per_ml', 'Near the catheter tip', 0], ['lumbar_ng_per_ml', 'Lumbar CSF', -1]
  ];
  /* Cividis (Nuñez and others 2018, PLoS ONE 13:e0199239): even in lightness, and read alike by colour-blind readers. */
  const HEAT = [[0, 34, 78], [53, 69, 108], [102, 105, 112], [148, 142, 119], [200, 184, 102], [254, 232, 56]];
  const STRIP = 13, LABEL = 16, LANE = 22, DECADES = 3;

  function colour(name) { return getComputedStyle(document.documentElement).getPropertyValue(name).trim(); }
  function armColour(arm) { return colour('--c' + (Math.min(arm, 5) + 1)); }

  function heatOf(share) {
    const at = Math.max(0, Math.min(1, share)) * (HEAT.length - 1), i = Math.min(HEAT.length - 2, Math.floor(at)), f = at - i;
    return HEAT[i].map((v, k) => Math.round(v + (HEAT[i + 1][k] - v) * f));
  }
  function heat(share) { return 'rgb(' + heatOf(share).join(',') + ')'; }

  function element(tag, attributes, parent) {
    const e = document.createElement(tag);
    for (const key in attributes) {
      if (key === 'text') e.textContent = attributes[key]; else e.setAttribute(key, attributes[key]);
    }
    if (parent) parent.appendChild(e);
    return e;
  }

  /* Rows of dygraphs: [x, [low, middle, high] or null of each arm]. */
  function rows(data, records, key) {
    const by = new Map();
    records.forEach((record, column) => {
      for (const p of T.unpack(data, record, data.place[key])) {
        if (!by.has(p.x)) by.set(p.x, [p.x].concat(records.map(() => null)));
        if (p.low !== null) by.get(p.x)[column + 1] = [p.low, T.middle(p), p.high];
      }
    });
    return [...by.values()].sort((a, b) => a[0] - b[0]);
  }

  function chart(host, data, records, spec, hooks) {
    element('h4', { text: spec[1] }, host).append(element('span', { class: 'unit', text: spec[2] }));
    const box = element('div', { class: 'chart', 'data-series': spec[0] }, host);
    const table = rows(data, records, spec[0]);
    if (table.length === 0) { box.textContent = 'No value.'; return null; }
    return new Dygraph(box, table, {
      labels: ['day'].concat(records.map((r) => data.arms[r.a])), customBars: true, stepPlot: spec[3], legend: 'never',
      colors: records.map((r) => armColour(r.a)), strokeWidth: 1.75, fillAlpha: 0.22, includeZero: !spec[4], animatedZooms: false,
      gridLineColor: colour('--grid'), axisLineColor: colour('--line'), axisLabelFontSize: 11, highlightCircleSize: 3,
      dateWindow: hooks.view(), xRangePad: 0, rightGap: 12,
      digitsAfterDecimal: 4, axes: { y: { axisLabelWidth: 44, pixelsPerLabel: 26 }, x: { axisLabelFormatter: (x) => String(Math.round(x * 100) / 100), pixelsPerLabel: 64 } },
      drawCallback: hooks.drawn, highlightCallback: (event, x) => hooks.day(x)
    });
  }

  function sized(canvas, width, height) {
    const ratio = window.devicePixelRatio || 1, context = canvas.getContext('2d');
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    canvas.style.width = width + 'px';
    canvas.style.height = height + 'px';
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    return context;
  }

  function cursor(context, hooks, height) {
    const day = hooks.cursor(), a = hooks.area(), v = hooks.view();
    if (day === null || day < v[0] || day > v[1]) return;
    context.fillStyle = colour('--ink');
    context.globalAlpha = 0.55;
    context.fillRect(a.x + ((day - v[0]) / (v[1] - v[0])) * a.w, 0, 1, height);
    context.globalAlpha = 1;
  }

  function label(context, text, x, y) {
    context.fillStyle = colour('--soft');
    context.font = '11px system-ui, sans-serif';
    context.textBaseline = 'alphabetic';
    context.fillText(text, x, y);
  }

  /* The legend of what is drawn in heat, from `floor` to `most`. */
  function heatScale(host, floor, most) {
    const scale = element('div', { class: 'scale' }, host);
    element('span', { text: 'at most ' + T.number(floor) }, scale);
    element('i', { style: 'background:linear-gradient(90deg,' + HEAT.map((c) => 'rgb(' + c.join(',') + ')').join(',') + ')' }, scale);
    element('span', { text: T.number(most) + ' ng/mL, logarithmic' }, scale);
  }

  /* The strips: places along the canal from the head down, each arm's below one another; logarithmic, three decades below the
     most that this patient has anywhere. Only places that the dataset records are shown: nothing is drawn between them. */
  function heatMap(host, data, records, hooks) {
    const head = element('h4', { text: 'Concentration of ' + data.drug + ' along the canal' }, host);
    head.append(element('span', { class: 'unit', text: 'ng/mL' }));
    const canvas = element('canvas', { class: 'heat', role: 'img', 'aria-label': 'Heat map of the concentration at four places over time; the table below has its values' }, host);
    const all = STRIPS.map((strip) => records.map((r) => T.unpack(data, r, data.place[strip[0]])));
    let most = 0;
    for (const strip of all) for (const points of strip) for (const p of points) if (p.high !== null) most = Math.max(most, p.high);
    const floor = most / Math.pow(10, DECADES);
    heatScale(host, floor, most);
    const who = records[0].who;
    const name = (strip) => strip[1] + (strip[2] === 0 ? ', ' + T.number(who[3]) + ' cm above the end of the sac'
      : strip[2] === 1 ? ', above ' + T.number(who[4]) + ' cm' : '');
    return function draw() {
      const a = hooks.area(), v = hooks.view(), height = STRIPS.length * (LABEL + records.length * (STRIP + 1)) + 2;
      const context = sized(canvas, host.clientWidth, height), half = data.days / 2;
      STRIPS.forEach((strip, i) => {
        const top = i * (LABEL + records.length * (STRIP + 1));
        label(context, name(strip), a.x, top + 12);
        records.forEach((record, k) => {
          const y = top + LABEL + k * (STRIP + 1);
          context.fillStyle = armColour(record.a);
          if (records.length > 1) context.fillRect(a.x - 6, y, 3, STRIP);
          for (const p of all[i][k]) {
            if (p.high === null || p.x + half < v[0] || p.x - half > v[1]) continue;
            const from = Math.max(0, (p.x - half - v[0]) / (v[1] - v[0])), to = Math.min(1, (p.x + half - v[0]) / (v[1] - v[0]));
            context.fillStyle = heat(p.high > floor ? Math.log10(T.middle(p) / floor) / DECADES : 0);
            context.fillRect(a.x + from * a.w, y, Math.max(1, (to - from) * a.w + 0.5), STRIP);
          }
        });
      });
      cursor(context, hooks, height);
    };
  }

  /* The lanes of flags. Where the pointer is near one, it is told; the table below has them all. */
  function flags(host, data, events, leftOut, hooks) {
    const head = element('h4', { text: 'Events and decisions' }, host);
    head.append(element('span', { class: 'unit', text: 'flags' + leftOut }));
    const canvas = element('canvas', { class: 'flags', role: 'img', 'aria-label': 'Flags of events over time; the list below has them in words' }, host);
    const place = (day) => { const a = hooks.area(), v = hooks.view(); return a.x + ((day - v[0]) / (v[1] - v[0])) * a.w; };
    canvas.addEventListener('pointermove', (event) => {
      const box = canvas.getBoundingClientRect(), x = event.clientX - box.left, lane = Math.floor((event.clientY - box.top) / (LANE + LABEL));
      let best = null, distance = 9;
      for (const e of events) {
        const d = Math.abs(place(e.day) - x);
        if (e.lane === lane && d < distance) { best = e; distance = d; }
      }
      if (best) hooks.event(best);
    });
    return function draw() {
      const a = hooks.area(), v = hooks.view(), height = T.lanes.length * (LANE + LABEL);
      const context = sized(canvas, host.clientWidth, height);
      T.lanes.forEach((name, lane) => {
        const base = (lane + 1) * (LANE + LABEL) - 3;
        label(context, name, a.x, base - LANE - 1);
        context.fillStyle = colour('--line');
        context.fillRect(a.x, base, a.w, 1);
      });
      for (const e of events) {
        if (e.day < v[0] || e.day > v[1]) continue;
        const x = Math.round(place(e.day)), base = (e.lane + 1) * (LANE + LABEL) - 3, chosen = hooks.chosen() === e;
        context.fillStyle = chosen ? colour('--ink') : armColour(e.arm);
        context.globalAlpha = chosen ? 1 : 0.8;
        context.fillRect(x, base - LANE + 6, 1.25, LANE - 6);
        context.beginPath();
        context.moveTo(x, base - LANE + 6);
        context.lineTo(x + 7, base - LANE + 9.5);
        context.lineTo(x, base - LANE + 13);
        context.fill();
        context.globalAlpha = 1;
      }
      cursor(context, hooks, height);
    };
  }

  Object.assign(thecasim, { CHARTS, chart, heatMap, heatOf, heatScale, flags, sized, cursor, label, element, colour, armColour });
})();
