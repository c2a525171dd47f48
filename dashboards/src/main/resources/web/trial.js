// A trial of a definition on history, run by the server as a job that publishes nothing: per day how many values it
// would have, of which grade, and which alerts would have been raised.

import {dayBars, dayOption, GRADE_COLOURS, openChart} from './chart.js';
import {element, replace, setText, sign} from './dom.js';
import {currentLanguage, number, pick, shortTime, t} from './i18n.js';
import {jobRun} from './job.js';
import {GRADES} from './state.js';
import {headings, more, table} from './table.js';

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
    const {days} = report;
    const graded = (day) => GRADES.reduce((sum, grade) => sum + (day.grades[grade] ?? 0), 0);
    return dayOption(days, {}, [
      dayBars(days, t('ungraded'), '#2b8f81', (day) => day.values - graded(day)),
      ...GRADES.filter((grade) => days.some((day) => day.grades[grade])).map((grade) => dayBars(days, t(grade), GRADE_COLOURS[grade], (day) => day.grades[grade] ?? 0)),
      dayBars(days, t('missing'), '#5a2b36', (day) => day.missing),
    ]);
  }

  function dayTable() {
    const counts = [t('values'), t('missing'), ...GRADES.map((grade) => t(grade)), t('alertsBegun')];
    return table([...headings(['date']), counts.map((word) => element('th.numeric', {}, word))],
        report.days.map((day) => [element('td', {}, day.date),
          [day.values, day.missing, ...GRADES.map((grade) => day.grades[grade] ?? 0), day.alerts].map((count) =>
            element('td.numeric', {}, count ? number(count) : '–'))]), '.days');
  }

  function alertTable() {
    if (!report.alerts.length) return element('p.note', {}, t('trialNone'));
    return [
      table(headings(['gradeLegend', 'region', 'from', 'to', 'value', 'reason']),
          report.alerts.slice(0, MOST_ALERTS).map((alert) => [
            element('td', {}, sign(alert.grade, currentLanguage())),
            element('td', {}, names.has(alert.region) ? pick(names.get(alert.region)) || t('wholeCity') : alert.region, alert.dimensions ? ` ${alert.dimensions}` : ''),
            element('td', {}, shortTime(Date.parse(alert.from))), element('td', {}, alert.to ? shortTime(Date.parse(alert.to)) : t('still')),
            element('td.numeric', {}, number(alert.value, 2)), element('td', {}, alert[currentLanguage()].join('; '))])),
      more(report.alerts.length, MOST_ALERTS),
    ];
  }

  addEventListener('resize', () => chart?.resize());
  return {begin, redraw};
}
