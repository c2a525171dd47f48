// A trial of a definition on history, run by the server as a job that publishes nothing: per day how many values it
// would have, of which grade, and which alerts would have been raised.

import {GRADE_COLOURS, look, openChart, rem} from './chart.js';
import {element, replace, setText, sign} from './dom.js';
import {currentLanguage, number, pick, shortTime, t} from './i18n.js';
import {jobRun} from './job.js';
import {GRADES} from './state.js';

const USUAL_DAYS = 7;
const MOST_ALERTS = 200;

export function trialPanel(node, textOf) {
  const title = element('h2');
  const from = element('input', {type: 'date', required: true});
  const to = element('input', {type: 'date'});
  const fromLabel = element('span');
  const toLabel = element('span');
  const runButton = element('button.primary.runTrial', {onclick: run});
  const stopButton = element('button.stopTrial', {disabled: true});
  const progress = element('div.trialProgress', {role: 'status'});
  const body = element('div.trialBody');
  let names = new Map();
  let report = null;
  let chart = null;
  const job = jobRun({runButton, stopButton, progress, body}, show);

  replace(node, element('div.seriesBar', {}, title, element('label', {}, fromLabel, from), element('label', {}, toLabel, to), runButton, stopButton), progress, body);

  /** @param city whose clock says what the last days are */
  function begin(city) {
    names = new Map([[city.code, null], ...city.districts.map((district) => [district.code, district.name])]);
    const now = city.now ? Date.parse(city.now) : Date.now();
    from.value = new Date(now - USUAL_DAYS * 86_400_000).toISOString().slice(0, 10);
  }

  function redraw() {
    setText(title, t('dryRun'));
    setText(fromLabel, t('from'));
    setText(toLabel, t('to'));
    setText(runButton, t('runTrial'));
    setText(stopButton, t('stopTrial'));
    if (report) draw();
    job.redraw();
  }

  function run() {
    report = null;
    chart?.dispose();
    chart = null;
    return job.start({kind: 'dry-run', definition: textOf(), from: from.value, ...(to.value ? {to: to.value} : {})});
  }

  function show(found) {
    report = found;
    draw();
  }

  function draw() {
    chart?.dispose();
    const holder = element('div.chartHolder', {role: 'img', 'aria-label': t('values')});
    replace(body, holder, dayTable(), element('h3', {}, t('trialAlerts')), alertTable());
    chart = openChart(holder);
    chart.setOption(option());
  }

  function option() {
    const {text, axis, base, tooltip} = look();
    const size = rem();
    const bars = (name, colour, count) => ({name, type: 'bar', stack: 'day', itemStyle: {color: colour}, data: report.days.map(count)});
    const graded = (day) => GRADES.reduce((sum, grade) => sum + (day.grades[grade] ?? 0), 0);
    return {
      ...base,
      legend: {type: 'scroll', top: 0, textStyle: text, itemWidth: 1.2 * size, itemHeight: 0.8 * size},
      tooltip: {...tooltip, trigger: 'axis'},
      grid: {left: 4.5 * size, right: size, top: 2.6 * size, bottom: 2.2 * size},
      xAxis: {type: 'category', data: report.days.map((day) => day.date.slice(5)), ...axis, axisLabel: {...text, hideOverlap: true}},
      yAxis: {type: 'value', ...axis, axisLabel: {...text, formatter: (value) => number(value)}},
      series: [
        bars(t('ungraded'), '#2b8f81', (day) => day.values - graded(day)),
        ...GRADES.filter((grade) => report.days.some((day) => day.grades[grade])).map((grade) => bars(t(grade), GRADE_COLOURS[grade], (day) => day.grades[grade] ?? 0)),
        bars(t('missing'), '#5a2b36', (day) => day.missing),
      ],
    };
  }

  function dayTable() {
    return element('div.tableHolder.days', {tabindex: 0}, element('table', {},
        element('thead', {}, element('tr', {}, element('th', {}, t('date')),
            [t('values'), t('missing'), ...GRADES.map((grade) => t(grade)), t('alertsBegun')].map((word) => element('th.numeric', {}, word)))),
        element('tbody', {}, report.days.map((day) => element('tr', {}, element('td', {}, day.date),
            [day.values, day.missing, ...GRADES.map((grade) => day.grades[grade] ?? 0), day.alerts].map((count) =>
              element('td.numeric', {}, count ? number(count) : '–')))))));
  }

  function alertTable() {
    if (!report.alerts.length) return element('p.note', {}, t('trialNone'));
    return [
      element('div.tableHolder', {tabindex: 0}, element('table', {},
          element('thead', {}, element('tr', {}, ['gradeLegend', 'region', 'from', 'to', 'value', 'reason'].map((word) => element('th', {}, t(word))))),
          element('tbody', {}, report.alerts.slice(0, MOST_ALERTS).map((alert) => element('tr', {},
              element('td', {}, sign(alert.grade, currentLanguage())),
              element('td', {}, names.has(alert.region) ? pick(names.get(alert.region)) || t('wholeCity') : alert.region, alert.dimensions ? ` ${alert.dimensions}` : ''),
              element('td', {}, shortTime(Date.parse(alert.from))), element('td', {}, alert.to ? shortTime(Date.parse(alert.to)) : t('still')),
              element('td.numeric', {}, number(alert.value, 2)), element('td', {}, alert[currentLanguage()].join('; '))))))),
      report.alerts.length > MOST_ALERTS ? element('p.more', {}, `${number(report.alerts.length - MOST_ALERTS)} ${t('more')}`) : null,
    ];
  }

  addEventListener('resize', () => chart?.resize());
  return {begin, redraw};
}
