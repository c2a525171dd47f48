// Which point stands for an indicator on the wall, and how far it may be relied on.

import {age, GRADES, severest, state} from './state.js';

/** The point's trust; what is too old counts as stale whatever it was when it was computed. */
export function quality(indicator, point) {
  if (!point || point.value === undefined || point.value === null) return 'missing';
  return age(point, indicator.grain).isStale ? 'stale' : point.trust;
}

/**
 * The point to show: the chosen district's or the city's; where the city has none, the worst district's, named as such:
 * values are never averaged here.
 */
export function pointFor(indicator) {
  const found = pointOf(indicator, state.selectedRegion ?? state.city?.code);
  if (found || state.selectedRegion) return found;
  let worst = null;
  for (const point of state.points.get(indicator.code)?.values() ?? []) {
    if (!worst || isWorse(indicator, point, worst)) worst = point;
  }
  return worst;
}

/** A region's newest point, that of all dimensions together where there is one. */
export function pointOf(indicator, region) {
  let found = null;
  for (const [id, point] of state.points.get(indicator.code) ?? []) {
    if (point.key.region === region && (!found || id.endsWith('|'))) found = point;
  }
  return found;
}

function isWorse(indicator, a, b) {
  const rank = (point) => GRADES.indexOf(severest(indicator.code, point.key.region)?.grade);
  const difference = rank(a) - rank(b);
  if (difference) return difference > 0;
  return indicator.direction === 'higher_better' ? (a.value ?? Infinity) < (b.value ?? Infinity)
      : (a.value ?? -Infinity) > (b.value ?? -Infinity);
}
