/* SPDX-License-Identifier: Apache-2.0 */
/* The explorer's data: parsed once, a patient's series unpacked when they are shown. */
'use strict';
var thecasim = {};
(function () {
  const UNITS = { '1': '', 'ug': 'µg', 'ug/day': 'µg/day', 'd': 'days' };
  const NONE = 65535;

  /* Which lane of flags an event stands in. */
  const LANES = [
    ['Decisions of care', /^(decided_|refill_booked|refill_brought_forward|discrepancy_noted|revision_booked|replacement_booked|catheter_left)/],
    ['Programme and boluses', /^(programme_committed|bolus|patient_bolus|screening_bolus|prime|local_time_set)/],
    ['Pump and catheter', /^(tone|order_failed|pump_reset|catheter_|exposure|fault_imposed|pocket_fill|port_)/],
    ['Visits and calls', /./]
  ];

  /* What value and value2 of an event are, for the kinds that have any; as the dataset's own description of the fields says. */
  const VALUES = {
    enrolment: ['mL', 'µg/mL'], replacement: ['mL', 'µg/mL'], refill: ['mL', 'µg/mL'], explant: ['days old', 'mL left'],
    decided_replacement: ['days old'], decided_explant: ['days old'], replacement_booked: ['days until it'],
    programme_committed: ['mL/day', 'µg/day'], bolus: ['µg', 'h'], patient_bolus: ['µg', 'h'], local_time_set: ['h ahead'],
    tone: ['= pattern'], patient_call: ['= pattern of the tone'], pump_reset: ['= cause'], order_failed: ['= order'],
    screening_bolus: ['µg'], screening_response: ['points less on the Ashworth scale', 'µg bolus'],
    screening_second_look: ['points less on the Ashworth scale', 'µg bolus'], exposure: ['kPa', 'T'],
    fault_imposed: ['= which', 'severity'], catheter_failed: ['= catheter', 'years old'], catheter_repaired: ['= catheter'],
    revision_booked: ['days until it'], decided_revision: ['= part'], port_drawn: ['mL', 'µg'], port_injected: ['mL', 'µg'],
    pocket_fill: ['mL', 'µg'], prime: ['mL', 'mL for the tubing'], death: ['years old']
  };

  function number(value) {
    if (value === null || value === undefined || !isFinite(value)) return '–';
    const size = Math.abs(value);
    const text = size === 0 ? '0' : size >= 9999.5 ? size.toFixed(0) : size.toPrecision(4).replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, '');
    return (value < 0 ? '−' : '') + text;
  }

  function words(name) { return name.replace(/_/g, ' '); }

  function bytes(text) {
    const raw = atob(text), out = new Uint8Array(raw.length);
    for (let i = 0; i < raw.length; i++) out[i] = raw.charCodeAt(i);
    return new Uint16Array(out.buffer, 0, out.length >> 1);
  }

  /* A series as points {x, low, high}; low and high are null where there is no value. */
  function unpack(data, record, index) {
    const packed = record.s[index], low = packed[0], range = packed[1] - packed[0], days = data.days;
    const steps = bytes(packed[2]), each = days > 1 ? 2 : 1, points = [];
    const value = (step) => (step === NONE || low === null ? null : low + (range * step) / (NONE - 1));
    for (let i = 0; i * each < steps.length; i++) {
      const last = Math.min(days, record.rows - i * days);
      points.push({
        x: record.first + i * days + (last - 1) / 2,
        low: value(steps[i * each]), high: value(steps[i * each + each - 1])
      });
    }
    return points;
  }

  function middle(point) { return point.low === null ? null : (point.low + point.high) / 2; }

  function load() {
    const data = JSON.parse(document.getElementById('explorer-data').textContent);
    data.patients = [];
    data.byPatient = new Map();
    for (const record of data.records) {
      if (!data.byPatient.has(record.p)) { data.byPatient.set(record.p, []); data.patients.push(record.p); }
      data.byPatient.get(record.p).push(record);
    }
    data.place = {};
    data.series.forEach((s, i) => { data.place[s.key] = i; s.unit = UNITS[s.unit] === undefined ? s.unit : UNITS[s.unit]; });
    data.levels = Object.values(data.levels);
    data.outcomes.forEach((o) => { o.unit = UNITS[o.unit] === undefined ? o.unit : UNITS[o.unit]; o.label = o.label.trim(); });
    return data;
  }

  /* The ten records of an arm with the highest or lowest value of an outcome. */
  function worst(data, outcome, arm, end) {
    const sign = end === 'high' ? -1 : 1;
    return data.records.filter((r) => r.a === arm && r.o[outcome] !== null)
      .sort((a, b) => sign * (a.o[outcome] - b.o[outcome]) || a.p - b.p).slice(0, 10);
  }

  /* A record's events in full words, in order. */
  function events(data, record) {
    return record.e.map((e) => {
      const kind = data.kinds[e[1]], units = VALUES[kind] || [];
      const values = [];
      [e[3], e[4]].forEach((v, i) => {
        if (v !== undefined && units[i]) values.push(units[i][0] === '=' ? units[i].slice(2) + ' ' + number(v) : number(v) + ' ' + units[i]);
      });
      return {
        day: e[0], arm: record.a, kind: words(kind), reason: words(data.reasons[e[2]] || ''), value: values.join(', '),
        lane: LANES.findIndex((lane) => lane[1].test(kind))
      };
    });
  }

  Object.assign(thecasim, { load, unpack, middle, worst, events, number, words, lanes: LANES.map((l) => l[0]) });
})();
