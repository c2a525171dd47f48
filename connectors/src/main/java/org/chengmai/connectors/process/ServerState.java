package org.chengmai.connectors.process;

/** Where a server that we start stands; what people read of it is chosen by this value. */
public enum ServerState {
  /** Not started yet. */
  IDLE,
  /** Its binaries are being unpacked (first start only). */
  UNPACKING,
  /** Its data folder is being made (first start only). */
  INITIALIZING,
  /** The process runs; its health gate does not answer yet. */
  STARTING,
  /** The health gate answered. */
  READY,
  /** The process runs, but its health gate stopped answering. */
  UNRESPONSIVE,
  /** The process died by itself and is started again after a pause. */
  RESTARTING,
  STOPPING,
  STOPPED,
  /** It never became ready, or cannot be started here; the event's detail says why. */
  FAILED
}
