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

test('draws the heat map in colours that follow the concentration', async () => {
  const page = await explore();
  const colours = await page.locator('canvas.heat').evaluate((c) => {
    const x = c.getContext('2d').getImageData(0, 0, c.width, c.height).data, seen = new Set();
    for (let i = 0; i < x.length; i += 4) if (x[i + 3] === 255) seen.add(x[i] + ',' + x[i + 1] + ',' + x[i + 2]);
    return seen.size;
  });
  assert.ok(colours > 20, `${colours} colours`);
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
