// Chinese and English, the choice remembered; numbers and times as people in the city read them.

import {WORDS} from './words.js';

let language = localStorage.getItem('chengmai.language')
  ?? (navigator.language.toLowerCase().startsWith('zh') ? 'zh' : 'en');
let zone = 'Asia/Shanghai';
const formats = new Map();

document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';

export const currentLanguage = () => language;

export function toggleLanguage() {
  language = language === 'zh' ? 'en' : 'zh';
  localStorage.setItem('chengmai.language', language);
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
  formats.clear();
}

export function setZone(name) {
  if (name && name !== zone) {
    zone = name;
    formats.clear();
  }
}

/** The word for a key; a key without a word (a new domain, say) stands for itself. */
export function t(key) {
  const word = WORDS[key];
  return word ? word[language === 'zh' ? 0 : 1] : key;
}

/** The right one of {zh, en}; plain text as it is. */
export function pick(text) {
  if (text === null || text === undefined) return '';
  return typeof text === 'string' ? text : text[language] ?? text.zh ?? text.en ?? '';
}

function format(name, options) {
  if (!formats.has(name)) {
    formats.set(name, new Intl.DateTimeFormat(language === 'zh' ? 'zh-CN' : 'en-GB', {timeZone: zone, hourCycle: 'h23', ...options}));
  }
  return formats.get(name);
}

export const clockTime = (millis) =>
  format('time', {hour: '2-digit', minute: '2-digit', second: '2-digit'}).format(millis);
export const clockDate = (millis) =>
  format('date', {year: 'numeric', month: language === 'zh' ? 'numeric' : 'short', day: 'numeric', weekday: 'short'}).format(millis);
export const shortTime = (millis) =>
  format('short', {month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit'}).format(millis);
export const hourMinute = (millis) => format('hm', {hour: '2-digit', minute: '2-digit'}).format(millis);
/** How far the city's clock is from UTC at this time, in milliseconds. */
export function zoneOffset(millis) {
  const parts = Object.fromEntries(format('parts', {
    year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit',
  }).formatToParts(millis).map(({type, value}) => [type, Number(value)]));
  const local = Date.UTC(parts.year, parts.month - 1, parts.day, parts.hour, parts.minute, parts.second);
  return local - Math.floor(millis / 1000) * 1000;
}

export const monthDay = (millis) => format('md', {month: '2-digit', day: '2-digit'}).format(millis);

/** A length of time in its one largest unit. */
export function duration(millis) {
  const minutes = Math.floor(millis / 60_000);
  const zh = language === 'zh';
  if (minutes < 1) return `${Math.floor(millis / 1000)}${zh ? ' 秒' : ' s'}`;
  if (minutes < 60) return `${minutes}${zh ? ' 分' : ' min'}`;
  if (minutes < 48 * 60) return `${Math.floor(minutes / 60)}${zh ? ' 小时' : ' h'}`;
  return `${Math.floor(minutes / 1440)}${zh ? ' 天' : ' d'}`;
}

/** An ISO 8601 length of time in its own units: PT1H30M is 1 hour 30 minutes. */
export function isoDuration(text) {
  const [, date = '', time = ''] = /^P([^T]*)(?:T(.*))?$/.exec(text) ?? [];
  const zh = language === 'zh';
  const words = {Y: [' 年', ' y'], M: [' 个月', ' mo'], W: [' 周', ' w'], D: [' 天', ' d'], TH: [' 小时', ' h'], TM: [' 分', ' min'], TS: [' 秒', ' s']};
  const parts = [...[...date.matchAll(/([\d.]+)([YMWD])/g)].map(([, count, unit]) => [count, unit]),
    ...[...time.matchAll(/([\d.]+)([HMS])/g)].map(([, count, unit]) => [count, `T${unit}`])];
  return parts.map(([count, unit]) => `${count}${words[unit][zh ? 0 : 1]}`).join(' ') || text;
}

export function number(value, decimals = 0) {
  if (value === null || value === undefined) return '–';
  const name = `number${decimals}`;
  if (!formats.has(name)) {
    formats.set(name, new Intl.NumberFormat('en-US', {minimumFractionDigits: decimals, maximumFractionDigits: decimals}));
  }
  return formats.get(name).format(value);
}
