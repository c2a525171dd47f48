// Incidents: alerts of several series that are one happening; who moved first, drawn one below the other on one time.

import * as api from './api.js';
import {connect} from './connect.js';
import {element, replace, sign} from './dom.js';
import {pageHeader} from './header.js';
import {currentLanguage, duration, isoDuration, number, pick, shortTime, t} from './i18n.js';
import {startScreen} from './start.js';
import {cityNow, setClock, setIndicators, state} from './state.js';
import {trace} from './trace.js';

const DAYS = 7;
const REFRESH_MILLIS = 20_000;
const MOST_MEMBERS = 12;
const page = document.getElementById('incidents');
const list = element('section.panel.incidentList');
const one = element('section.panel.incident', {'aria-live': 'polite'});
let incidents = [];
let shown = null;
let trouble = null;
let wholeOf = null;
let shownText = '';

pageHeader('incidents', () => {
  shownText = '';
  draw();
});

const indicatorName = (key) => pick(state.byCode.get(key.code)?.name) || key.code;
const placeName = (key) => (key.region === state.city.code ? t('wholeCity')
  : pick(state.city.districts.find((district) => district.code === key.region)?.name) || key.region);
const seriesName = (key) => `${indicatorName(key)} · ${placeName(key)}`;

async function load() {
  try {
    const to = cityNow();
    ({incidents} = await api.incidents(new Date(to - DAYS * 86_400_000), new Date(to)));
    const id = decodeURIComponent(location.hash.slice(1)) || incidents[0]?.id;
    shown = id ? await api.incident(id) : null;
    trouble = null;
  } catch (error) {
    shown = null;
    trouble = error.message;
  }
  draw();
}

function draw() {
  const text = JSON.stringify([incidents, shown, trouble, wholeOf, currentLanguage()]);
  if (text === shownText) return;
  shownText = text;
  replace(list, element('h2', {}, `${t('incidents')} ${incidents.length || ''}`),
      incidents.length ? incidents.map(item) : element('p.note', {}, t('noIncidents')));
  replace(one, trouble ? element('p.error', {role: 'alert'}, trouble) : shown ? detail(shown) : element('p.note', {}, t('incidentHint')));
}

function item(incident) {
  const from = Date.parse(incident.start);
  return element(`a.incidentItem${incident.id === shown?.id ? '.current' : ''}`, {href: `#${incident.id}`},
      sign(incident.grade, currentLanguage()),
      element('span.what', {}, element('b', {}, seriesName(incident.members[0].key)),
          element('small', {}, `${shortTime(from)} · ${incident.end ? duration(Date.parse(incident.end) - from) : t('goesOn')} · ${
            incident.members.length} ${t('seriesCount')}`)));
}

function detail(incident) {
  const byOnset = [...incident.members].sort((a, b) => (a.onset < b.onset ? -1 : a.onset > b.onset ? 1 : b.origin - a.origin));
  const origin = incident.members[0];
  const drawn = wholeOf === incident.id ? byOnset : byOnset.slice(0, MOST_MEMBERS);
  const rest = byOnset.length - drawn.length;
  return [
    element('h2', {}, sign(incident.grade, currentLanguage()), ` ${shortTime(Date.parse(incident.start))} · ${
      incident.members.length} ${t('seriesCount')}`),
    element('p', {}, `${t('lookFirst')}: `, element('a', {href: `/indicators.html#${origin.key.code}/${origin.key.region}`}, seriesName(origin.key)), ' — ', why(origin, incident)),
    element('p.note', {}, incident.coincidence === undefined ? t('becauseKin') : `${t('becauseTogether')} ${number(100 * incident.coincidence, 1)} %`),
    element('div.members', {}, drawn.map((member) => memberRow(member, incident, origin))),
    rest ? element('button.others', {onclick: () => {
      wholeOf = incident.id;
      draw();
    }}, `${t('showOthers')} ${rest} ${t('seriesCount')}`) : null,
    element('p.note', {}, t('incidentLegend')),
  ];
}

function why(member, incident) {
  const later = incident.members.filter((other) => other.onset > member.onset).length;
  return [
    member.explains.length ? `${t('partOf')} ${member.explains.length} ${t('ofThese')}` : null,
    later ? `${t('earlierThan')} ${later} ${t('ofThese')}` : null,
    member.peak === undefined ? null : `${t('farthest')} ${number(member.peak, 1)} σ`,
  ].filter(Boolean).join(currentLanguage() === 'zh' ? '，' : ', ');
}

function memberRow(member, incident, origin) {
  const after = Date.parse(member.onset) - Date.parse(incident.start);
  return element(`article.member${member === origin ? '.origin' : ''}`, {},
      element('div.memberHead', {},
          sign(member.grade, currentLanguage()),
          element('a', {href: `/indicators.html#${member.key.code}/${member.key.region}`}, seriesName(member.key)),
          element('span.after', {}, after ? `+${duration(after)}` : t('first')),
          member.correlation === undefined ? null : element('small', {}, `r = ${number(member.correlation, 2)}${
            /^-?PT?0S$/.test(member.lag) ? '' : ` · ${t('lag')} ${isoDuration(member.lag.replace('-', ''))}${member.lag.includes('-') ? ` ${t('earlier')}` : ''}`}`),
          element('span.bar', {title: `${t('originScore')} ${number(100 * member.origin)} %`}, element('meter', {min: 0, max: 1, value: member.origin}))),
      member.trace ? trace(member, incident) : element('p.note', {}, t('noTrace')));
}

async function run() {
  await startScreen(document.getElementById('start')).wait();
  if (state.city.now) setClock(state.city.now, state.city.speed, state.city.progress);
  replace(page, list, one);
  setIndicators(await api.indicators());
  addEventListener('hashchange', load);
  connect().open();
  for (;;) {
    await load();
    await new Promise((resolve) => {
      setTimeout(resolve, REFRESH_MILLIS);
    });
  }
}

run();
