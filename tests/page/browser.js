// SPDX-License-Identifier: Apache-2.0
// A page in headless Chromium, watched: what it says to its console, and what it asks of anybody.
import { chromium } from 'playwright-core';
import { after } from 'node:test';

const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync'];

let browser;
after(async () => { if (browser) await browser.close(); });

// Opens a page of the folder $PAGES. `page.said` and `page.asked` fill as it runs.
export async function open(name = 'two-arms', options = {}) {
  browser = browser || await chromium.launch({ executablePath: process.env.CHROMIUM || '/usr/bin/chromium', args: FLAGS });
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  // Long, for a machine that has other things to do; nothing waits that long where all is well.
  context.setDefaultTimeout(120000);
  const page = await context.newPage();
  const url = 'file://' + process.env.PAGES + '/' + name + '.html';
  page.said = [];
  page.asked = [];
  page.on('console', (m) => page.said.push(m.type() + ': ' + m.text()));
  page.on('pageerror', (e) => page.said.push('error: ' + e.message));
  page.on('request', (r) => { if (r.url() !== url && !r.url().startsWith('data:')) page.asked.push(r.url()); });
  await page.goto(url);
  return page;
}

// The same with the explorer ready.
export async function explore(name, options) {
  const page = await open(name, options);
  await page.locator('#explorer-app .chart canvas').first().waitFor();
  return page;
}

export const view = (page) => page.evaluate(() => document.getElementById('explorer-app').dataset.window.split(' ').map(Number));
export const patient = (page) => page.evaluate(() => Number(document.getElementById('explorer-app').dataset.patient));
export const data = (page) => page.evaluate(() => JSON.parse(document.getElementById('explorer-data').textContent));
export const readout = (page) => page.locator('#x-readout').innerText();
