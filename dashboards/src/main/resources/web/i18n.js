// Chinese and English, the choice remembered; numbers and times as people in the city read them.

const WORDS = {
  product: ['城脉 · 城市运行生命体征', 'Chengmai · City Vital Signs'],
  synthetic: ['演示数据 · 模拟城市', 'Synthetic demo data'],
  wall: ['大屏', 'Wall'],
  sql: ['SQL 查询', 'SQL'],
  live: ['实时', 'LIVE'],
  quiet: ['数据停滞', 'QUIET'],
  down: ['连接中断 · 重连中', 'RECONNECTING'],
  frozen: ['连接中断，画面数据停留在', 'Disconnected: what you see stood still at'],
  speed: ['倍速', '× speed'],
  map: ['城区态势', 'Districts'],
  wholeCity: ['全市', 'Whole city'],
  openAlerts: ['开放告警', 'Open alerts'],
  noAlerts: ['当前无告警', 'No open alerts'],
  normal: ['正常', 'Normal'],
  pending: ['观察中', 'Pending'],
  firing: ['告警中', 'Firing'],
  acknowledged: ['已确认', 'Acknowledged'],
  resolved: ['已恢复', 'Resolved'],
  acknowledge: ['确认', 'Acknowledge'],
  close: ['关闭', 'Close'],
  cancel: ['取消', 'Cancel'],
  note: ['处置说明', 'What was done'],
  closeAlert: ['关闭告警', 'Close alert'],
  needsOperator: ['需要操作员角色', 'needs the role operator'],
  expected: ['预期', 'exp.'],
  times: ['次', '×'],
  more: ['条未显示', 'more not shown'],
  worst: ['最差', 'worst'],
  soundOn: ['声音 开', 'Sound on'],
  soundOff: ['声音 关', 'Sound off'],
  keys: ['M 声音 · A 确认 · ↑↓ 选择 · L 语言', 'M sound · A acknowledge · ↑↓ select · L language'],
  complete: ['完整', 'Complete'],
  late: ['迟到', 'Late'],
  partial: ['部分', 'Partial'],
  stale: ['陈旧', 'Stale'],
  missing: ['缺失', 'Missing'],
  trustLegend: ['可信度', 'Trust'],
  gradeLegend: ['等级', 'Grade'],
  blue: ['蓝色', 'Blue'],
  yellow: ['黄色', 'Yellow'],
  orange: ['橙色', 'Orange'],
  red: ['红色', 'Red'],
  agoShort: ['前', ''],
  ageHint: ['距周期结束', 'since the period ended'],
  startingUp: ['系统启动中', 'Starting up'],
  starting: ['启动中', 'starting'],
  stopped: ['已停止', 'stopped'],
  failed: ['失败', 'failed'],
  domains: ['领域态势', 'Domains'],
  stalled: ['数据停滞，最后更新', 'No data arrives; last update'],
  episodes: ['告警记录', 'Alerts in this range'],
  none: ['无', 'none'],
  newestValue: ['最新值', 'Newest value'],
  startingHint: ['页面先于服务器就绪，完成后自动进入大屏', 'The page is up before the servers; the wall opens by itself'],
  loading: ['装载历史数据', 'Loading history'],
  waiting: ['等待', 'waiting'],
  ready: ['就绪', 'ready'],
  unreachable: ['服务器无响应，正在重试', 'The server does not answer; trying again'],
  history: ['历史', 'History'],
  value: ['数值', 'Value'],
  band: ['预期区间', 'Expected band'],
  anomaly: ['异常', 'Anomaly'],
  back: ['返回 Esc', 'Back Esc'],
  caliber: ['统计口径', 'Caliber'],
  thresholds: ['分级阈值', 'Thresholds'],
  definition: ['定义', 'Definition'],
  grain: ['周期', 'Period'],
  direction: ['方向', 'Direction'],
  lower_better: ['越低越好', 'Lower is better'],
  higher_better: ['越高越好', 'Higher is better'],
  target_range: ['区间最佳', 'Within a range'],
  neutral: ['中性', 'Neutral'],
  noData: ['此时段无数据', 'No data in this range'],
  trustRow: ['可信度', 'Trust'],
  day: ['1 天', '1 day'],
  week: ['7 天', '7 days'],
  month: ['28 天', '28 days'],
  login: ['登录', 'Log in'],
  token: ['访问令牌', 'Access token'],
  loginHint: ['令牌由管理员发放；演示模式在终端打印登录地址', 'An administrator issues tokens; the demo prints a log-in address'],
  wrongToken: ['令牌无效', 'This token is not valid'],
  run: ['运行 Ctrl+Enter', 'Run Ctrl+Enter'],
  stop: ['取消', 'Cancel'],
  csv: ['下载 CSV', 'Download CSV'],
  catalog: ['目录', 'Catalogue'],
  filter: ['筛选表与列…', 'Filter tables and columns…'],
  examples: ['示例', 'Examples'],
  rows: ['行', 'rows'],
  distinct: ['个不同值', 'different values'],
  shown: ['显示前', 'showing the first'],
  running: ['运行中…', 'Running…'],
  cancelled: ['已取消', 'Cancelled'],
  newest: ['各指标最新值', 'Newest values'],
  observations: ['最近观测', 'Recent observations'],
  perDay: ['按日统计', 'Per day'],
  user: ['用户', 'User'],
  safety: ['公共安全', 'Public safety'],
  traffic: ['交通', 'Traffic'],
  utilities: ['市政公用', 'Utilities'],
  environment: ['生态环境', 'Environment'],
  health: ['卫生健康', 'Health'],
  emergency: ['应急', 'Emergency'],
  hotline: ['民生诉求', 'Hotline'],
  economy: ['经济与市场', 'Economy'],
  housing: ['住房', 'Housing'],
  urban: ['城市管理', 'Urban management'],
  weather: ['气象', 'Weather'],
  government: ['政务与治理', 'Government'],
  city: ['城市指数', 'City index'],
};

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

export function number(value, decimals = 0) {
  if (value === null || value === undefined) return '–';
  const name = `number${decimals}`;
  if (!formats.has(name)) {
    formats.set(name, new Intl.NumberFormat('en-US', {minimumFractionDigits: decimals, maximumFractionDigits: decimals}));
  }
  return formats.get(name).format(value);
}
