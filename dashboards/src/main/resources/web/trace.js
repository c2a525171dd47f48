// The course of one member of an incident: residuals in standard deviations, the ordinary band, the moment it left it.

import {element, svg} from './dom.js';
import {hourMinute, t} from './i18n.js';
import {grainMillis} from './state.js';

const WIDTH = 600;
const HEIGHT = 74;
const MARGIN = 20;
const HALF_HOUR = 1_800_000;
const MOST = 8;
const ORDINARY = 2.5;

/** All members of an incident share their time axis, so that what is below one another happened at once. */
export function trace(member, incident) {
  const {from, step, z} = member.trace;
  const start = Date.parse(from);
  const length = grainMillis(step);
  const end = start + length * z.length;
  const x = (time) => WIDTH * (time - start) / (end - start);
  const y = (value) => HEIGHT * (1 - (Math.max(-MOST, Math.min(MOST, value)) + MOST) / (2 * MOST));
  const pieces = [];
  z.forEach((value, cell) => {
    if (value === null) return;
    const at = `${x(start + length * cell).toFixed(1)},${y(value).toFixed(1)} ${x(start + length * (cell + 1)).toFixed(1)},${y(value).toFixed(1)}`;
    if (cell > 0 && z[cell - 1] !== null) pieces[pieces.length - 1] += ` ${at}`;
    else pieces.push(at);
  });
  const onset = Date.parse(member.onset);
  const first = Date.parse(incident.start);
  const hours = element('div.hours', {'aria-hidden': 'true'});
  for (let hour = Math.ceil(start / HALF_HOUR) * HALF_HOUR; hour < end; hour += HALF_HOUR) {
    if (x(hour) < MARGIN || x(hour) > WIDTH - MARGIN) continue;
    const label = element('span', {}, hourMinute(hour));
    label.style.left = `${100 * x(hour) / WIDTH}%`;
    hours.append(label);
  }
  const picture = svg('svg.trace', {viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: 'none', role: 'img',
    'aria-label': `${t('leftBand')} ${hourMinute(onset)}`},
  svg('rect.ordinary', {x: 0, y: y(ORDINARY), width: WIDTH, height: y(-ORDINARY) - y(ORDINARY)}),
  svg('line.begin', {x1: x(first), x2: x(first), y1: 0, y2: HEIGHT}),
  svg('line.onset', {x1: x(onset), x2: x(onset), y1: 0, y2: HEIGHT}),
  pieces.map((points) => svg('polyline', {points})));
  return [picture, hours];
}
