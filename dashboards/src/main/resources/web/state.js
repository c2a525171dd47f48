// What the wall knows: one mutable object, every collection bounded by the number of series or by a stated limit.

export const GRADES = ['blue', 'yellow', 'orange', 'red'];
export const SPARK_POINTS = 48;
const MOST_ALERTS = 5_000;
const RESOLVED_SHOWN_MILLIS = 60_000;

export const state = {
  city: null,
  indicators: [],
  byCode: new Map(),
  points: new Map(), // code -> region|dimensions -> newest point
  trends: new Map(), // code|region -> last points, oldest first
  alerts: new Map(), // id -> alert
  hasForgotten: false, // more alerts are open than the page keeps
  selectedRegion: null,
  selectedAlert: null,
  user: null,
  role: null,
  connection: 'down',
  clock: {now: null, speed: 1, progress: null, at: 0},
};

const listeners = new Set();
let scheduled = false;

export function onChange(listener) {
  listeners.add(listener);
}

/** Renders once per frame at most, however much arrives. */
export function changed() {
  if (scheduled) return;
  scheduled = true;
  requestAnimationFrame(() => {
    scheduled = false;
    for (const listener of listeners) listener();
  });
}

export function setIndicators(list) {
  state.indicators = list;
  state.byCode = new Map(list.map((indicator) => [indicator.code, indicator]));
  for (const indicator of list) for (const point of indicator.newest ?? []) addPoint(point);
  changed();
}

function dimensionText(key) {
  return Object.entries(key.dimensions ?? {}).map(([k, v]) => `${k}=${v}`).sort().join(';');
}

export function addPoint(point) {
  const dimensions = dimensionText(point.key);
  if (!state.points.has(point.key.code)) state.points.set(point.key.code, new Map());
  const ofCode = state.points.get(point.key.code);
  const id = `${point.key.region}|${dimensions}`;
  const known = ofCode.get(id);
  const time = Date.parse(point.periodStart);
  if (known && (time < known.time || (time === known.time && point.revision < known.revision))) return;
  point.time = time;
  ofCode.set(id, point);
  if (!dimensions) addTrend(`${point.key.code}|${point.key.region}`, [point]);
  changed();
}

/** Merges points by period, newest revision first, and keeps the last few. */
export function addTrend(id, points) {
  const byTime = new Map((state.trends.get(id) ?? []).map((entry) => [entry.time, entry]));
  for (const point of points) {
    const time = point.time ?? Date.parse(point.periodStart);
    const known = byTime.get(time);
    if (!known || known.revision <= point.revision) {
      byTime.set(time, {time, value: point.value ?? null, revision: point.revision});
    }
  }
  state.trends.set(id, [...byTime.values()].sort((a, b) => a.time - b.time).slice(-SPARK_POINTS));
}

export const isOpen = (alert) => ['pending', 'firing', 'acknowledged'].includes(alert.state);
export const isRaised = (alert) => (alert.state === 'firing' || alert.state === 'acknowledged') && !alert.suppression;

/** Whether it is listed last and without sound. */
export const callsNobody = (alert) => Boolean(alert.suppression || alert.assessment?.demoted);

export function resetAlerts(alerts) {
  state.alerts = new Map(alerts.map((alert) => [alert.id, alert]));
  state.hasForgotten = false;
  worst = null;
  changed();
}

const called = (alert) => alert.escalation?.to.length ?? 0;

/** Takes an alert unless a newer revision is known; true if it calls people: it is new, got worse, is suppressed no longer, or nobody answered. */
export function addAlert(alert) {
  const known = state.alerts.get(alert.id);
  if (known && known.revision > alert.revision) return false;
  worst = null;
  if (alert.state === 'closed') state.alerts.delete(alert.id);
  else state.alerts.set(alert.id, alert);
  if (alert.state === 'resolved') alert.leavesAt = performance.now() + RESOLVED_SHOWN_MILLIS;
  if (state.alerts.size > MOST_ALERTS) forgetMildest();
  changed();
  const rose = known && GRADES.indexOf(alert.grade) > GRADES.indexOf(known.grade);
  return alert.state === 'firing' && !callsNobody(alert) && (!known || known.state !== 'firing' || rose || Boolean(known.suppression)
    || called(alert) > called(known));
}

function forgetMildest() {
  let mildest = null;
  for (const alert of state.alerts.values()) {
    if (!mildest || GRADES.indexOf(alert.grade) < GRADES.indexOf(mildest.grade)) mildest = alert;
  }
  state.alerts.delete(mildest.id);
  state.hasForgotten = true;
}

/** Resolved alerts leave the list a minute later. */
export function forgetResolved() {
  const now = performance.now();
  for (const alert of state.alerts.values()) {
    if (alert.leavesAt && alert.leavesAt < now) {
      state.alerts.delete(alert.id);
      changed();
    }
  }
}

const ORDER = {firing: 0, acknowledged: 1, pending: 3, resolved: 2};

/** Firing first, what calls nobody last among them; severest first, newest first. */
export function sortedAlerts() {
  return [...state.alerts.values()].sort((a, b) =>
    ORDER[a.state] - ORDER[b.state]
    || callsNobody(a) - callsNobody(b)
    || GRADES.indexOf(b.grade) - GRADES.indexOf(a.grade)
    || (a.startsAt < b.startsAt ? 1 : -1));
}

// code|region, code| and |region -> the severest raised alert there; built once after each change of the alerts.
let worst = null;

/** The severest raised alert of a code, of a region, or of both; null stands for any. */
export function severest(code, region) {
  worst ??= buildWorst();
  return worst.get(`${code ?? ''}|${region ?? ''}`) ?? null;
}

function buildWorst() {
  const found = new Map();
  for (const alert of state.alerts.values()) {
    if (!isRaised(alert)) continue;
    const {code, region} = alert.latest.key;
    for (const key of [`${code}|${region}`, `${code}|`, `|${region}`]) {
      const known = found.get(key);
      if (!known || GRADES.indexOf(alert.grade) > GRADES.indexOf(known.grade)) found.set(key, alert);
    }
  }
  return found;
}

export function setClock(now, speed, progress) {
  state.clock = {now: Date.parse(now), speed: speed ?? 1, progress: progress ?? null, at: performance.now()};
  changed();
}

/** The city's time now, carried on from the last frame at the demo's speed; so ages keep growing when frames stop. */
export function cityNow() {
  const {now, speed, at} = state.clock;
  return now === null ? Date.now() : now + (performance.now() - at) * speed;
}

const UNITS = {Y: 31_536_000_000, M: 2_592_000_000, W: 604_800_000, D: 86_400_000};

/** The typical length of an ISO 8601 grain in milliseconds. */
export function grainMillis(iso) {
  const day = /^P1([YMWD])$/.exec(iso);
  if (day) return UNITS[day[1]];
  const [, h, m, s] = /^PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?$/.exec(iso) ?? [];
  return ((+(h ?? 0) * 60 + +(m ?? 0)) * 60 + +(s ?? 0)) * 1000 || 3_600_000;
}

/** Age of the end of the point's period, and whether it is too old to stand for now. */
export function age(point, grain) {
  const length = grainMillis(grain);
  const millis = Math.max(0, cityNow() - (Date.parse(point.periodStart) + length));
  return {millis, isStale: point.trust === 'stale' || millis > Math.max(2 * length, 300_000) + 1_200_000};
}
