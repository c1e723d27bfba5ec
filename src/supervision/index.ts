export { assignCameras, workerCount } from './assign-cameras.ts'
export { findWorkers } from './find-workers.ts'
export { detachedLauncher } from './launcher.ts'
/** @public */
export type { LiveSessions, MediaPlane } from './media-plane.ts'
export { rotateLog } from './rotate-log.ts'
export type { SlotView, WorkerOrder } from './slot-view.ts'
export { WorkerSupervisor } from './supervisor.ts'
export { type ServiceNotifier, systemdNotifier } from './systemd-notify.ts'
