// SPDX-License-Identifier: Apache-2.0
// The explorer: by pointer and by keyboard, and that what it shows is what the page holds.
import test from 'node:test';
import assert from 'node:assert/strict';
import { explore, view, patient, data, readout } from './browser.js';

// The values of a series, as explorer_record.h says that they are packed.
function values(record, index, days) {
  const [low, high, text] = record.s[index], raw = Buffer.from(text, 'base64'), out = [];
  for (let i = 0; i + 1 < raw.length; i += 2 * (days > 1 ? 2 : 1)) {
    const step = raw.readUInt16LE(i);
    out.push(step === 65535 ? null : low + (high - low) * step / 65534);
  }
  return out;
}

// Where the first chart is, once it is in sight.
async function place(page) {
  const chart = page.locator('.chart').first();
  await chart.scrollIntoViewIfNeeded();
  return chart.boundingBox();
}

async function drag(page, from, to, key) {
  const box = await place(page), y = box.y + box.height / 2;
  const x = (share) => box.x + 50 + share * (box.width - 62);
  if (key) await page.keyboard.down(key);
  await page.mouse.move(x(from), y);
  await page.mouse.down();
  await page.mouse.move(x((from + to) / 2), y, { steps: 4 });
  await page.mouse.move(x(to), y, { steps: 4 });
  await page.mouse.up();
  if (key) await page.keyboard.up(key);
}

test('shows the patient that is chosen', async () => {
  const page = await explore();
  await page.locator('#x-patient').selectOption('7');
  assert.equal(await patient(page), 7);
  assert.match(await page.locator('#x-facts').innerText(), /Patient 7\b/);
  await page.locator('#x-next').click();
  assert.equal(await patient(page), 8);
  await page.locator('#x-prev').click();
  assert.equal(await patient(page), 7);
});

test('lists the ten highest and lowest by an outcome, in order', async () => {
  const page = await explore(), all = await data(page);
  const index = all.outcomes.findIndex((o) => o.key === 'dose_end_ug_per_day');
  for (const [end, sign] of [['high', -1], ['low', 1]]) {
    for (const arm of [0, 1]) {
      await page.locator('#x-outcome').selectOption(String(index));
      await page.locator('#x-end').selectOption(end);
      await page.locator('#x-arm').selectOption(String(arm));
      const expected = all.records.filter((r) => r.a === arm && r.o[index] !== null)
        .sort((a, b) => sign * (a.o[index] - b.o[index]) || a.p - b.p).slice(0, 10).map((r) => r.p);
      const listed = await page.locator('#x-worst button').evaluateAll((list) => list.map((b) => Number(b.dataset.patient)));
      assert.deepEqual(listed, expected);
    }
  }
  await page.locator('#x-worst button').nth(3).click();
  assert.equal(await patient(page), await page.locator('#x-worst button').nth(3).evaluate((b) => Number(b.dataset.patient)));
  assert.equal(await page.locator('#x-worst button').nth(3).getAttribute('aria-pressed'), 'true');
});

test('tells the day under the pointer, with the values that the page holds', async () => {
  const page = await explore(), all = await data(page);
  const index = all.series.findIndex((s) => s.key === 'ashworth_latent');
  const box = await place(page);
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  const text = await readout(page), day = Number(text.match(/Day ([\d.]+)/)[1]);
  assert.ok(day > 100 && day < 265, text);
  for (const record of all.records.filter((r) => r.p === all.records[0].p)) {
    const value = values(record, index, all.days)[day - record.first];
    const told = Number(text.split(all.arms[record.a])[1].match(/tone ([\d.]+) points/)[1]);
    assert.ok(Math.abs(told - value) <= 0.0006, `${told} is told, ${value} is held`);
  }
});

test('zooms by dragging, moves with shift, and shows the whole run again', async () => {
  const page = await explore(), whole = await view(page);
  await drag(page, 0.25, 0.5);
  const near = await view(page), width = whole[1] - whole[0];
  assert.ok(Math.abs(near[0] - width * 0.25) < width * 0.03 && Math.abs(near[1] - width * 0.5) < width * 0.03, String(near));
  const labels = await page.locator('.chart').evaluateAll((charts) => charts.map((c) =>
    [...c.querySelectorAll('.dygraph-axis-label-x')].map((l) => l.textContent).join(' ')));
  assert.equal(new Set(labels).size, 1, 'all charts show the same days: ' + labels.join(' | '));
  await drag(page, 0.7, 0.3, 'Shift');
  const moved = await view(page);
  assert.ok(moved[0] > near[0] + 5 && Math.abs((moved[1] - moved[0]) - (near[1] - near[0])) < 0.5, `${near} moved to ${moved}`);
  await page.locator('.chart').first().dblclick();
  assert.deepEqual(await view(page), whole);
  await page.getByRole('button', { name: 'Zoom in' }).click();
  await page.getByRole('button', { name: 'Later' }).click();
  const later = await view(page);
  assert.ok(Math.abs((later[1] - later[0]) - width / 2) < 0.5 && later[0] > width * 0.3, String(later));
  await page.getByRole('button', { name: 'Whole run' }).click();
  assert.deepEqual(await view(page), whole);
});

test('does all of it by keyboard', async () => {
  const page = await explore(), whole = await view(page), charts = page.locator('#x-charts');
  await charts.focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  assert.match(await readout(page), /Day 2\b/);
  await page.keyboard.press('+');
  const near = await view(page);
  assert.ok(near[1] - near[0] < whole[1] - whole[0]);
  await page.keyboard.press('Shift+ArrowRight');
  assert.ok((await view(page))[0] > near[0]);
  await page.keyboard.press('0');
  assert.deepEqual(await view(page), whole);
  const seen = new Set();
  for (let i = 0; i < 5; i++) { await page.keyboard.press('e'); seen.add(await readout(page)); }
  assert.ok(seen.size >= 4, 'the next events are told one after the other');
  assert.match([...seen].join(), /\(.*\)/);
});

test('lets the keyboard reach everything that the pointer can', async () => {
  const page = await explore();
  const wanted = await page.evaluate(() => {
    const all = [...document.querySelectorAll('a[href], button, select, input, summary, [tabindex="0"]')].filter((e) => e.checkVisibility());
    all.forEach((e, i) => { e.dataset.stop = String(i); });
    return all.length;
  });
  // Whatever answers to a click, or moves a chart, is among these.
  const lame = await page.evaluate(() => [...document.querySelectorAll('[data-view], [data-theme-choice], #x-worst > *, #x-charts')]
    .filter((e) => e.dataset.stop === undefined).map((e) => e.outerHTML.slice(0, 80)));
  assert.deepEqual(lame, []);
  const reached = new Set();
  for (let i = 0; i < wanted + 5; i++) {
    await page.keyboard.press('Tab');
    const at = await page.evaluate(() => {
      const e = document.activeElement, style = getComputedStyle(e);
      return { stop: e.dataset.stop, seen: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1 };
    });
    if (at.stop !== undefined) { reached.add(at.stop); assert.ok(at.seen, `stop ${at.stop} does not show its focus`); }
  }
  assert.equal(reached.size, wanted, `${reached.size} of ${wanted} stops were reached`);
});

test('flags events, tells the one under the pointer, and lists all in words', async () => {
  const page = await explore(), all = await data(page), first = all.records.filter((r) => r.p === all.records[0].p);
  await page.locator('#x-events').evaluate((e) => { e.parentElement.open = true; });
  await page.locator('#x-events tbody tr').first().waitFor();
  assert.equal(await page.locator('#x-events tbody tr').count(), first.reduce((n, r) => n + r.e.length, 0));
  const flags = page.locator('canvas.flags');
  await flags.scrollIntoViewIfNeeded();
  const box = await flags.boundingBox(), width = (await view(page))[1], seen = [];
  // Along each lane, at the day of each of its events.
  for (const e of first[0].e) {
    for (let lane = 0; lane < 4; lane++) {
      await page.mouse.move(box.x + 50 + (e[0] / width) * (box.width - 62), box.y + lane * 38 + 26);
    }
    seen.push(await page.locator('#x-readout .event').textContent());
  }
  assert.ok(new Set(seen).size > 3, 'events under the pointer are told: ' + [...new Set(seen)].join('; '));
  assert.match(seen.join(), /clinic visit|refill|programme committed/);
});

// Death comes within a day, after the last row of the daily series: its flag is in view, and E goes to it.
test('shows the death of a patient, which comes after his last daily value', async () => {
  const page = await explore('catheters'), all = await data(page);
  const kind = Number(Object.keys(all.kinds).find((k) => all.kinds[k] === 'death'));
  const dead = all.records.find((r) => r.e.some((e) => e[1] === kind)), day = dead.e.find((e) => e[1] === kind)[0];
  assert.ok(day > dead.first + dead.rows - 1, 'within a day');
  await page.locator('#x-patient').selectOption(String(dead.p));
  assert.ok((await view(page))[1] >= day, `${(await view(page))[1]} is before day ${day}`);
  await page.locator('#x-charts').focus();
  const told = [];
  for (let i = 0; i < 6; i++) { await page.keyboard.press('Shift+E'); told.push(await readout(page)); }
  assert.match(told.join('\n'), /death, [0-9.]+ years old \(disease or age\)/);
});

test('draws the heat map in colours that follow the concentration', async () => {
  const page = await explore();
  const colours = await page.locator('canvas.heat').evaluate((c) => {
    const x = c.getContext('2d').getImageData(0, 0, c.width, c.height).data, seen = new Set();
    for (let i = 0; i < x.length; i += 4) if (x[i + 3] === 255) seen.add(x[i] + ',' + x[i + 1] + ',' + x[i + 2]);
    return seen.size;
  });
  assert.ok(colours > 20, `${colours} colours`);
});

// The canal of a record, as explorer_canal.h says that it is packed: what a level had at a sample, and on which day.
function canal(all, record) {
  const [low, high, first, step, text] = record.c, raw = Buffer.from(text, 'base64'), levels = Object.values(all.levels);
  return {
    levels, samples: raw.length / levels.length,
    at: (sample, level) => {
      const byte = raw[sample * levels.length + level];
      return byte === 255 ? null : byte === 0 ? 0 : low * (high / low) ** ((byte - 1) / 253);
    },
    day: (sample) => first + sample * step
  };
}

// What the readout tells of the canal: the level, the concentration and the day, in the first arm.
function toldOf(text) {
  const m = text.match(/at (\w+) (\(tip\) )?about ([\d.]+) ng\/mL on day (\d+)/);
  assert.ok(m, text);
  return { level: m[1].toLowerCase(), tip: m[2] !== undefined, value: Number(m[3]), day: Number(m[4]) };
}

function expectHeld(all, told) {
  const c = canal(all, all.records[0]), level = c.levels.indexOf(told.level === 'cisterns' ? 'cisternal' : told.level);
  const sample = [...Array(c.samples).keys()].find((k) => c.day(k) === told.day);
  assert.ok(level >= 0 && sample !== undefined, `${told.level} on day ${told.day}`);
  assert.equal(told.value, Number(c.at(sample, level).toPrecision(2)));
  return level;
}

test('shows every level of the canal, and tells what is under the pointer', async () => {
  const page = await explore(), all = await data(page), heat = page.locator('canvas.heat.whole');
  await heat.scrollIntoViewIfNeeded();
  const box = await heat.boundingBox(), levels = Object.keys(all.levels).length;
  assert.equal(levels, 26);
  assert.ok(box.height > 2 * levels * 8, `${box.height} px for two arms of ${levels} levels`);
  const seen = new Set();
  for (const row of [0, 5, 12, 25]) {
    await page.mouse.move(box.x + 50 + 0.6 * (box.width - 62), box.y + 18 + 9 * row + 4);
    const told = toldOf(await readout(page)), level = expectHeld(all, told);
    assert.equal(level, levels - 1 - row, 'the cisterns are on top');
    assert.ok(told.day > 200 && told.day < 240, `day ${told.day}`);
    seen.add(told.value);
  }
  assert.ok(seen.size > 1, 'levels differ');
  assert.deepEqual(page.said, []);
});

test('goes along the canal by keyboard, from the tip to both its ends', async () => {
  const page = await explore(), all = await data(page), levels = Object.values(all.levels);
  await page.locator('#x-charts').focus();
  for (let i = 0; i < 60; i++) await page.keyboard.press('ArrowRight');
  const tip = toldOf(await readout(page));
  assert.ok(tip.tip, 'the tip is where it begins');
  assert.equal(tip.level, levels[all.records[0].who[5]]);
  assert.equal(expectHeld(all, tip), all.records[0].who[5]);
  await page.keyboard.press('ArrowUp');
  const above = toldOf(await readout(page));
  assert.equal(above.level, levels[all.records[0].who[5] + 1]);
  assert.ok(!above.tip && above.value <= tip.value);
  for (let i = 0; i < 30; i++) await page.keyboard.press('ArrowUp');
  assert.equal(toldOf(await readout(page)).level, 'cisterns');
  for (let i = 0; i < 40; i++) await page.keyboard.press('ArrowDown');
  expectHeld(all, toldOf(await readout(page)));
  assert.equal(toldOf(await readout(page)).level, 'sac');
});

test('has the canal as a table too', async () => {
  const page = await explore(), all = await data(page), c = canal(all, all.records[0]);
  await page.locator('#x-canal-part').evaluate((e) => { e.open = true; });
  await page.locator('#x-canal tbody tr').first().waitFor();
  assert.equal(await page.locator('#x-canal tbody tr').count(), 2 * c.samples);
  assert.equal(await page.locator('#x-canal thead th').count(), 2 + 26);
  const row = await page.locator('#x-canal tbody tr').nth(c.samples - 1).locator('td').allInnerTexts();
  assert.equal(Number(row[2]), Number(c.at(c.samples - 1, 25).toPrecision(2)));
});

test('falls back to four places where the canal is not recorded, and says which key records it', async () => {
  const page = await explore('four-places');
  assert.match(await page.locator('#explorer').innerText(), /record\.canal: 7 day/);
  assert.equal(await page.locator('canvas.heat.whole').count(), 0);
  assert.equal(await page.locator('canvas.heat').count(), 1);
  assert.equal(await page.locator('#x-canal').count(), 0);
  await page.locator('#x-charts').focus();
  await page.keyboard.press('ArrowRight');
  const before = await readout(page);
  await page.keyboard.press('ArrowUp');
  assert.equal(await readout(page), before);
  assert.doesNotMatch(before, /about/);
  assert.deepEqual(page.said, []);
});

test('tells the cell of the pump day by day', async () => {
  const page = await explore(), all = await data(page), record = all.records[0];
  assert.equal(await page.locator('.chart[data-series="loaded_v"]').count(), 1);
  await page.locator('#x-charts').focus();
  for (let i = 0; i < 60; i++) await page.keyboard.press('ArrowRight');
  const text = await readout(page), day = Number(text.match(/Day ([\d.]+)/)[1]);
  for (const [key, pattern] of [['loaded_v', /cell ([\d.]+) V/], ['charge_used_mah', /used ([\d.]+) mA h/]]) {
    const held = values(record, all.series.findIndex((s) => s.key === key), all.days)[day - record.first];
    assert.ok(Math.abs(Number(text.match(pattern)[1]) / held - 1) < 1e-3, `${text}: ${held} is held`);
  }
});

test('of many patients shows the least and greatest of several days, and says so', async () => {
  const page = await explore('many'), all = await data(page);
  assert.ok(all.days > 1, 'the page of many is not of too many');
  assert.match(await page.locator('#explorer').innerText(), new RegExp(`Each point of a series stands for ${all.days} days`));
  await page.locator('#x-charts').focus();
  await page.keyboard.press('ArrowRight');
  assert.match(await readout(page), /reservoir [\d.]+ to [\d.]+ mL/);
  assert.deepEqual(page.said, []);
});
