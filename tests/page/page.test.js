// SPDX-License-Identifier: Apache-2.0
// The page as a whole: quiet, alone, readable by everybody.
import test from 'node:test';
import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { open, explore, data } from './browser.js';

test('says nothing to the console and asks the network for nothing', async () => {
  const page = await explore();
  await page.locator('#x-next').click();
  await page.evaluate(() => { for (const d of document.querySelectorAll('details')) d.open = true; });
  await page.waitForTimeout(300);
  assert.deepEqual(page.said, []);
  assert.deepEqual(page.asked, []);
});

// The best of three: what else the machine does at that moment is not the page's.
test('is painted within a second, also of 1,000 patients', async () => {
  for (const name of ['two-arms', 'many']) {
    let best = Infinity;
    for (let i = 0; i < 3 && best >= 1000; i++) {
      const page = await explore(name);
      best = Math.min(best, await page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0].startTime));
      await page.close();
    }
    assert.ok(best < 1000, `${name}: first paint after ${best} ms`);
  }
});

test('of 1,000 patients and a year, the whole canal each week, stays below 10 MB', async () => {
  const bytes = statSync(process.env.PAGES + '/many.html').size, page = await open('many');
  assert.ok(bytes < 10e6, `${bytes} bytes`);
  assert.match(await page.locator('#explorer').innerText(), /Here are all 1000 of 1000 records/);
});

test('begins with the question of the study', async () => {
  const page = await open();
  const lead = page.locator('.banner .lead');
  assert.match(await lead.innerText(), /^Does it matter how early a clinic books a refill\?/);
  assert.ok((await lead.boundingBox()).y > (await page.locator('h1').boundingBox()).y);
});

test('tells how catheters fail, or that none did', async () => {
  const some = await open('catheters'), none = await open();
  assert.match(await none.locator('#catheters').innerText(), /No catheter of this study failed of itself/);
  assert.equal(await none.locator('#figure-catheters').count(), 0);
  for (const id of ['catheters', 'catheter-causes']) {
    const figure = some.locator('#figure-' + id);
    assert.match(await figure.locator('svg').getAttribute('aria-label'), /simulated/);
    await figure.locator('details').evaluate((d) => { d.open = true; });
    assert.ok(await figure.locator('tbody tr').count() > 3, id + ' has a table');
  }
  assert.match(await some.locator('#figure-catheter-causes tbody').innerText(), /occlusion|fracture|disconnection|kink/);
  assert.match(await some.locator('#figure-catheters > figcaption').innerText(), /whose patient dies, is cut off there/);
  assert.match(await some.locator('#figure-catheter-causes > figcaption').innerText(), /the patient’s death, compete/);
  assert.deepEqual(some.said.concat(none.said), []);
});

// 8 patients in 2 arms, 12 draws and the central values: 208 lives.
test('of draws of parameters tells what they make of numbers, and shows the lives of none', async () => {
  const page = await explore('draws'), lives = (await data(page)).records.map((r) => r.p + ' ' + r.a);
  assert.equal(lives.length, 16);
  assert.equal(new Set(lives).size, 16);
  assert.match(await page.locator('#explorer').innerText(), /Only the central values of the parameters \(replicate 0\) are here/);
  for (const id of ['outcomes', 'arms', 'errors']) {
    const heads = await page.locator(`#${id} table`).first().locator('thead th').allInnerTexts();
    assert.ok(heads.includes('95 %, parameters'), id + ': ' + heads.join());
  }
  assert.match(await page.locator('#outcomes').innerText(), /not resolved/);
  assert.match(await page.locator('#errors').innerText(), /12 draws of them beside the central values/);
  assert.deepEqual(page.said, []);
});

// Ten events, six colours and three arms: lines of two of them never look alike, and the key has room for all.
test('draws no two first events alike, and names each', async () => {
  const page = await open('catheters');
  const figure = page.locator('#figure-first-events'), drawn = await figure.locator('svg text').allTextContents();
  await figure.locator('details').evaluate((d) => { d.open = true; });
  const told = await figure.locator('tbody tr').evaluateAll((rows) => rows.map((r) => [r.cells[0].textContent, r.cells[1].textContent]));
  for (const name of new Set(told.flat())) assert.ok(drawn.some((text) => text.trim() === name), name + ' is not in the key');
  const looks = await page.evaluate(() => [...document.querySelectorAll('#figure-first-events svg g > path')]
    .map((p) => getComputedStyle(p)).filter((s, i, all) => s.fill === 'none' && s.strokeWidth !== '0.8px') /* but the axes */
    .map((s) => [s.stroke, s.strokeWidth, s.strokeDasharray].join(' ')));
  assert.ok(looks.length > 7, looks.length + ' curves');
  assert.equal(new Set(looks).size, looks.length, looks.join('\n'));
});

test('needs no script to be read', async () => {
  const page = await open('two-arms', { javaScriptEnabled: false });
  assert.ok(await page.locator('#outcomes table').first().isVisible());
  assert.ok(await page.locator('#figure-dose svg').isVisible());
  assert.ok(await page.getByText('The explorer needs a browser that runs scripts.').isVisible());
});

test('has a name, a text and a table for every figure, and says of each that it is simulated', async () => {
  for (const name of ['two-arms', 'catheters']) {
    const page = await open(name);
    const figures = await page.evaluate(() => [...document.querySelectorAll('figure')].map((f) => ({
      id: f.id, role: f.querySelector('svg').getAttribute('role'), label: f.querySelector('svg').getAttribute('aria-label'),
      text: f.querySelector('svg').textContent, rows: f.querySelectorAll('details tbody tr').length
    })));
    assert.ok(figures.length >= 13, `${figures.length} figures`);
    for (const f of figures) {
      assert.equal(f.role, 'img', f.id);
      assert.match(f.label, /simulated/, f.id);
      assert.match(f.text, /simulated/, f.id);
      assert.ok(f.rows > 0, `${f.id} has no table`);
    }
  }
});

test('tells of every row of numbers which field it is from', async () => {
  for (const name of ['two-arms', 'draws']) {
    const page = await open(name);
    const bare = await page.evaluate(() => [...document.querySelectorAll('main tbody tr')].filter((tr) =>
      [...tr.querySelectorAll('td.n')].some((td) => /[.]/.test(td.textContent)) && !tr.querySelector('.from') && !tr.querySelector('[title]') &&
      !/, from (table )?[a-z]+/.test(tr.closest('table').caption.textContent))
      .map((tr) => tr.closest('section').id + ': ' + tr.textContent));
    assert.deepEqual(bare, [], name);
  }
});

test('has ids once, headings in order, a caption on every table, and no empty number', async () => {
  for (const name of ['two-arms', 'draws']) {
    const page = await open(name);
    const found = await page.evaluate(() => {
      const ids = [...document.querySelectorAll('[id]')].map((e) => e.id), levels = [...document.querySelectorAll('h1,h2,h3')].map((h) => +h.tagName[1]);
      return {
        twice: ids.filter((id, i) => ids.indexOf(id) !== i), jumps: levels.filter((l, i) => i > 0 && l > levels[i - 1] + 1),
        bare: [...document.querySelectorAll('table')].filter((t) => !t.caption || !t.caption.textContent).length,
        wrong: [...document.querySelectorAll('td')].filter((t) => /(^|[^a-z])(nan|inf|infinity|null|undefined)([^a-z]|$)/i.test(t.textContent)).map((t) => t.textContent)
      };
    });
    assert.deepEqual(found, { twice: [], jumps: [], bare: 0, wrong: [] }, name);
  }
});

// Relative luminance and contrast as WCAG 2 defines them.
const contrasts = () => {
  const rgb = (name) => {
    const probe = document.createElement('i');
    probe.style.color = `var(${name})`;
    document.body.append(probe);
    const value = getComputedStyle(probe).color.match(/[\d.]+/g).slice(0, 3).map(Number);
    probe.remove();
    return value;
  };
  const light = (c) => c.map((v) => v / 255).map((v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const against = (a, b) => { const [x, y] = [light(rgb(a)), light(rgb(b))]; return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05); };
  const series = ['--c1', '--c2', '--c3', '--c4', '--c5', '--c6'].map((c) => against(c, '--ground'));
  return {
    ground: light(rgb('--ground')), text: against('--ink', '--ground'), soft: against('--soft', '--ground'),
    link: against('--link', '--ground'), badge: against('--badge', '--badge-ground'), series: Math.min(...series)
  };
};

function readable(c, what) {
  for (const part of ['text', 'soft', 'link', 'badge']) assert.ok(c[part] >= 4.5, `${what}: ${part} has a contrast of ${c[part]}`);
  assert.ok(c.series >= 3, `${what}: a series has a contrast of ${c.series}`);
}

test('is light or dark as the system says, and readable in both', async () => {
  for (const colorScheme of ['light', 'dark']) {
    const page = await open('two-arms', { colorScheme });
    const c = await page.evaluate(contrasts);
    assert.equal(c.ground > 0.5, colorScheme === 'light', `the ground of ${colorScheme} has a luminance of ${c.ground}`);
    readable(c, colorScheme);
  }
});

test('is light or dark as the reader says, figures and charts too', async () => {
  const page = await explore('two-arms', { colorScheme: 'light' });
  const line = () => page.evaluate(() => getComputedStyle(document.querySelector('#figure-dose path[stroke="var(--c1)"]')).stroke);
  const before = await line();
  await page.getByRole('button', { name: 'Dark' }).click();
  const c = await page.evaluate(contrasts);
  assert.ok(c.ground < 0.1);
  readable(c, 'dark by choice');
  assert.notEqual(await line(), before);
  await page.getByRole('button', { name: 'Light' }).click();
  assert.equal(await line(), before);
  assert.equal(await page.getByRole('button', { name: 'Light' }).getAttribute('aria-pressed'), 'true');
});

test('fits a phone: nothing but tables scrolls sideways', async () => {
  for (const name of ['two-arms', 'draws']) {
    for (const width of [360, 390, 768]) {
      const page = await explore(name, { viewport: { width, height: 740 }, hasTouch: true });
      await page.evaluate(() => { for (const d of document.querySelectorAll('details')) d.open = true; });
      const wide = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
      assert.ok(wide[0] <= wide[1], `${name}: ${wide[0]} px wide on ${wide[1]}`);
      await page.close();
    }
  }
});

test('can be printed: without its controls, folded parts open', async () => {
  const page = await explore();
  await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
  await page.emulateMedia({ media: 'print' });
  assert.equal(await page.locator('nav.contents').isVisible(), false);
  assert.equal(await page.locator('.theme').isVisible(), false);
  assert.ok(await page.locator('#figure-dose table').isVisible());
  assert.ok(await page.locator('#x-charts').isVisible(), 'the patient that the reader chose is printed');
});
