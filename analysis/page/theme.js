/* SPDX-License-Identifier: Apache-2.0 */
/* Light or dark: as the system says, or as the reader chose, here and the next time. */
'use strict';
(function () {
  const root = document.documentElement;
  root.classList.add('scripted');
  function kept() {
    try { return localStorage.getItem('thecasim-theme') || 'auto'; } catch (e) { return 'auto'; }
  }
  function keep(choice) {
    try { localStorage.setItem('thecasim-theme', choice); } catch (e) { /* a page from a file may have no store */ }
  }
  function apply(choice) {
    if (choice === 'auto') root.removeAttribute('data-theme');
    else root.setAttribute('data-theme', choice);
    for (const b of document.querySelectorAll('[data-theme-choice]')) {
      b.setAttribute('aria-pressed', String(b.dataset.themeChoice === choice));
    }
    document.dispatchEvent(new Event('themechange'));
  }
  apply(kept());
  document.addEventListener('DOMContentLoaded', function () {
    apply(kept());
    document.addEventListener('click', function (event) {
      const b = event.target.closest('[data-theme-choice]');
      if (b) { keep(b.dataset.themeChoice); apply(b.dataset.themeChoice); }
    });
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', function () { apply(kept()); });
    /* On paper, what is folded cannot be opened: it is printed open. */
    addEventListener('beforeprint', function () {
      for (const d of document.querySelectorAll('details:not([open])')) { d.open = true; d.dataset.printed = '1'; }
    });
    addEventListener('afterprint', function () {
      for (const d of document.querySelectorAll('details[data-printed]')) { d.open = false; delete d.dataset.printed; }
    });
  });
})();
