// The indicators: all of them, or the one that the address names: #CVS-ENV-0001, #CVS-ENV-0001/630102 or ?code=….

import * as api from './api.js';
import {toast} from './alerts.js';
import {connect} from './connect.js';
import {explorer} from './explorer.js';
import {pageHeader} from './header.js';
import {indicatorPage} from './indicator.js';
import {startScreen} from './start.js';
import {onChange, setClock, setIndicators, state} from './state.js';

const REFRESH_MILLIS = 1_000;
const list = document.getElementById('explorer');
const one = document.getElementById('indicator');
const all = explorer(list);
const single = indicatorPage(one);

pageHeader('indicators', () => {
  all.redraw();
  single.redraw();
});

function route() {
  const [code, region] = location.hash.slice(1).split('/');
  list.hidden = Boolean(code);
  one.hidden = !code;
  if (code) single.open(code, region);
  else single.close();
  scrollTo(0, 0);
}

addEventListener('keydown', (event) => {
  if (event.target.closest?.('input, textarea, select') || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === '/' && !list.hidden) {
    event.preventDefault();
    all.focus();
  } else if (event.key === 'Escape' && !one.hidden) location.hash = '';
});

/** Values arrive many times a second; people read once. */
let drawn = false;
onChange(() => {
  if (drawn) return;
  drawn = true;
  setTimeout(() => {
    drawn = false;
    if (list.hidden) single.render();
    else all.render();
  }, REFRESH_MILLIS);
});

async function run() {
  const asked = new URLSearchParams(location.search).get('code');
  if (asked) history.replaceState(null, '', `/indicators.html#${asked}`);
  await startScreen(document.getElementById('start')).wait();
  if (state.city.now) setClock(state.city.now, state.city.speed, state.city.progress);
  try {
    setIndicators(await api.indicators());
  } catch (error) {
    toast(error.message);
  }
  all.redraw();
  addEventListener('hashchange', route);
  route();
  connect().open();
}

run();
