// The connection to /live: hello, replay, reset, reconnect. Falls back to server-sent events where a proxy
// lets no websocket through. An event is handed on once and in order, or the connection starts anew.

const QUIET_MILLIS = 5_000;
const DEAD_MILLIS = 12_000;
const ACK_MILLIS = 1_000;
const ACK_EVENTS = 64;

export class Live {
  /** handlers: {welcome, reset, alert, points, clock, state}; state is 'live', 'quiet' or 'down' */
  constructor(handlers) {
    this.handlers = handlers;
    this.epoch = null;
    this.seq = null;
    this.acked = 0;
    this.attempt = 0;
    this.failedSockets = 0;
    this.lastFrame = 0;
    this.state = null;
    setInterval(() => this.watch(), ACK_MILLIS);
  }

  open() {
    clearTimeout(this.timer);
    this.timer = null;
    if (this.failedSockets >= 3 && this.failedSockets % 2 === 1) this.openStream();
    else this.openSocket();
  }

  openSocket() {
    const socket = new WebSocket(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/live`);
    const connection = {close: () => socket.close(), send: (message) => socket.send(JSON.stringify(message))};
    this.connection = connection;
    this.lastFrame = performance.now();
    let greeted = false;
    socket.onopen = () => {
      connection.send({type: 'hello', ...(this.epoch ? {epoch: this.epoch, seq: this.seq} : {})});
    };
    socket.onmessage = (event) => {
      if (!greeted) {
        greeted = true;
        this.failedSockets = 0;
      }
      this.receive(connection, event.data);
    };
    socket.onclose = () => {
      if (!greeted) this.failedSockets++;
      this.lost(connection);
    };
  }

  openStream() {
    const place = this.epoch ? `?lastEventId=${encodeURIComponent(`${this.epoch}:${this.seq}`)}` : '';
    const stream = new EventSource(`/api/v1/events${place}`);
    const connection = {close: () => stream.close(), send: () => {}};
    this.connection = connection;
    this.lastFrame = performance.now();
    stream.onmessage = (event) => this.receive(connection, event.data);
    // We reconnect ourselves, so that the next attempt may be a websocket again.
    stream.onerror = () => {
      stream.close();
      this.failedSockets++;
      this.lost(connection);
    };
  }

  receive(connection, text) {
    if (connection !== this.connection) return;
    const message = JSON.parse(text);
    this.lastFrame = performance.now();
    this.attempt = 0;
    this.setState('live');
    switch (message.type) {
      case 'reset':
        this.epoch = message.epoch;
        this.seq = this.acked = message.seq;
        break;
      case 'alert':
        if (message.epoch === this.epoch && message.seq <= this.seq) return;
        if (message.epoch !== this.epoch || message.seq !== this.seq + 1) {
          this.lost(connection);
          return;
        }
        this.seq = message.seq;
        if (this.seq - this.acked >= ACK_EVENTS) this.acknowledge();
        break;
      default:
    }
    this.handlers[message.type]?.(message);
  }

  acknowledge() {
    if (this.seq === null || this.seq <= this.acked || this.state === 'down') return;
    try {
      this.connection.send({type: 'ack', seq: this.seq});
      this.acked = this.seq;
    } catch {
      // Still connecting: the hello will say where we are.
    }
  }

  lost(connection) {
    if (connection !== this.connection) return;
    this.connection = null;
    connection.close();
    this.setState('down');
    const wait = Math.min(10_000, 400 * 2 ** this.attempt++) * (0.7 + 0.6 * Math.random());
    this.timer = setTimeout(() => this.open(), wait);
  }

  watch() {
    const quiet = performance.now() - this.lastFrame;
    if (!this.connection) return;
    this.acknowledge();
    if (quiet > DEAD_MILLIS) this.lost(this.connection);
    else if (quiet > QUIET_MILLIS && this.state === 'live') this.setState('quiet');
  }

  setState(state) {
    if (state !== this.state) {
      this.state = state;
      this.handlers.state?.(state);
    }
  }
}
