/* SPDX-License-Identifier: Apache-2.0 */
/* The explorer: choose a patient, see the whole run, zoom, move, ask any day; by pointer, by touch or by keyboard. */
'use strict';
(function () {
  const T = thecasim, get = (id) => document.getElementById(id);
  const app = get('explorer-app');
  if (!app) return;
  let data, shown = [], records = [], events = [], charts = [], pictures = [], whole = [0, 1], view = [0, 1], day = null, level = 0, chosen = null, busy = false;

  /* ---- what is seen ---- */

  function nearest(points, x) {
    let best = null;
    for (const p of points) if (best === null || Math.abs(p.x - x) < Math.abs(best.x - x)) best = p;
    return best;
  }

  const NAMES = { dose_ug: 'dose ', ashworth_latent: 'tone ', reservoir_ml: 'reservoir ', lumbar_ng_per_ml: 'lumbar ', loaded_v: 'cell ' };

  function valueAt(record, key) {
    const p = nearest(record.points[key], day);
    return !p || p.low === null ? '–' : data.days > 1 && p.high > p.low ? T.number(p.low) + ' to ' + T.number(p.high) : T.number(p.low);
  }

  function told() {
    const out = get('x-readout');
    out.textContent = '';
    if (day === null) { out.textContent = 'Point at a chart, or give it the focus and use the arrow keys.'; return; }
    T.element('b', { text: 'Day ' + T.number(Math.round(day * 100) / 100) }, out);
    for (const record of records) {
      const span = T.element('span', { class: 'arm' }, out);
      span.style.setProperty('--key', T.armColour(record.a));
      const parts = shown.map((spec) => NAMES[spec[0]] + valueAt(record, spec[0]) + ' ' + spec[2]);
      if (record.points.loaded_v) parts.push('used ' + valueAt(record, 'charge_used_mah') + ' mA h');
      if (record.c) parts.push(T.canalTold(data, record, day, level));
      span.textContent = (records.length > 1 ? data.arms[record.a] + ': ' : '') + parts.join(', ');
    }
    if (chosen) {
      T.element('span', { class: 'event', text: (records.length > 1 ? data.arms[chosen.arm] + ': ' : '') + chosen.kind + (chosen.value ? ', ' + chosen.value : '') + (chosen.reason ? ' (' + chosen.reason + ')' : '') }, out);
    }
  }

  function pictured() { for (const draw of pictures) draw(); }

  function setDay(x, event) {
    day = x;
    chosen = event || null;
    for (const g of charts) {
      let row = -1, best = Infinity;
      for (let i = 0; x !== null && i < g.numRows(); i++) {
        const d = Math.abs(g.getValue(i, 0) - x);
        if (d < best) { best = d; row = i; }
      }
      if (row >= 0) g.setSelection(row); else g.clearSelection();
    }
    told();
    pictured();
  }

  function setView(v, from) {
    if (busy) return;
    busy = true;
    const least = Math.max(1, data.days * 4), width = Math.min(whole[1] - whole[0], Math.max(least, v[1] - v[0]));
    const start = Math.min(Math.max(whole[0], v[0]), whole[1] - width);
    view = [start, start + width];
    for (const g of charts) if (g !== from || g.xAxisRange().some((x, i) => Math.abs(x - view[i]) > 1e-9)) g.updateOptions({ dateWindow: view });
    pictured();
    app.dataset.window = view.map((x) => x.toFixed(2)).join(' ');
    busy = false;
  }

  const hooks = {
    view: () => view, cursor: () => day, chosen: () => chosen,
    area: () => (charts.length ? charts[0].getArea() : { x: 50, w: get('x-charts').clientWidth - 62 }),
    /* A chart that is not zoomed shows its own rows, which end before the last event. */
    drawn: (g, initial) => { if (!initial && !busy) setView(g.isZoomed('x') ? g.xAxisRange() : whole, g); },
    day: (x) => { if (x !== day) setDay(x); }, event: (e) => setDay(e.day, e),
    level: () => level, spot: (x, at) => { level = at; setDay(x); }
  };

  function clear() {
    for (const g of charts) g.destroy();
    charts = []; pictures = [];
    get('x-charts').textContent = '';
  }

  function draw() {
    clear();
    const host = get('x-charts'), panel = () => T.element('div', { class: 'panel' }, host);
    const made = shown.map((spec) => [panel(), spec]);
    busy = true;
    for (const [box, spec] of made) { const g = T.chart(box, data, records, spec, hooks); if (g) charts.push(g); }
    busy = false;
    pictures.push(T.flags(host.insertBefore(T.element('div', { class: 'panel' }), host.firstChild), data, events, leftOut(), hooks));
    pictures.push((records.some((r) => r.c) ? T.canalMap : T.heatMap)(panel(), data, records, hooks));
    T.element('p', { class: 'simulated', text: 'simulated' }, host);
    setView(view);
    told();
  }

  /* ---- tables ---- */

  function table(host, caption, columns, rows) {
    host.textContent = '';
    const box = T.element('div', { class: 'table', tabindex: '0', role: 'region', 'aria-label': caption }, host);
    const t = T.element('table', {}, box);
    T.element('caption', { text: caption }, t);
    const head = T.element('tr', {}, T.element('thead', {}, t)), body = T.element('tbody', {}, t);
    columns.forEach((c) => T.element('th', { scope: 'col', class: c[1] ? 'n' : '', text: c[0] }, head));
    for (const row of rows) {
      const tr = T.element('tr', {}, body);
      row.forEach((cell, i) => T.element('td', { class: columns[i][1] ? 'n' : '', text: cell }, tr));
    }
  }

  function leftOut() {
    const all = records.flatMap((r) => r.more.map((m) => T.words(data.kinds[m[0]]) + ' (' + m[1] + (records.length > 1 ? ' in ' + data.arms[r.a] : '') + ')'));
    return all.length ? '. Too many to show: ' + all.join(', ') : '';
  }

  function showEvents() {
    table(get('x-events'), 'Events of patient ' + records[0].p + ', from events/time_ms, kind, reason, value' + leftOut(),
      [['day', 1], ['arm'], ['event'], ['why'], ['with']],
      events.map((e) => [T.number(e.day), data.arms[e.arm], e.kind, e.reason, e.value]));
  }

  function showValues() {
    const columns = [['day', 1], ['arm']].concat(data.series.map((s) => [T.words(s.key.replace(/_(ng_per_ml|ug|ml|mah|v)$/, '')) + (s.unit ? ' (' + s.unit + ')' : ''), 1]));
    const out = [];
    for (const record of records) {
      const all = data.series.map((s, i) => T.unpack(data, record, i));
      all[0].forEach((p, k) => out.push([T.number(p.x), data.arms[record.a]].concat(all.map((points) => T.number(T.middle(points[k]))))));
    }
    table(get('x-values'), 'Patient ' + records[0].p + ', from table daily' + (data.days > 1 ? ': middle of each ' + data.days + ' days' : ''), columns, out);
  }

  function showCanal() {
    const step = records.find((r) => r.c).c[3];
    table(get('x-canal'), 'Concentration along the canal of patient ' + records[0].p + ' in ng/mL, from table canal, every ' + T.number(step) + ' days, to two digits',
      T.canalColumns(data), T.canalRows(data, records));
  }

  function showPumps() {
    const percent = (v) => (v === null ? '–' : T.number(100 * v) + ' %'), days = (ms) => T.number(Math.round(ms / 864e5 * 100) / 100), out = [];
    for (const r of records) {
      for (const u of r.u) {
        out.push([data.arms[r.a], String(u[0]), days(u[1]), days(u[2]), T.words(data.reasons[u[3]] || ''), T.number(u[4]), percent(u[5]), percent(u[6]), T.number(u[7]), T.number(u[8])]);
      }
    }
    if (out.length === 0) { get('x-pumps').textContent = 'This patient never had a pump.'; return; }
    table(get('x-pumps'), 'Pumps and their batteries, from table pumps: charge at the end of each pump’s life or of the run; the daily values have it day by day',
      [['arm'], ['serial', 1], ['in on day', 1], ['until day', 1], ['end'], ['charge (mA h)', 1], ['of its cell', 1], ['as its core believes', 1], ['commanded (mL)', 1], ['delivered (mL)', 1]], out);
  }

  function showFacts() {
    const host = get('x-facts'), who = records[0].who, outcome = Number(get('x-outcome').value), o = data.outcomes[outcome];
    host.textContent = '';
    T.element('b', { text: 'Patient ' + records[0].p }, host);
    T.element('span', { text: [T.number(Math.round(who[0] * 10) / 10) + ' years', T.words(data.sexes[who[1]] || ''), T.words(data.diagnoses[who[2]] || ''),
      'catheter tip ' + T.number(who[3]) + ' cm above the end of the sac'].join(', ') }, host);
    T.element('span', { text: o.label + ': ' + records.map((r) => (records.length > 1 ? data.arms[r.a] + ' ' : '') + T.number(r.o[outcome]) + (o.unit ? ' ' + o.unit : '')).join(', ') }, host);
  }

  /* ---- choosing ---- */

  function show(patient) {
    records = data.byPatient.get(patient);
    for (const record of records) {
      const keys = shown.map((spec) => spec[0]);
      record.points = record.points || Object.fromEntries(keys.concat('charge_used_mah').filter((key) => key !== 'charge_used_mah' || keys.includes('loaded_v'))
        .map((key) => [key, T.unpack(data, record, data.place[key])]));
    }
    events = records.flatMap((r) => T.events(data, r)).sort((a, b) => a.day - b.day);
    let end = 1;
    for (const r of records) end = Math.max(end, r.first + r.rows - 1);
    for (const e of events) end = Math.max(end, e.day); /* what ended a life comes after its last daily row */
    whole = [0, end]; view = whole; day = null; chosen = null; level = records[0].who[5];
    get('x-patient').value = String(patient);
    app.dataset.patient = String(patient);
    for (const b of get('x-worst').querySelectorAll('button')) b.setAttribute('aria-pressed', String(Number(b.dataset.patient) === patient));
    showFacts();
    draw();
    showPumps();
    if (get('x-events').parentElement.open) showEvents(); else get('x-events').textContent = '';
    if (get('x-values').parentElement.open) showValues(); else get('x-values').textContent = '';
    if (get('x-canal')) {
      get('x-canal-part').hidden = !records.some((r) => r.c);
      if (get('x-canal-part').open && !get('x-canal-part').hidden) showCanal(); else get('x-canal').textContent = '';
    }
  }

  function showWorst() {
    const outcome = Number(get('x-outcome').value), o = data.outcomes[outcome], host = get('x-worst');
    host.textContent = '';
    for (const r of T.worst(data, outcome, Number(get('x-arm').value), get('x-end').value)) {
      const b = T.element('button', { type: 'button', 'data-patient': r.p, 'aria-pressed': String(records.length > 0 && records[0].p === r.p) }, host);
      T.element('span', { text: 'No. ' + r.p }, b);
      T.element('small', { text: T.number(r.o[outcome]) + (o.unit ? ' ' + o.unit : '') }, b);
      b.addEventListener('click', () => show(r.p));
    }
    if (!host.firstChild) host.textContent = 'Nobody in this arm has this outcome.';
    if (records.length) showFacts();
  }

  function step(by) {
    const i = data.patients.indexOf(records[0].p);
    show(data.patients[(i + by + data.patients.length) % data.patients.length]);
  }

  function move(what) {
    const width = view[1] - view[0], centre = day !== null && day >= view[0] && day <= view[1] ? day : (view[0] + view[1]) / 2;
    const zoom = (f) => setView([centre - (centre - view[0]) * f, centre + (view[1] - centre) * f]);
    if (what === 'in') zoom(0.5);
    else if (what === 'out') zoom(2);
    else if (what === 'left') setView([view[0] - width / 4, view[1] - width / 4]);
    else if (what === 'right') setView([view[0] + width / 4, view[1] + width / 4]);
    else setView(whole);
  }

  function follow(x, event) {
    if (x < view[0] || x > view[1]) { const width = view[1] - view[0]; setView([x - width / 2, x + width / 2]); }
    setDay(x, event);
  }

  function toEvent(by) {
    let i = events.indexOf(chosen);
    if (i < 0) i = by > 0 ? events.findIndex((e) => e.day >= (day === null ? -1 : day)) - 1 : events.length;
    const e = events[i + by];
    if (e) follow(e.day, e);
  }

  function key(event) {
    const steps = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (steps && event.shiftKey) move(steps < 0 ? 'left' : 'right');
    else if (steps) follow(Math.min(whole[1], Math.max(whole[0], (day === null ? view[0] : Math.round(day)) + steps * data.days)));
    else if ((event.key === 'ArrowUp' || event.key === 'ArrowDown') && records.some((r) => r.c)) {
      level = Math.min(data.levels.length - 1, Math.max(0, level + (event.key === 'ArrowUp' ? 1 : -1)));
      setDay(day === null ? view[0] : day, chosen);
    } else if (event.key === '+' || event.key === '=') move('in');
    else if (event.key === '-') move('out');
    else if (event.key === '0') move('all');
    else if (event.key === 'e' || event.key === 'E') toEvent(event.shiftKey ? -1 : 1);
    else return;
    event.preventDefault();
  }

  function option(select, value, text) { T.element('option', { value, text }, select); }

  function wire() {
    get('x-patient').addEventListener('change', (e) => show(Number(e.target.value)));
    get('x-prev').addEventListener('click', () => step(-1));
    get('x-next').addEventListener('click', () => step(1));
    for (const id of ['x-end', 'x-outcome', 'x-arm']) get(id).addEventListener('change', showWorst);
    for (const b of app.querySelectorAll('[data-view]')) b.addEventListener('click', () => move(b.dataset.view));
    get('x-charts').addEventListener('keydown', key);
    get('x-charts').addEventListener('focus', () => { get('x-readout').setAttribute('aria-live', 'polite'); });
    get('x-charts').addEventListener('blur', () => { get('x-readout').setAttribute('aria-live', 'off'); });
    get('x-events').parentElement.addEventListener('toggle', (e) => { if (e.target.open) showEvents(); });
    get('x-values').parentElement.addEventListener('toggle', (e) => { if (e.target.open) showValues(); });
    if (get('x-canal')) get('x-canal-part').addEventListener('toggle', (e) => { if (e.target.open) showCanal(); });
    document.addEventListener('themechange', () => { if (records.length) draw(); });
    addEventListener('resize', () => { requestAnimationFrame(pictured); });
  }

  function begin() {
    if (data) return;
    data = T.load();
    if (data.patients.length === 0) return;
    app.hidden = false;
    data.patients.forEach((p) => option(get('x-patient'), p, String(p)));
    data.outcomes.forEach((o, i) => { if (data.records.some((r) => r.o[i] !== null)) option(get('x-outcome'), i, o.label); });
    data.arms.forEach((name, i) => {
      option(get('x-arm'), i, name);
      T.element('li', { text: name, style: '--key:var(--c' + (Math.min(i, 5) + 1) + ')' }, get('x-arms'));
    });
    const usual = data.outcomes.findIndex((o) => o.key === 'dose_end_ug_per_day');
    if (get('x-outcome').querySelector('option[value="' + usual + '"]')) get('x-outcome').value = String(usual);
    shown = T.CHARTS.filter((spec) => data.records.some((r) => r.s[data.place[spec[0]]][0] !== null));
    wire();
    show(data.patients[0]);
    showWorst();
  }

  /* The page is painted first; then the explorer is made, before anybody has scrolled to it. */
  if (window.requestIdleCallback) requestIdleCallback(begin, { timeout: 1500 }); else setTimeout(begin, 200);
})();
