// Puts what arrives live into the state.

import {Live} from './live.js';
import {addAlert, addPoint, changed, resetAlerts, setClock, state} from './state.js';

/** @param raised told of each alert that is new or got worse; welcomed when a connection begins */
export function connect({raised = () => {}, welcomed = () => {}} = {}) {
  return new Live({
    welcome: ({user, role}) => {
      state.user = user;
      state.role = role;
      welcomed();
      changed();
    },
    reset: ({alerts: open}) => resetAlerts(open),
    alert: ({event}) => {
      if (addAlert(event.alert)) raised(event.alert);
    },
    points: ({points}) => points.forEach(addPoint),
    clock: ({now, speed, progress}) => setClock(now, speed, progress),
    state: (connection) => {
      state.connection = connection;
      changed();
    },
  });
}
