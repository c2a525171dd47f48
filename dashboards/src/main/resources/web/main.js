// The wall: start screen until the servers are ready, then everything live.

import {alertsPanel, toast} from './alerts.js';
import * as api from './api.js';
import {connect} from './connect.js';
import {element, replace, setClass, setText} from './dom.js';
import {domainsPanel} from './domains.js';
import {historyPanel} from './history.js';
import {clockDate, clockTime, currentLanguage, number, pick, t, toggleLanguage} from './i18n.js';
import {mapPanel} from './map.js';
import {pointFor} from './reading.js';
import {beep, isOn, toggleSound} from './sound.js';
import {startScreen} from './start.js';
import {addTrend, changed, cityNow, grainMillis, onChange, setClock, setIndicators, SPARK_POINTS, state} from './state.js';
import {tilesPanel} from './tiles.js';

const byId = (id) => document.getElementById(id);
const openHistory = (code, region) => {
  location.hash = `#/indicator/${code}/${region}`;
};

const start = startScreen(byId('start'));
const map = mapPanel();
const domains = domainsPanel();
const tiles = tilesPanel(openHistory);
const alerts = alertsPanel(openHistory);
const history = historyPanel(byId('history'), () => {
  location.hash = '#/';
});
const top = header();
const bottom = footer();

byId('left').append(map.node, domains.node);
byId('vitals').append(tiles.node);
byId('alerts').append(alerts.node);

function header() {
  const title = element('h1');
  const synthetic = element('span.synthetic');
  const user = element('span.user');
  const connection = element('span.connection');
  const progress = element('span.progress');
  const speed = element('span.speed');
  const time = element('time.time');
  const date = element('span.date');
  const sound = element('button.sound', {onclick: switchSound});
  const language = element('button.language', {onclick: switchLanguage});
  const indicators = element('a.button', {href: '/indicators.html'});
  const incidents = element('a.button', {href: '/incidents.html'});
  const windows = element('a.button', {href: '/windows.html'});
  const sql = element('a.button', {href: '/sql.html'});
  const frozen = element('div.frozen', {role: 'status', hidden: true});
  replace(byId('top'), element('div.brand', {}, element('img', {src: '/icon.svg', alt: ''}), title, synthetic),
      element('div.middle', {}, progress),
      element('div.tools', {}, user, indicators, incidents, windows, sql, sound, language, connection),
      element('div.clock', {}, element('div.when', {}, date, speed), time), frozen);
  let shownProgress = '';

  function render() {
    const name = pick(state.city?.name);
    setText(title, name ? `${name} · ${t('product').split(' · ')[1]}` : t('product'));
    document.title = `${name || 'Chengmai'} · ${currentLanguage() === 'zh' ? '城脉' : 'Chengmai'}`;
    setText(synthetic, state.city?.synthetic ? t('synthetic') : '');
    synthetic.hidden = !state.city?.synthetic;
    setText(user, state.user ?? '');
    setText(indicators, t('indicators'));
    setText(incidents, t('incidents'));
    setText(windows, t('quietWindows'));
    setText(sql, t('sql'));
    setText(sound, isOn() ? t('soundOn') : t('soundOff'));
    setClass(sound, isOn() ? 'sound on' : 'sound');
    setText(language, currentLanguage() === 'zh' ? 'EN' : '中文');
    setText(connection, t(state.connection));
    setClass(connection, `connection ${state.connection}`);
    const now = cityNow();
    setText(time, clockTime(now));
    setText(date, clockDate(now));
    const rate = state.clock.speed;
    setText(speed, rate !== 1 ? `${number(rate)}${t('speed')}` : '');
    frozen.hidden = state.connection === 'live' || state.clock.now === null;
    if (!frozen.hidden) setText(frozen, `${t(state.connection === 'down' ? 'frozen' : 'stalled')} ${clockTime(state.clock.now)}`);
    const look = JSON.stringify([state.clock.progress, currentLanguage()]);
    if (look !== shownProgress) {
      shownProgress = look;
      const going = state.clock.progress;
      replace(progress, going ? [element('span', {}, pick(going.text) || t('loading')),
        element('progress', {max: going.total || 1, ...(going.total ? {value: going.done} : {})}),
        going.total ? element('b', {}, `${Math.floor(100 * going.done / going.total)}%`) : null] : null);
    }
  }
  return {render};
}

function footer() {
  const node = byId('bottom');
  let shown = '';
  function render() {
    if (shown === currentLanguage()) return;
    shown = currentLanguage();
    replace(node,
        element('span.legend', {}, element('b', {}, t('trustLegend')),
            ['complete', 'late', 'partial', 'stale', 'missing'].map((trust) => element(`span.trust.${trust}`, {}, t(trust)))),
        element('span.keys', {}, t('keys')));
  }
  return {render};
}

function switchLanguage() {
  toggleLanguage();
  history.redraw();
  changed();
}

function switchSound() {
  toggleSound();
  changed();
}

onChange(() => {
  for (const part of [top, bottom, map, domains, tiles, alerts, history]) part.render();
});

addEventListener('keydown', (event) => {
  if (event.target.closest?.('input, textarea, select, dialog') || event.ctrlKey || event.metaKey || event.altKey) return;
  const actions = {
    m: switchSound,
    a: alerts.acknowledgeSelected,
    l: switchLanguage,
    ArrowDown: () => alerts.move(1),
    ArrowUp: () => alerts.move(-1),
    Escape: () => {
      if (history.isOpen()) location.hash = '#/';
      else if (state.selectedRegion || state.selectedAlert) {
        state.selectedRegion = state.selectedAlert = null;
        changed();
      }
    },
  };
  const action = actions[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (action) {
    event.preventDefault();
    action();
  }
});

function route() {
  const [, code, region] = /^#\/indicator\/([^/]+)\/([^/]+)$/.exec(location.hash) ?? [];
  if (code && state.city) history.open(decodeURIComponent(code), decodeURIComponent(region));
  else history.close();
}
addEventListener('hashchange', route);
addEventListener('resize', changed);

const live = connect({
  raised: (alert) => beep(alert.grade),
  welcomed: () => trendsLoaded.clear(),
});

/** The servers' states every half minute; definitions, which change rarely, every five minutes. */
async function keepCityFresh() {
  for (let round = 1; ; round++) {
    await pause(30_000);
    try {
      state.city = await api.city();
      if (round % 10 === 0) setIndicators(await api.indicators());
      changed();
    } catch {
      // The connection badge already says so.
    }
  }
}

/** What the server answers at most in one piece. */
const LONGEST_HISTORY = 400 * 86_400_000;
const trendsLoaded = new Set();
let trendsLoading = false;

/** The recent past of what the tiles show, three requests at a time; again for a newly chosen district or after a gap. */
async function loadTrends() {
  if (trendsLoading || state.connection !== 'live') return;
  const wanted = state.indicators.map((indicator) => {
    const region = pointFor(indicator)?.key.region ?? state.selectedRegion ?? state.city.code;
    return {indicator, region, id: `${indicator.code}|${region}`};
  }).filter(({id}) => !trendsLoaded.has(id));
  if (!wanted.length) return;
  trendsLoading = true;
  const worker = async () => {
    for (let next = wanted.shift(); next; next = wanted.shift()) {
      const {indicator, region, id} = next;
      const to = cityNow() + grainMillis(indicator.grain);
      trendsLoaded.add(id);
      try {
        const span = Math.min(SPARK_POINTS * grainMillis(indicator.grain), LONGEST_HISTORY);
        const {points} = await api.history(indicator.code, region, to - span, to);
        addTrend(id, points ?? []);
        changed();
      } catch {
        // A tile without a trend still has its value; the next connection tries again.
      }
    }
  };
  await Promise.all([worker(), worker(), worker()]);
  trendsLoading = false;
}

const pause = (millis) => new Promise((resolve) => {
  setTimeout(resolve, millis);
});

async function run() {
  changed();
  await start.wait();
  if (state.city.now) setClock(state.city.now, state.city.speed, state.city.progress);
  live.open();
  for (;;) {
    try {
      setIndicators(await api.indicators());
      break;
    } catch (error) {
      toast(error.message);
      await pause(2_000);
    }
  }
  route();
  // Ages, the clock and the turning of pages go on when nothing arrives.
  setInterval(changed, 500);
  setInterval(loadTrends, 1_000);
  keepCityFresh();
  loadTrends();
}

run();
